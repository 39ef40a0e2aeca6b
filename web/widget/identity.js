// Who speaks: someone the host page vouches for with a token, or a stranger with
// a secret that the server made. Neither ever stands in a URL.

import { Refused, refusalIn } from './requests.js';
import { load, save, remove } from './storage.js';

const SECRET = 'secret';
const PERSON = 'person';
const TOKEN_WITHIN = 15_000; // ms for the host to bring a token

/** The host knows of nobody. @type {import('./types').Refusal} */
const NOBODY = { kind: 'error', code: 'sign_in' };

export class Identity {
  /**
   * @param {string} base where the chat's server is
   * @param {(event: string) => void} ask tells the host that a token is needed
   */
  constructor(base, ask) {
    this.base = base;
    this.ask = ask;
    this.token = '';
    /** @type {(() => string | Promise<string>) | null} */
    this.getToken = null;
    this.stale = false; // the token was refused, or ends soon
    this.used = ''; // the secret that was shown last
    /** @type {((token: string) => void) | null} */
    this.arrived = null;
  }

  get signedIn() {
    return Boolean(this.token || this.getToken);
  }

  /** Takes what the host says. @param {import('./types').Settings} settings */
  update({ token, getToken }) {
    if (typeof getToken === 'function') this.getToken = getToken;
    if (typeof token !== 'string' || !token) return false;
    this.token = token;
    this.stale = false;
    this.arrived?.(token);
    return true;
  }

  /** A token that the server has not refused yet. */
  async fresh() {
    if (this.token && !this.stale) return this.token;
    this.token = await (this.getToken ? this.called(this.getToken) : this.wait());
    if (typeof this.token !== 'string' || !this.token) throw new Refused(NOBODY);
    this.stale = false;
    return this.token;
  }

  /** @param {() => string | Promise<string>} getToken */
  async called(getToken) {
    try {
      return await getToken();
    } catch (error) {
      console.error('verihelp: getToken failed', error);
      throw error;
    }
  }

  /** @returns {Promise<string>} */
  wait() {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Refused(NOBODY)), TOKEN_WITHIN);
      this.arrived = (token) => { clearTimeout(late); resolve(token); };
      this.ask('token');
    });
  }

  /** What proves who speaks, for a hello. */
  async prove() {
    if (!this.signedIn) {
      this.used = load(SECRET) ?? await this.newSecret();
      return { secret: this.used, person: this.person };
    }
    const token = await this.fresh();
    return { token, secret: load(SECRET) ?? '', person: this.person };
  }

  get person() {
    return load(PERSON) ?? '';
  }

  async newSecret() {
    const response = await fetch(new URL('session', this.base), { method: 'POST', cache: 'no-store' });
    if (!response.ok) throw new Refused(await refusalIn(response));
    const { secret } = await response.json();
    const other = load(SECRET); // another tab was faster
    if (other) return other;
    save(SECRET, secret);
    return secret;
  }

  /** The server did not believe us. */
  refused() {
    if (this.signedIn) this.stale = true;
    else remove(SECRET);
  }

  /**
   * Takes note of whom the server knows us as. True if that is someone else than
   * before, whose unsent words must not be sent as ours.
   * @param {import('./types').Welcome} welcome
   */
  known({ person, adopted }) {
    if (adopted) remove(SECRET); // it opens nothing any more
    const before = this.person;
    save(PERSON, person);
    return before !== '' && before !== person && !adopted;
  }
}
