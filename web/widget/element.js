// The custom element: a launcher and a panel in someone's page, or a whole page.
// Its shadow root keeps the page's styles out and its own in.

import { Chat } from './chat.js';
import { el, icon } from './dom.js';
import { Identity } from './identity.js';
import { load, remove, save } from './storage.js';
import { sheets } from './styles.js';
import { accentOf } from './theme.js';

const SAVED_WITHIN = 60_000; // ms for a browser to take what it is to save
const SEEN = 'seen';
const PHONE = '(max-width: 520px), (max-height: 480px)';
const TOUCH = '(pointer: coarse)';
const DARK = '(prefers-color-scheme: dark)';

export class VerihelpChat extends HTMLElement {
  constructor() {
    super();
    this.root = this.attachShadow({ mode: 'open' });
    this.ending = new AbortController();
    this.opened = false;
    /** @type {number[]} */
    this.arrived = []; // sequence numbers of what others said
    this.told = 0; // the unread count that the host knows
  }

  /**
   * @param {object} o
   * @param {string} o.base
   * @param {import('./types').Settings} o.settings
   * @param {import('./emitter.js').Emitter} o.events
   */
  start({ base, settings, events }) {
    this.settings = settings;
    this.events = events;
    this.page = settings.mode === 'page';
    this.root.adoptedStyleSheets = sheets();
    this.identity = new Identity(base, (name) => events.emit(name));
    this.identity.update(settings);
    this.launcher = el('button', { class: 'launcher', type: 'button', 'aria-haspopup': 'dialog', 'aria-expanded': 'false', click: () => this.toggle(true) },
      icon('chat', 30), icon('close', 26));
    this.badge = el('span', { class: 'badge', 'aria-hidden': 'true', hidden: true });
    this.launcher.append(this.badge);
    this.news = el('div', { class: 'hidden', role: 'status' });
    this.chat = new Chat({ base, page: this.page, identity: this.identity, settings, visible: () => this.visible, save: (blob, name) => this.save(blob, name), emit: (name, detail) => this.heard(name, detail) });
    this.layout = this.chat.layout;
    this.layout.title.tabIndex = -1;
    this.panel = this.page ? this.layout.root : el('dialog', { class: 'panel', 'aria-labelledby': 'title' }, this.layout.root);
    this.root.append(...(this.page ? [this.panel] : [this.panel, this.launcher, this.news]));
    this.label();
    this.listen();
    this.apply();
    if (this.page) this.open(false);
    else if (this.chat.begun) this.chat.connection.hurry();
  }

  listen() {
    const { signal } = this.ending;
    this.layout?.close.addEventListener('click', () => this.close());
    this.panel?.addEventListener('keydown', (event) => this.key(/** @type {KeyboardEvent} */ (event)));
    this.panel?.addEventListener('cancel', (event) => { event.preventDefault(); this.close(); });
    this.root.addEventListener('click', (event) => this.link(event));
    window.addEventListener('storage', (event) => { if (event.key === 'verihelp.seen') this.count(); }, { signal });
    document.addEventListener('visibilitychange', () => this.see(), { signal });
    document.addEventListener('click', (event) => this.custom(event), { signal });
    window.matchMedia(DARK).addEventListener('change', () => this.apply(), { signal });
    window.matchMedia(PHONE).addEventListener('change', () => this.reopen(), { signal });
    for (const name of ['resize', 'scroll']) window.visualViewport?.addEventListener(name, () => this.fit(), { signal });
  }

  /** Takes settings of the host that may change at any time. @param {import('./types').Settings} settings */
  update(settings) {
    if (!this.chat || !this.settings || !this.identity) return;
    const { locale, context } = settings;
    for (const [name, value] of Object.entries(settings)) if (value !== undefined) Object.assign(this.settings, { [name]: value });
    if (locale) this.chat.setLocale();
    if (context) this.chat.connection.tell(this.chat.context);
    if (this.identity.update(settings)) this.chat.connection.renewed();
    this.apply();
  }

  /** Puts settings into looks. */
  apply() {
    const { theme = 'auto', accent, side = 'right', launcher = true, text, closable } = this.settings ?? {};
    const dark = theme === 'dark' || (theme === 'auto' && window.matchMedia(DARK).matches);
    this.dataset.theme = dark ? 'dark' : 'light';
    this.dataset.mode = this.page ? 'page' : 'floating';
    this.dataset.side = side === 'left' ? 'left' : 'right';
    for (const [name, value] of Object.entries(accentOf(accent, dark))) this.style.setProperty(name, value);
    if (this.launcher) this.launcher.hidden = launcher !== true;
    if (this.layout) this.layout.close.hidden = Boolean(this.page && !closable);
    if (text) this.chat?.composer.suggest(text);
    if (this.settings) this.settings.text = ''; // once
  }

  /** @param {string} name @param {any} detail */
  heard(name, detail) {
    switch (name) {
      case 'language': this.label(); break;
      case 'another':
        remove(SEEN);
        this.arrived = [];
        this.count();
        break;
      case 'arrived':
        this.arrived.push(detail.seq);
        this.see();
        if (detail.fresh) this.events?.emit('message', { from: detail.from });
        break;
      default: this.events?.emit(name, detail);
    }
  }

