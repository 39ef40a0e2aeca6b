// What is needed rarely: the conversation to keep, another way to go on, the end.

import { el, icon } from './dom.js';
import { whyOf } from './requests.js';

export class Menu {
  /**
   * @param {import('./layout.js').Layout} layout
   * @param {() => import('./texts.js').Texts} texts
   * @param {{requests: import('./requests.js').Requests, save(blob: Blob, name: string): void, forgotten(): void}} on
   */
  constructor(layout, texts, on) {
    this.layout = layout;
    this.texts = texts;
    this.on = on;
    this.can = { forget: false, link: false };
    const { more, menu, root } = layout;
    more.addEventListener('click', () => this.toggle(menu.hidden));
    root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || menu.hidden) return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    });
    root.addEventListener('click', (event) => {
      if (!event.composedPath().includes(menu) && !event.composedPath().includes(more)) this.toggle(false);
    });
  }

  /** @param {boolean} open */
  toggle(open) {
    const { more, menu } = this.layout;
    menu.hidden = !open;
    more.setAttribute('aria-expanded', String(open));
    this.alone(false);
    if (open) this.first();
  }

  /** Whether nothing else can be used: while the person decides. @param {boolean} alone */
  alone(alone) {
    for (const part of this.layout.root.children) if (!part.contains(this.layout.menu)) part.toggleAttribute('inert', alone);
  }

  close() {
    this.toggle(false);
    this.layout.more.focus();
  }

  /** @param {...(Node | string)} content */
  fill(...content) {
    const { menu } = this.layout;
    menu.replaceChildren(...content);
    const first = /** @type {HTMLElement | null} */ (menu.querySelector('button, a'));
    first?.focus();
  }

  /** @param {string} text @param {() => void} click @param {string} [look] */
  entry(text, click, look = '') {
    return el('button', { type: 'button', class: look, click }, text);
  }

  first() {
    const t = this.texts();
    const entries = [this.entry(t.keep, () => this.keep())];
    if (this.can.link) entries.push(this.entry(t.elsewhere, () => this.link()));
    if (this.can.forget) entries.push(this.entry(t.forget, () => this.confirm()));
    this.fill(...entries);
  }

  /** Says that something did not work, and stays. @param {unknown} error */
  failed(error) {
    this.fill(el('p', { role: 'alert' }, whyOf(error, this.texts())), this.entry(this.texts().back, () => this.first()));
  }

  async keep() {
    try {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const response = await this.on.requests.post('export', { zone });
      this.on.save(await response.blob(), `${this.texts().title}.txt`);
      this.close();
    } catch (error) {
      this.failed(error);
    }
  }

  /** A link is made when it is wanted, for it works once. */
  async link() {
    try {
      const { url } = await (await this.on.requests.post('link')).json();
      if (!String(url).startsWith('https://')) throw new Error('no link');
      this.fill(el('a', { href: url, target: '_blank', rel: 'noopener noreferrer', click: () => this.toggle(false) }, this.texts().elsewhereOpen, icon('next', 18)));
    } catch (error) {
      this.failed(error);
    }
  }

  confirm() {
    const t = this.texts();
    this.alone(true);
    this.fill(el('p', {}, t.forgetSure), this.entry(t.forgetNot, () => this.close()), this.entry(t.forgetDo, () => this.forget(), 'grave'));
  }

  async forget() {
    try {
      await this.on.requests.post('forget');
    } catch (error) {
      this.failed(error);
      return;
    }
    this.toggle(false);
    this.on.forgotten();
  }
}
