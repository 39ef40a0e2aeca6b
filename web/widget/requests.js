// What the widget asks of the server beside its connection. Each request proves
// anew who makes it, in its body: nothing secret stands in a URL.

/** The server refused, or cannot be reached. */
export class Refused extends Error {
  /** @param {import('./types').Refusal} refusal */
  constructor(refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** @type {import('./types').Refusal} */
export const UNREACHED = { kind: 'error', code: 'unreached' };

/** Why a request was refused; a proxy on the way says it in words that are not ours. @param {Response} response @returns {Promise<import('./types').Refusal>} */
export async function refusalIn(response) {
  const refusal = await response.json().catch(() => null);
  return refusal?.code ? refusal : UNREACHED;
}

/** What a person is told of a request that failed. @param {unknown} error @param {import('./texts.js').Texts} t */
export function whyOf(error, t) {
  return (error instanceof Refused && error.refusal.text) || t.errors.unreached;
}

export class Requests {
  /**
   * @param {string} base
   * @param {import('./identity.js').Identity} identity
   * @param {() => object} about what a hello says beside who speaks
   */
  constructor(base, identity, about) {
    this.base = base;
    this.identity = identity;
    this.about = about;
  }

  async hello() {
    return { kind: 'hello', ...await this.identity.prove(), ...this.about() };
  }

  /** @param {string} path @param {object} [body] */
  async post(path, body = {}) {
    const response = await this.ask(path, JSON.stringify({ hello: await this.hello(), ...body }));
    if (response.ok) return response;
    throw new Refused(await refusalIn(response));
  }

  /** @param {string} path @param {string} body */
  async ask(path, body) {
    try {
      return await fetch(new URL(path, this.base), { method: 'POST', cache: 'no-store', body });
    } catch {
      throw new Refused(UNREACHED);
    }
  }

  /**
   * Uploads a file. The form names the person first, so that the server decides
   * before it reads the file.
   * @param {File} file
   * @param {(part: number) => void} progress told how much has been sent, 0 to 1
   * @param {AbortSignal} signal
   * @returns {Promise<import('./types').FileInfo>}
   */
  async upload(file, progress, signal) {
    const form = new FormData();
    form.append('hello', JSON.stringify(await this.hello()));
    form.append('file', file, file.name);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest(); // fetch does not tell how far it is
      const failed = () => reject(new Refused(UNREACHED));
      request.open('POST', new URL('upload', this.base));
      request.responseType = 'json';
      request.upload.onprogress = ({ loaded, total }) => progress(loaded / total);
      request.onerror = failed;
      request.onabort = failed;
      request.onload = () => {
        const answer = request.response;
        if (request.status === 200 && answer?.file) resolve(answer.file);
        else reject(new Refused(answer?.code ? answer : UNREACHED));
      };
      signal.addEventListener('abort', () => request.abort());
      if (signal.aborted) failed();
      else request.send(form);
    });
  }
}
