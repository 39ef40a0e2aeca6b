// What a host page loads: `verihelp(command, …)`. Commands given before this file
// arrived wait in the stub's queue. No command throws: a chat that fails must not
// take the page with it.

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
function verihelp(name, ...args) {
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

function install() {
  customElements.define(TAG, VerihelpChat);
  const waiting = window.verihelp?.q ?? [];
  window.verihelp = verihelp;
  const booted = [...waiting].some((command) => command[0] === 'boot');
  if (window.verihelpSettings && !booted) verihelp('boot', window.verihelpSettings);
  for (const [name, ...args] of [...waiting].map((command) => /** @type {[string, ...any[]]} */ (Array.from(command)))) verihelp(name, ...args);
}

if (!customElements.get(TAG)) {
  if (document.body) install();
  else document.addEventListener('DOMContentLoaded', install);
}
