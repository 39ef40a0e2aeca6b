// The commands of a host: `verihelp(command, …)`. None throws: a chat that fails
// must not take the page with it.

import { VerihelpChat } from './element.js';
import { Emitter } from './emitter.js';
import { forget } from './storage.js';

const TAG = 'verihelp-chat';
const BASE = new URL('.', import.meta.url).href;

const events = new Emitter();
/** @type {VerihelpChat | null} */
let element = null;
/** @type {(value: void) => void} */
let becomeReady = () => {};
let ready = new Promise((resolve) => { becomeReady = resolve; });

/** @type {Record<string, (...args: any[]) => any>} */
const commands = {
  boot(settings = {}) {
    if (element) {
      element.update(settings);
      return;
    }
    element = /** @type {VerihelpChat} */ (document.createElement(TAG));
    document.body.append(element);
    element.start({ base: BASE, settings: { ...settings }, events });
    becomeReady();
    events.emit('ready');
  },
  update: (settings = {}) => element?.update(settings),
  open: (byPerson = false) => element?.open(Boolean(byPerson)),
  close: () => element?.close(),
  toggle: () => element?.toggle(),
  show: () => element?.update({ launcher: true }),
  hide() {
    element?.close();
    element?.update({ launcher: false });
  },
  prefill: (text) => element?.update({ text: String(text) }),
  context: (context) => element?.update({ context }),
  token: (token) => element?.update({ token }),
  unread: () => element?.told ?? 0,
  ready: () => ready,
  on: (name, listener) => events.on(name, listener),
  off: (name, listener) => events.off(name, listener),
  logout() {
    const settings = { ...element?.settings, token: undefined, getToken: undefined, text: undefined };
    const was = element !== null;
    commands.destroy();
    forget();
    if (was) commands.boot(settings);
  },
  destroy() {
    element?.end();
    element = null;
    ready = new Promise((resolve) => { becomeReady = resolve; });
  },
};

/** @param {string} name @param {...any} args */
export function verihelp(name, ...args) {
  const command = Object.hasOwn(commands, name) ? commands[name] : null;
  if (!command) {
    console.warn(`verihelp: there is no command ${JSON.stringify(name)}`);
    return undefined;
  }
  try {
    return command(...args);
  } catch (error) {
    console.error(`verihelp: ${name} failed`, error);
    return undefined;
  }
}

/**
 * Takes the place of the stub, and does what was asked of it. A second time does
 * nothing: another copy of this file may be loaded.
 * @param {() => void} [first] what to do before
 */
export function install(first) {
  if (customElements.get(TAG)) return;
  customElements.define(TAG, VerihelpChat);
  const waiting = [...window.verihelp?.q ?? []].map((command) => /** @type {[string, ...any[]]} */ (Array.from(command)));
  window.verihelp = verihelp;
  if (!waiting.some(([name]) => name === 'boot')) first?.();
  for (const [name, ...args] of waiting) verihelp(name, ...args);
}
