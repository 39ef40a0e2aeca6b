// The connection: says hello, comes back after every break, resumes from the last
// item seen, brings new tokens, and takes the other way when sockets are blocked.

import { Refused, UNREACHED } from './requests.js';
import { openSocket, openStream } from './transport.js';

const FIRST_WAIT = 500; // ms, doubled with each failure
const LONGEST_WAIT = 30_000; // ms
const STABLE = 30_000; // ms of connection after which a break counts as the first
const HELLO_WITHIN = 15_000; // ms for the server's first word
const BLOCKED_AFTER = 2; // sockets in a row that did not open
const REFUSALS = 3; // in a row, after which the person has to act

const CLOSE_BAD_HELLO = 4400;
const CLOSE_FLOOD = 4429;
const UNPROVED = [4401, 'bad_secret', 'bad_token', 'token_expired'];

/**
 * What ends the attempts, by the code of a close or of a refusal.
 * @type {Record<string | number, string>}
 */
const ENDS = {
  bad_origin: 'notHere',
  sign_in: 'signIn',
  4403: 'signIn',
  4409: 'replaced', // another tab took over: fighting back would never end
};

export class Connection {
  /**
   * @param {string} base
   * @param {import('./identity.js').Identity} identity
   * @param {{state(name: string): void, frame(frame: import('./types').Frame): void, live(): void, about(): object}} on
   */
  constructor(base, identity, on) {
    this.base = base;
    this.identity = identity;
    this.on = on;
    /** @type {import('./types').Transport | null} */
    this.transport = null;
    this.live = false;
    this.failures = 0;
    this.unopened = 0; // sockets in a row that did not open
    this.streaming = false; // sockets seem blocked
    this.streams = false; // a stream has worked where sockets did not
    this.refusals = 0;
    /** @type {import('./types').Refusal | null} */
    this.refusal = null; // what the server said instead of a welcome
    this.busy = false; // it asks to come back later
    this.silence = HELLO_WITHIN;
    this.heardAt = 0;
    this.hint = 0; // ms the server asked us to wait
    this.starting = false;
    this.ended = false;
    this.stopped = false; // the person has to act
    this.wanted = false; // somebody wants to talk
    this.account = false; // the server knows us by a token
    this.doubted = false; // the network went away under a connection
    /** @type {Record<string, ReturnType<typeof setTimeout> | undefined>} */
    this.timers = {};
    this.listening = new AbortController();
    this.listen();
  }

