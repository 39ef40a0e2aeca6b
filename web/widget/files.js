// Files of the conversation. A browser gets them with the person's own proof, as
// data: they have no address that somebody else could open.

import { sizeOf } from './attachments.js';
import { el, icon } from './dom.js';

export class Files {
  /**
   * @param {import('./requests.js').Requests} requests
   * @param {() => import('./texts.js').Texts} texts
   */
  constructor(requests, texts) {
    this.requests = requests;
    this.texts = texts;
    /** @type {Map<string, Promise<string>>} */
    this.urls = new Map();
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
        save(await this.url(file), file.name);
      } catch {
        told.textContent = this.texts().errors.unknown_file;
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
    image.src = await this.url(file).catch(() => '');
  }

  /** @param {import('./types').FileInfo} file */
  url(file) {
    const known = this.urls.get(file.id);
    if (known) return known;
    const url = this.requests.post('file', { file: file.id }).then((response) => response.blob()).then((blob) => URL.createObjectURL(blob));
    this.urls.set(file.id, url);
    url.catch(() => this.urls.delete(file.id));
    return url;
  }

  /** Nothing of it is shown any more. */
  forget() {
    for (const url of this.urls.values()) url.then(URL.revokeObjectURL, () => {});
    this.urls.clear();
  }
}

/** @param {string} url @param {string} name */
export function save(url, name) {
  el('a', { href: url, download: name }).click();
}
