// The input: grows with its text, sends on Enter, keeps its draft.

import { load, save, remove } from './storage.js';

const DRAFT = 'draft';
const COUNT_FROM = 0.9; // of the limit: where the counter appears
const KEY_OF_INPUT_METHOD = 229;

export class Composer {
  /**
   * @param {import('./layout.js').Layout} layout
   * @param {() => import('./texts.js').Texts} texts the interface's words now
   * @param {(text: string, files: string[]) => void} submit takes what is to be sent
   */
  constructor(layout, texts, submit) {
    /** @type {import('./attachments.js').Attachments | null} */
    this.files = null; // what is sent along
    this.texts = texts;
    this.submit = submit;
    this.maxChars = 30_000;
    this.length = 0;
    this.input = layout.input;
    this.button = layout.send;
    this.count = layout.count;
    this.input.value = load(DRAFT) ?? '';
    this.input.addEventListener('input', () => this.changed());
    this.input.addEventListener('keydown', (event) => this.key(event));
    layout.form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.send();
    });
    this.changed();
  }

  /**
   * Enter sends, Shift+Enter breaks the line. While an input method composes,
   * Enter belongs to it: it takes the characters offered. Safari ends composing
   * before it reports the key, but reports it with the input method's code.
   * @param {KeyboardEvent} event
   */
  key(event) {
    if (event.key !== 'Enter' || event.shiftKey) return;
    if (event.isComposing || event.keyCode === KEY_OF_INPUT_METHOD) return;
    event.preventDefault();
    this.send();
  }

  async send() {
    if (!this.sendable()) return;
    const files = this.files?.size ? await this.files.upload() : [];
    if (!files) return; // one is missing: the text waits for it
    const text = this.input.value;
    this.set('');
    this.submit(text.trim(), files);
    this.input.focus();
  }

  sendable() {
    return (this.input.value.trim() !== '' || Boolean(this.files?.size)) && this.length <= this.maxChars && !this.files?.busy;
  }

  /** Suggests a text, unless the person is writing one. @param {string} text */
  suggest(text) {
    if (!this.input.value) this.set(text);
  }

  /** Puts a text into the input, in front of what is there. @param {string} text */
  giveBack(text) {
    this.set(this.input.value ? `${text}\n${this.input.value}` : text);
    this.input.focus();
  }

  /** @param {string} text */
  set(text) {
    this.input.value = text;
    this.changed();
  }

  changed() {
    const text = this.input.value;
    // A string has at most as many characters as UTF-16 units: count only long ones.
    this.length = text.length > this.maxChars * COUNT_FROM ? [...text].length : text.length;
    if (text) save(DRAFT, text);
    else remove(DRAFT);
    this.grow();
    this.show();
  }

  show() {
    const over = this.length > this.maxChars;
    const t = this.texts();
    this.count.textContent = this.length <= this.maxChars * COUNT_FROM ? ''
      : t.counter(this.length, this.maxChars) + (over ? ` · ${t.tooLong(this.maxChars)}` : '');
    this.count.classList.toggle('over', over);
    this.input.setAttribute('aria-invalid', String(over));
    this.button.disabled = !this.sendable();
  }

  grow() {
    const style = this.input.style;
    style.height = 'auto';
    // CSS sets the least and the greatest height; 2 px of border. Hidden, it has none.
    if (this.input.scrollHeight) style.height = `${this.input.scrollHeight + 2}px`;
  }
}
