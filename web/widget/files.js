// Files of the conversation. A browser gets them with the person's own proof, as
// data: they have no address that somebody else could open.

import { sizeOf } from './attachments.js';
import { el, icon } from './dom.js';
import { whyOf } from './requests.js';

export class Files {
  /**
   * @param {import('./requests.js').Requests} requests
   * @param {() => import('./texts.js').Texts} texts
   * @param {(blob: Blob, name: string) => void} save
   */
  constructor(requests, texts, save) {
    this.save = save;
    this.requests = requests;
    this.texts = texts;
    /** @type {Map<string, Promise<Blob>>} */
    this.blobs = new Map();
    /** @type {string[]} */
    this.urls = []; // of pictures that are shown
    /** @type {WeakMap<Element, import('./types').FileInfo>} */
    this.waiting = new WeakMap();
    this.near = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.picture(target);
    });
  }

  /** A file as a button that saves it. @param {import('./types').FileInfo} file */
  show(file) {
    const told = el('span', { class: 'told' });
    const size = sizeOf(file.size);
    const button = el('button', { type: 'button', class: 'file', 'aria-label': `${this.texts().download} ${file.name} ${size}` },
      icon('file', 28), el('span', { class: 'named' }, el('span', { class: 'name' }, file.name), ' ', el('small', {}, size), told));
    button.addEventListener('click', async () => {
      told.textContent = '';
      try {
        this.save(await this.blob(file), file.name);
      } catch (error) {
        told.textContent = whyOf(error, this.texts());
      }
    });
    if (file.type.startsWith('image/')) {
      this.waiting.set(button, file);
      this.near.observe(button);
    }
    return button;
  }

  /** @param {Element} button */
  async picture(button) {
    this.near.unobserve(button);
    const file = this.waiting.get(button);
    if (!file) return;
    const image = el('img', { alt: '', width: file.width, height: file.height });
    image.addEventListener('load', () => {
      button.classList.add('pictured');
      button.firstElementChild?.replaceWith(image);
    });
    const blob = await this.blob(file).catch(() => null);
    if (!blob) return;
    image.src = URL.createObjectURL(blob);
    this.urls.push(image.src);
  }

  /** @param {import('./types').FileInfo} file */
  blob(file) {
    const known = this.blobs.get(file.id);
    if (known) return known;
    const blob = this.requests.post('file', { file: file.id }).then((response) => response.blob());
    this.blobs.set(file.id, blob);
    blob.catch(() => this.blobs.delete(file.id));
    return blob;
  }

  /** Nothing of it is shown any more. */
  forget() {
    for (const url of this.urls) URL.revokeObjectURL(url);
    this.urls = [];
    this.blobs.clear();
  }
}
