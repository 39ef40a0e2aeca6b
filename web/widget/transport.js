// The two ways frames travel: a socket, and where that is blocked, a stream of
// events with a request for each frame sent. Both carry the same frames.

import { refusalIn } from './requests.js';

/** @typedef {import('./types').Transport} Transport */
/** @typedef {import('./types').Carried} Carried */

const SUBPROTOCOL = 'verihelp.v1';

/**
 * @param {string} base
 * @param {object} hello
 * @param {Carried} on
 * @returns {Transport}
 */
export function openSocket(base, hello, on) {
  const url = new URL('socket', base);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url, SUBPROTOCOL);
  socket.onopen = () => {
    socket.send(JSON.stringify(hello));
    on.opened();
  };
  socket.onmessage = (event) => {
    const frame = parse(event.data);
    if (frame) on.frame(frame);
  };
  socket.onclose = (event) => on.closed(event.code);
  return {
    send(frame) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    close: () => socket.close(),
  };
}

/**
 * @param {string} base
 * @param {object} hello
 * @param {Carried} on
 * @returns {Transport}
 */
export function openStream(base, hello, on) {
  const abort = new AbortController();
  let ended = false;
  /** @param {number} code */
  const end = (code) => {
    if (!ended) on.closed(code);
    ended = true;
  };
  read(base, hello, on, abort.signal).then(end, () => end(1006));
  return {
    send(frame) {
      if (!ended) post(base, hello, /** @type {any} */ (frame)).then((answer) => on.frame(answer));
      return !ended;
    },
    close() {
      ended = true;
      abort.abort();
    },
  };
}

/**
 * Reads events to the end, and returns the close code.
 * @param {string} base
 * @param {object} hello
 * @param {Carried} on
 * @param {AbortSignal} signal
 */
async function read(base, hello, on, signal) {
  const response = await fetch(new URL('stream', base), { method: 'POST', cache: 'no-store', body: JSON.stringify(hello), signal });
  if (!response.ok || !response.body) {
    on.frame(await refusalIn(response));
    return 1006;
  }
  on.opened();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return 1006;
    const events = (rest + value).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const frame = parse(event.replace(/^data: /, ''));
      if (frame?.kind === 'close') return frame.close_code;
      if (frame) on.frame(frame);
    }
  }
}

/**
 * @param {string} base
 * @param {object} hello
 * @param {import('./types').Said} frame
 * @returns {Promise<import('./types').Frame>}
 */
async function post(base, hello, frame) {
  try {
    const response = await fetch(new URL('send', base), { method: 'POST', cache: 'no-store', body: JSON.stringify({ hello, frame }) });
    return await response.json();
  } catch {
    return { kind: 'error', code: 'try_again', id: frame.id, retry_after: 2 };
  }
}

/** @param {string} data @returns {import('./types').Frame | null} */
function parse(data) {
  try {
    const frame = JSON.parse(data);
    return frame && typeof frame === 'object' ? frame : null;
  } catch {
    return null; // a newer server's business
  }
}
