// The socket: makes a session, says hello, comes back after every break and
// resumes from the last item seen.

import { load, save, remove } from './storage.js';

const SUBPROTOCOL = 'verihelp.v1';
const SECRET = 'secret';

const FIRST_WAIT = 500; // ms, doubled with each failure
const LONGEST_WAIT = 30_000; // ms
const STABLE = 30_000; // ms of connection after which a break counts as the first
const HELLO_WITHIN = 15_000; // ms for the server's first word

const CLOSE_BAD_SECRET = 4401;
const CLOSE_REPLACED = 4409;
const CLOSE_FLOOD = 4429;

export class Connection {
  /**
   * @param {object} on callbacks: state(name), frame(frame), live(), lastSeq() → number
   */
  constructor(on) {
    this.on = on;
    this.socket = null;
    this.live = false;
    this.failures = 0;
    this.wait = 0; // timer of the next attempt
    this.watch = 0; // timer of the silence allowed
    this.silence = HELLO_WITHIN;
    this.heardAt = 0;
    this.stable = 0; // timer of the time after which a connection counts as good
    this.hint = 0; // ms the server asked us to wait
    this.starting = false;
    this.doubted = false; // the network went away under a connection
    this.listen();
  }

  listen() {
    const hurry = () => this.hurry();
    window.addEventListener('pageshow', hurry);
    window.addEventListener('online', hurry);
    window.addEventListener('offline', () => {
      this.doubted = this.live;
      this.on.state('offline');
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') hurry();
    });
  }

  /** Connects now, unless a connection lives or is being made. */
  hurry() {
    const silent = this.live && Date.now() - this.heardAt > this.silence;
    if (silent || (this.doubted && navigator.onLine)) this.drop();
    if (this.socket || this.starting) return;
    clearTimeout(this.wait);
    this.start();
  }

  async start() {
    this.starting = true;
    this.on.state('connecting');
    try {
      const secret = load(SECRET) ?? await this.newSession();
      this.open(secret);
    } catch {
      this.again();
    } finally {
      this.starting = false;
    }
  }

  async newSession() {
    const response = await fetch(new URL('chat/session', document.baseURI), { method: 'POST', cache: 'no-store' });
    if (!response.ok) throw new Error(`no session: ${response.status}`);
    const { secret } = await response.json();
    const other = load(SECRET); // another tab was faster
    if (other) return other;
    save(SECRET, secret);
    return secret;
  }

  open(secret) {
    const url = new URL('chat/socket', document.baseURI);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url, SUBPROTOCOL);
    this.socket = socket;
    this.silence = HELLO_WITHIN;
    this.heard();
    socket.onopen = () => socket.send(JSON.stringify({
      kind: 'hello', secret, last_seq: this.on.lastSeq(), locale: navigator.language,
    }));
    socket.onmessage = (event) => { if (socket === this.socket) this.receive(event.data); };
    socket.onclose = (event) => { if (socket === this.socket) this.closed(event.code); };
  }

  heard() {
    this.heardAt = Date.now();
    clearTimeout(this.watch);
    this.watch = setTimeout(() => this.drop(), this.silence);
    if (this.doubted) this.online(); // browsers are wrong about the network now and then
  }

  online() {
    this.doubted = false;
    this.on.state('online');
    this.on.live();
  }

  receive(data) {
    this.heard();
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return; // a newer server's business
    }
    if (frame.kind === 'welcome') this.silence = frame.beat * 2500;
    if (frame.kind === 'status') this.status(frame);
    else this.on.frame(frame);
  }

  status(frame) {
    if (frame.state === 'leaving') this.hint = (frame.retry_after || 1) * 1000;
    if (frame.state !== 'live') return;
    this.live = true;
    this.stable = setTimeout(() => { this.failures = 0; }, STABLE);
    this.online();
  }

  /** Sends a frame; false if there is no connection to send it by. */
  send(frame) {
    if (!this.live || this.socket.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  /** Gives up a connection that has gone silent, without waiting for its end. */
  drop() {
    const socket = this.socket;
    if (!socket) return;
    this.closed(0);
    socket.close();
  }

  closed(code) {
    this.socket = null;
    this.live = false;
    this.doubted = false;
    clearTimeout(this.watch);
    clearTimeout(this.stable);
    if (code === CLOSE_REPLACED) {
      this.on.state('replaced'); // another tab took over: fighting back would never end
      return;
    }
    if (code === CLOSE_BAD_SECRET) remove(SECRET);
    if (code === CLOSE_FLOOD) this.hint = LONGEST_WAIT;
    this.again();
  }

  /** Waits a random part of a growing time, so that many do not come at once. */
  again() {
    this.on.state('offline');
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.failures++);
    const delay = this.hint + Math.random() * longest;
    this.hint = 0;
    clearTimeout(this.wait);
    this.wait = setTimeout(() => this.start(), delay);
  }
}