  label() {
    const t = this.chat?.texts;
    if (!t || !this.launcher) return;
    this.launcher.lang = t.lang;
    const n = this.told;
    this.launcher.setAttribute('aria-label', (this.opened ? t.close : t.launcher) + (n ? `， ${t.unread(n)}` : ''));
  }

  get visible() {
    return this.opened && document.visibilityState === 'visible';
  }

  /** What is on the screen was read. */
  see() {
    const last = this.arrived.at(-1) ?? 0;
    this.chat?.tellSeen();
    if (this.visible && last > Number(load(SEEN))) save(SEEN, String(last));
    this.count();
  }

  count() {
    const seen = Number(load(SEEN));
    const n = this.arrived.filter((seq) => seq > seen).length;
    if (n === this.told || !this.badge || !this.news) return;
    const more = n > this.told;
    this.told = n;
    this.badge.hidden = n === 0;
    this.badge.textContent = n > 99 ? '99+' : String(n);
    this.news.textContent = more && !this.opened ? this.chat?.texts.unread(n) ?? '' : '';
    this.label();
    this.events?.emit('unread', n);
  }

  /** @param {boolean} [byPerson] a tap or key, which may move the focus */
  toggle(byPerson = false) {
    if (this.opened && !this.page) this.close();
    else this.open(byPerson);
  }

  /** @param {boolean} [byPerson] */
  open(byPerson = false) {
    if (this.opened || !this.chat) return;
    this.opened = true;
    if (this.panel instanceof HTMLDialogElement) this.showPanel(this.panel, byPerson);
    this.launcher?.setAttribute('aria-expanded', 'true');
    this.fit();
    this.chat.shown();
    this.see();
    this.label();
    this.events?.emit('open');
  }

  /** On a phone the panel is the whole screen, and what is behind it must rest. @param {HTMLDialogElement} panel @param {boolean} byPerson */
  showPanel(panel, byPerson) {
    const phone = window.matchMedia(PHONE).matches;
    const before = document.activeElement;
    if (phone) panel.showModal();
    else panel.show();
    const touch = window.matchMedia(TOUCH).matches; // focusing the input would raise the keyboard
    if (byPerson || phone) (touch ? this.layout?.title : this.layout?.input)?.focus();
    else if (before instanceof HTMLElement) before.focus();
  }

  /** The screen was turned or resized. */
  reopen() {
    if (!this.opened || !(this.panel instanceof HTMLDialogElement)) return;
    const focused = /** @type {HTMLElement | null} */ (this.root.activeElement);
    this.panel.close();
    this.showPanel(this.panel, false);
    focused?.focus();
    this.fit();
  }

  close() {
    if (this.page) {
      this.events?.emit('close');
      return;
    }
    if (!this.opened) return;
    const inside = this.root.activeElement !== null;
    this.opened = false;
    if (this.panel instanceof HTMLDialogElement) this.panel.close();
    this.launcher?.setAttribute('aria-expanded', 'false');
    if (inside && !this.launcher?.hidden) this.launcher?.focus();
    else if (inside) this.opener?.focus();
    this.label();
    this.events?.emit('close');
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.key !== 'Escape' || event.isComposing || this.page) return;
    event.preventDefault();
    this.close();
  }

  /** A host that listens for links opens them itself, as apps must. @param {Event} event */
  link(event) {
    const target = /** @type {Element} */ (event.target);
    const anchor = target.closest?.('a');
    if (!anchor || !this.events?.listeners.get('link')?.size) return;
    event.preventDefault();
    this.events.emit('link', anchor.href);
  }

  /** A host that listens for files saves them itself, as apps must. @param {Blob} blob @param {string} name */
  save(blob, name) {
    if (this.events?.listeners.get('file')?.size) {
      const reader = new FileReader();
      reader.onload = () => this.events?.emit('file', { name, url: reader.result });
      reader.readAsDataURL(blob);
      return;
    }
    const url = URL.createObjectURL(blob);
    el('a', { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), SAVED_WITHIN);
  }

  /** The host's own launcher, if it has one: found when it is used, so it may come and go. @param {Event} event */
  custom(event) {
    const selector = this.settings?.launcher;
    if (typeof selector !== 'string' || !(event.target instanceof Element)) return;
    const launcher = event.target.closest(selector);
    if (!(launcher instanceof HTMLElement)) return;
    event.preventDefault();
    this.opener = launcher;
    this.toggle(true);
  }

  /** Keyboards on phones cover the end of what they do not resize. */
  fit() {
    const viewport = window.visualViewport;
    if (!viewport || viewport.scale > 1.01) return; // zoomed in to read: not a keyboard
    this.style.setProperty('--height', `${viewport.height}px`);
    this.style.setProperty('--top', `${viewport.offsetTop}px`);
    if (this.page) window.scrollTo(0, 0);
  }

  end() {
    this.ending.abort();
    this.chat?.end();
    this.remove();
  }
}
