// Files on their way to staff: chosen, pasted or dropped, shown before they are
// sent, with progress, cancel and retry. The server decides what is taken.

import { el, icon } from './dom.js';
import { Refused, whyOf } from './requests.js';

const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'];
const MOST = 5; // files of one message
const TRIES = 4; // of one upload, while the server asks to come back

/**
 * @typedef {object} Entry
 * @property {File} file
 * @property {string | null} id once the server has it; empty if it refused to keep it
 * @property {string} problem
 * @property {AbortController} ending
 * @property {HTMLElement} line
 * @property {HTMLProgressElement} bar
 * @property {HTMLElement} told
 * @property {string} url
 */

export class Attachments {
  /**
   * @param {import('./layout.js').Layout} layout
   * @param {() => import('./texts.js').Texts} texts
   * @param {{requests: import('./requests.js').Requests, taken(): boolean, changed(): void}} on
   */
  constructor(layout, texts, on) {
    this.texts = texts;
    this.on = on;
    this.layout = layout;
    this.maxBytes = 8 * 1024 * 1024;
    /** @type {Entry[]} */
    this.entries = [];
    this.busy = false;
    const { attach, picker, root, input } = layout;
    attach.addEventListener('click', () => { if (this.allowed()) picker.click(); });
    picker.addEventListener('change', () => {
      this.add(picker.files);
      picker.value = '';
    });
    input.addEventListener('paste', (event) => this.given(event, event.clipboardData));
    root.addEventListener('dragover', (event) => { if (event.dataTransfer?.types.includes('Files')) event.preventDefault(); });
    root.addEventListener('drop', (event) => this.given(event, event.dataTransfer));
  }

  get size() {
    return this.entries.length;
  }

  /** Without somebody who could look at a file, says so. */
  allowed() {
    const taken = this.on.taken();
    this.note(taken ? '' : this.texts().filesLater);
    return taken;
  }

  /** @param {Event} event @param {DataTransfer | null} data */
  given(event, data) {
    if (!data?.files.length) return;
    event.preventDefault();
    if (this.allowed()) this.add(data.files);
  }

  /** @param {FileList | null} files */
  add(files) {
    const t = this.texts();
    for (const file of files ?? []) {
      if (this.size >= MOST) this.note(t.filesMost(MOST));
      else if (!TYPES.includes(file.type)) this.note(t.errors.file_type);
      else if (file.size > this.maxBytes) this.note(t.errors.file_too_big);
      else this.enter(file);
    }
    this.show();
  }

  /** @param {File} file */
  enter(file) {
    const url = URL.createObjectURL(file);
    const bar = el('progress', { max: 1, value: 0, hidden: true, 'aria-label': file.name });
    const told = el('span', { class: 'told', role: 'status' });
    const line = el('li', {});
    /** @type {Entry} */
    const entry = { file, id: null, problem: '', ending: new AbortController(), line, bar, told, url };
    line.append(file.type.startsWith('image/') ? picture(url) : icon('file', 28),
      el('span', { class: 'named' }, el('span', { class: 'name' }, file.name), ' ', el('small', {}, sizeOf(file.size)), bar, told),
      el('button', { type: 'button', class: 'drop', 'aria-label': this.texts().fileRemove(file.name), click: () => this.remove(entry) }, icon('close', 18)));
    this.entries.push(entry);
  }

  /** @param {Entry} entry */
  remove(entry) {
    this.end(entry);
    this.entries = this.entries.filter((each) => each !== entry);
    this.show();
    this.layout.input.focus();
  }

  /** @param {Entry} entry */
  end(entry) {
    entry.ending.abort();
    URL.revokeObjectURL(entry.url);
  }

  clear() {
    for (const entry of this.entries) this.end(entry);
    this.entries = [];
    this.show();
  }

  /** @param {string} text */
  note(text) {
    this.layout.fileNote.textContent = text;
  }

  show() {
    const { tray, list } = this.layout;
    tray.hidden = this.size === 0;
    list.replaceChildren(...this.entries.map((entry) => entry.line));
    this.on.changed();
  }

  /** Uploads what is chosen, one after the other. The IDs, or null if one is missing. */
  async upload() {
    this.busy = true;
    this.note('');
    this.on.changed();
    for (const entry of [...this.entries]) if (entry.id === null) await this.carry(entry);
    this.busy = false;
    const ids = this.entries.map((entry) => entry.id);
    const all = ids.length > 0 && ids.every((id) => id !== null);
    if (all) this.clear();
    this.on.changed();
    return all ? /** @type {string[]} */ (ids) : null;
  }

  /** @param {Entry} entry @param {number} [tries] @returns {Promise<void>} */
  async carry(entry, tries = TRIES) {
    const { bar, told, ending: { signal } } = entry;
    bar.hidden = false;
    told.textContent = '';
    try {
      const kept = await this.on.requests.upload(entry.file, (part) => { bar.value = part; }, signal);
      entry.id = kept.id;
    } catch (error) {
      const { code = '', retry_after: wait = 0 } = error instanceof Refused ? error.refusal : {};
      if (signal.aborted) return;
      if (wait && tries > 1) {
        await new Promise((done) => { setTimeout(done, wait * 1000); });
        await this.carry(entry, tries - 1);
        return;
      }
      bar.hidden = true;
      if (code === 'file_refused') entry.id = ''; // the bot says why
      else told.textContent = whyOf(error, this.texts());
    }
  }
}

/** @param {string} url */
function picture(url) {
  const image = el('img', { src: url, alt: '' });
  image.addEventListener('error', () => image.replaceWith(icon('file', 28)));
  return image;
}

/** @param {number} bytes */
export function sizeOf(bytes) {
  if (bytes < 1024 * 1024) return `${Math.max(1, Math.round(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