  listen() {
    const { signal } = this.listening;
    const back = () => { if (this.wanted && !this.stopped) this.hurry(); };
    window.addEventListener('pageshow', back, { signal });
    window.addEventListener('online', back, { signal });
    window.addEventListener('offline', () => {
      this.doubted = this.live;
      if (this.transport) this.on.state('offline');
    }, { signal });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') back();
    }, { signal });
  }

  /** Ends for good. */
  end() {
    this.ended = true;
    this.listening.abort();
    this.leave();
  }

  /** Ends until the next hurry. */
  leave() {
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    const { transport } = this;
    this.transport = null;
    this.live = false;
    this.failures = 0;
    transport?.close();
  }

  /** Connects now, unless a connection lives or is being made. */
  hurry() {
    this.wanted = true;
    const silent = this.live && Date.now() - this.heardAt > this.silence;
    if (silent || (this.doubted && navigator.onLine)) this.drop();
    if (this.transport || this.starting || this.ended) return;
    clearTimeout(this.timers.wait);
    this.start();
  }

  async start() {
    this.starting = true;
    this.stopped = false;
    this.on.state(this.busy ? 'busy' : 'connecting');
    try {
      const proof = await this.identity.prove();
      if (!this.ended) this.open({ kind: 'hello', ...proof, ...this.on.about() });
    } catch (error) {
      this.busy = false;
      if (error instanceof Refused) {
        this.refusal = error.refusal;
        this.on.frame(error.refusal);
      }
      this.closed(0);
    } finally {
      this.starting = false;
    }
  }

  /** @param {object} hello */
  open(hello) {
    let opened = false;
    this.account = this.identity.signedIn;
    this.silence = HELLO_WITHIN;
    const socket = !this.streaming;
    const way = socket ? openSocket : openStream;
    const transport = way(this.base, hello, {
      opened: () => { opened = true; },
      frame: (frame) => { if (transport === this.transport) this.receive(frame); },
      closed: (code) => {
        if (transport !== this.transport) return;
        this.learn(socket, opened);
        this.closed(code);
      },
    });
    this.transport = transport;
    this.heard();
  }

  /** Decides which way to try next. @param {boolean} socket @param {boolean} opened */
  learn(socket, opened) {
    if (opened || !socket) this.busy = false; // a socket that does not open says nothing
    if (opened) {
      this.unopened = 0;
      this.streams ||= !socket;
    } else if (!socket) {
      this.streaming = this.streams; // if it never worked, the network or the server is away
      this.unopened = 0;
    } else if (++this.unopened >= BLOCKED_AFTER) {
      this.streaming = true;
    }
  }

  heard() {
    this.heardAt = Date.now();
    clearTimeout(this.timers.watch);
    this.timers.watch = setTimeout(() => this.drop(), this.silence);
    if (this.doubted) this.online(); // browsers are wrong about the network now and then
  }

  online() {
    this.doubted = false;
    this.on.state('online');
    this.on.live();
  }

  /** @param {import('./types').Frame} frame */
  receive(frame) {
    this.heard();
    if (frame.kind === 'welcome') {
      this.silence = frame.beat * 2500;
      this.refusals = 0;
      this.renewIn(frame.renew);
    }
    if (frame.kind === 'status') this.status(frame);
    if (frame.kind === 'error' && !this.live) this.refusal = frame;
    this.on.frame(frame);
  }

  /** @param {import('./types').Status} frame */
  status(frame) {
    if (frame.state === 'leaving') this.hint = (frame.retry_after || 1) * 1000;
    if (frame.state === 'renewed') this.renewIn(frame.renew);
    if (frame.state !== 'live') return;
    this.live = true;
    this.timers.stable = setTimeout(() => { this.failures = 0; }, STABLE);
    this.online();
  }

  /** @param {number} [seconds] */
  renewIn(seconds) {
    clearTimeout(this.timers.renew);
    if (seconds) this.timers.renew = setTimeout(() => this.renew(), seconds * 1000);
  }

  /** Asks for a new token before the old one ends; if none comes, the server will ask. */
  async renew() {
    this.identity.stale = true;
    if (!this.identity.getToken) {
      this.identity.ask('token');
      return;
    }
    try {
      await this.identity.fresh();
      this.renewed();
    } catch {
      this.identity.stale = true;
    }
  }

  /** The host brought a token: the person signed in, or the one before ends soon. */
  renewed() {
    if (!this.wanted) return;
    if (this.live && this.account && !this.streaming) {
      this.transport?.send({ kind: 'token', token: this.identity.token });
      return;
    }
    this.leave(); // a hello proves who it is from
    this.hurry();
  }

  /** Sends a frame; false if there is no connection to send it by. @param {object} frame */
  send(frame) {
    return this.live && Boolean(this.transport?.send(frame));
  }

  /** Tells the server what the host page says now. A stream's requests tell it with the next hello. @param {object} context */
  tell(context) {
    if (!this.live) return;
    if (this.streaming) this.drop();
    else this.transport?.send({ kind: 'context', context });
  }

  /** Gives up a connection that has gone silent, without waiting for its end. */
  drop() {
    const { transport } = this;
    if (!transport) return;
    this.closed(0);
    transport.close();
  }

  /** @param {number} code */
  closed(code) {
    this.transport = null;
    this.live = false;
    this.doubted = false;
    clearTimeout(this.timers.watch);
    clearTimeout(this.timers.stable);
    clearTimeout(this.timers.renew);
    this.after(this.refusal?.code ?? code, this.refusal?.retry_after ?? 0);
    this.refusal = null;
  }

  /**
   * Decides how to go on after a connection. A refusal that names no time stays one.
   * @param {string | number} reason a close's code, or a refusal's @param {number} wait seconds
   */
  after(reason, wait) {
    const unproved = UNPROVED.includes(reason);
    if (unproved) this.identity.refused();
    if ((unproved || reason === CLOSE_BAD_HELLO) && ++this.refusals < REFUSALS) this.again();
    else if (unproved) this.stop('refused');
    else if (reason in ENDS) this.stop(ENDS[reason]);
    else if (reason === CLOSE_BAD_HELLO || (typeof reason === 'string' && reason !== UNREACHED.code && !wait)) this.stop('outdated');
    else {
      this.busy ||= wait > 0;
      this.hint = reason === CLOSE_FLOOD ? LONGEST_WAIT : wait * 1000 || this.hint;
      this.again();
    }
  }

  /** Waits for the person to act. @param {string} state */
  stop(state) {
    this.failures = 0;
    this.refusals = 0;
    this.stopped = true;
    if (state === 'notHere') console.error(`verihelp: pages of ${location.origin} may not use the chat of ${this.base}; add the origin to BOT_ORIGINS there`);
    this.on.state(state === 'signIn' && this.identity.stale ? 'refused' : state);
  }

  /** Waits a random part of a growing time, so that many do not come at once. */
  again() {
    if (this.ended) return;
    this.on.state(this.busy ? 'busy' : 'offline');
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures++);
    const delay = this.hint * (1 + Math.random()) + Math.random() * longest;
    this.hint = 0;
    clearTimeout(this.timers.wait);
    this.timers.wait = setTimeout(() => this.start(), delay);
  }
}
