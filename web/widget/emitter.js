// Events for the host page: names and functions, nothing of the page's DOM.

export class Emitter {
  constructor() {
    /** @type {Map<string, Set<Function>>} */
    this.listeners = new Map();
  }

  /** @param {string} name @param {Function} listener */
  on(name, listener) {
    if (typeof listener !== 'function') return;
    if (!this.listeners.has(name)) this.listeners.set(name, new Set());
    this.listeners.get(name)?.add(listener);
  }

  /** Without a listener, all of the name go. @param {string} name @param {Function} [listener] */
  off(name, listener) {
    if (listener) this.listeners.get(name)?.delete(listener);
    else this.listeners.delete(name);
  }

  /** A listener that throws harms neither the others nor the chat. @param {string} name @param {any} [detail] */
  emit(name, detail) {
    for (const listener of [...(this.listeners.get(name) ?? [])]) {
      try {
        listener(detail);
      } catch (error) {
        console.error('verihelp: a listener failed', error);
      }
    }
  }
}
