// Messages that the server has not acknowledged yet. Each is stored under a key
// of its own, so that tabs do not overwrite each other's; sending one twice does
// no harm, because its ID stays the same.

import { load, save, remove, names } from './storage.js';

const ENTRY = 'out.';
const ANSWER_WITHIN = 20_000; // ms for an answer before the person is asked
const AUTOMATIC_TRIES = 5;
const SILENT_WAIT = 15; // s until another attempt, of which the person need not know

/** A new message ID; IDs sort by time. */
function newID() {
  const random = crypto.getRandomValues(new Uint8Array(8));
  const hex = Array.from(random, (b) => b.toString(16).padStart(2, '0')).join('');
  return `${Date.now().toString(36)}-${hex}`;
}

/** @typedef {import('./types').Message} Message */

export class Outbox {
  /**
   * @param {(frame: object) => boolean} transmit sends a frame, false while offline
   * @param {(message: Message) => void} changed is told of each new state
   */
  constructor(transmit, changed) {
    this.transmit = transmit;
    this.changed = changed;
    /** @type {Map<string, Message>} */
    this.messages = new Map();
    for (const name of names(ENTRY)) this.restore(name);
  }

  /** @param {string} name */
  restore(name) {
    try {
      const { frame } = JSON.parse(load(name) ?? '');
      this.track(frame);
    } catch {
      remove(name); // not ours, or half written
    }
  }

  /** @param {Message['frame']} frame */
  track(frame) {
    /** @type {Message} */
    const message = { frame, state: 'waiting', tries: 0, problem: null, timer: undefined };
    this.messages.set(frame.id, message);
    return message;
  }

  /** Adds a message and sends it as soon as there is a connection. @param {import('./types').Said} said */
  add(said) {
    const frame = { ...said, id: newID() };
    save(ENTRY + frame.id, JSON.stringify({ frame }));
    this.attempt(this.track(frame));
  }

  /** Sends everything that waits, in order: after a connection was made. */
  flush() {
    for (const message of this.messages.values()) {
      if (message.state === 'waiting') this.attempt(message);
    }
  }

  /** Someone else uses this device now: nothing of the one before is sent. */
  clear() {
    for (const id of [...this.messages.keys()]) this.settle(id);
  }

  /** Something is on its way to be answered. */
  get busy() {
    return [...this.messages.values()].some((m) => m.state === 'sending');
  }

  /** @param {Message} message */
  attempt(message) {
    clearTimeout(message.timer);
    const gone = this.transmit(message.frame);
    message.state = gone ? 'sending' : 'waiting';
    message.problem = null;
    if (gone) message.timer = setTimeout(() => this.fail(message), ANSWER_WITHIN);
    this.changed(message);
  }

  /** The person asks for another attempt. @param {string} id */
  retry(id) {
    const message = this.messages.get(id);
    if (!message) return;
    message.tries = 0;
    this.attempt(message);
  }

  /** The connection is gone: what was under way waits again. */
  disconnected() {
    for (const message of this.messages.values()) {
      if (message.state !== 'sending') continue;
      clearTimeout(message.timer);
      message.state = 'waiting';
      this.changed(message);
    }
  }

  /** No connection will come. */
  giveUp() {
    for (const message of this.messages.values()) if (message.state === 'waiting') this.fail(message);
  }

  /** The server keeps the message; it is shown here until its item comes. @param {string} id */
  acknowledged(id) {
    const message = this.messages.get(id);
    if (!message) return;
    clearTimeout(message.timer);
    remove(ENTRY + id);
    message.state = 'sent';
    this.changed(message);
  }

  /** The message is in the log, or the person gave it up. @param {string} [id] */
  settle(id) {
    const message = this.messages.get(id ?? '');
    if (!message || id === undefined) return;
    clearTimeout(message.timer);
    this.messages.delete(id);
    remove(ENTRY + id);
    message.state = 'settled';
    this.changed(message);
  }

  /** The server refused the message, for now if it says when to try again. @param {import('./types').Refusal} error */
  refused(error) {
    const message = this.messages.get(error.id ?? '');
    if (!message) return;
    message.tries++;
    if (!error.retry_after || error.retry_after > SILENT_WAIT || message.tries > AUTOMATIC_TRIES) {
      this.fail(message, error);
      return;
    }
    clearTimeout(message.timer);
    message.timer = setTimeout(() => this.attempt(message), error.retry_after * 1000);
  }

  /** @param {Message} message @param {import('./types').Refusal | null} [error] */
  fail(message, error = null) {
    clearTimeout(message.timer);
    message.state = 'failed';
    message.problem = error;
    this.changed(message);
  }
}
