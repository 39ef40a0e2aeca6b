// One conversation: wires the connection, the outbox, the view and the input
// together. The server's log is the truth; this shows it from number 1 and repairs
// itself by asking for what follows the last number seen.

import { Attachments } from './attachments.js';
import { describe, isOpen } from './case.js';
import { Composer } from './composer.js';
import { Connection } from './connection.js';
import { el, icon } from './dom.js';
import { Files } from './files.js';
import { layout } from './layout.js';
import { Menu } from './menu.js';
import { Outbox } from './outbox.js';
import { Requests } from './requests.js';
import { forget, load, save } from './storage.js';
import { firstChinese, hongKongOf, scriptOf, textsOf } from './texts.js';
import { View } from './view.js';

const CHOICE = { human: 'human', cancel: 'cancel', hant: 'lang:hant', hans: 'lang:hans' };
const TALKED = 'talked';
const TYPING_FOR = 6_000; // ms that somebody's typing is believed
const SEEN_EVERY = 1_000; // ms between two words about what was seen
const SHOWN_AFTER = 400; // ms before the bot's is shown: most replies are faster

export class Chat {
  /**
   * @param {object} o
   * @param {string} o.base where the server is
   * @param {boolean} o.page the conversation is a page of its own
   * @param {import('./identity.js').Identity} o.identity
   * @param {import('./types').Settings} o.settings
   * @param {() => boolean} o.visible the person has it before them
   * @param {(blob: Blob, name: string) => void} o.save
   * @param {(name: string, detail?: any) => void} o.emit tells the host
   */
  constructor({ base, page, identity, settings, visible, save: keep, emit }) {
    this.visible = visible;
    this.settings = settings;
    this.identity = identity;
    this.emit = emit;
    this.lastSeq = 0;
    this.lastStaff = 0; // number of the last item of staff
    this.toldSeen = 0; // the last that staff know to have been seen
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.telling = undefined;
    /** @type {import('./types').Case | null} */
    this.case = null; // what the server said last of it
    this.state = 'idle';
    /** @type {import('./types').Script} */
    this.script = 'hant';
    this.hongKong = false;
    this.fresh = false; // items come that were not there before
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.typingEnds = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.busy = undefined;
    this.layout = layout(page);
    const about = () => ({ last_seq: this.lastSeq, locale: this.locale, context: this.context });
    this.requests = new Requests(base, identity, () => ({ ...about(), locale: this.texts.lang })); // answers are read in the interface's script
    this.view = new View(this.layout, () => this.texts, new Files(this.requests, () => this.texts, keep), {
      choose: ({ id, label }) => this.choose(id, label),
      retry: (id) => { this.connection.hurry(); this.outbox.retry(id); },
      edit: (id) => this.giveBack(id),
      rate: (stars, text) => this.say({ kind: 'rate', rating: stars, text }),
      shown: () => this.tellSeen(),
    });
    this.composer = new Composer(this.layout, () => this.texts, (text, files) => this.say(files.length ? { kind: 'message', text, files } : { kind: 'message', text }));
    this.attachments = new Attachments(this.layout, () => this.texts, {
      requests: this.requests, taken: () => this.held, changed: () => this.composer.show(),
    });
    this.composer.files = this.attachments;
    this.menu = new Menu(this.layout, () => this.texts, { requests: this.requests, save: keep, forgotten: () => this.forgotten() });
    this.connection = new Connection(base, identity, {
      state: (name) => this.showState(name),
      frame: (frame) => this.receive(frame),
      live: () => this.live(),
      about,
    });
    this.outbox = new Outbox((frame) => this.connection.send(frame), (message) => this.showMessage(message));
    this.listen();
    this.setLocale();
  }

  listen() {
    const { human, cancel, script, copy } = this.layout;
    window.addEventListener('storage', (event) => this.moved(event), { signal: this.connection.listening.signal });
    copy.addEventListener('click', () => this.copyNumber());
    human.addEventListener('click', () => this.choose(CHOICE.human, this.texts.human));
    cancel.addEventListener('click', () => this.choose(CHOICE.cancel, this.texts.cancel));
    script.addEventListener('click', () => {
      this.script = this.script === 'hant' ? 'hans' : 'hant';
      this.translate();
      this.choose(CHOICE[this.script], this.texts.switched);
    });
  }

  /** A person has, or will take, the conversation. */
  get held() {
    return Boolean(this.case && isOpen(this.case));
  }

  get texts() {
    return textsOf(this.script, this.hongKong);
  }

  /** What the host says, else the browser. */
  get locale() {
    return this.settings.locale || firstChinese(navigator.languages) || navigator.language;
  }

  get context() {
    const { page, appVersion, step, errorText } = this.settings.context ?? {};
    return { page: page ?? location.pathname, app_version: appVersion, step, error_text: errorText };
  }

  /** There was a conversation here before: worth a connection, for what is new. */
  get begun() {
    return load(TALKED) !== null || this.outbox.messages.size > 0;
  }

  setLocale() {
    this.script = scriptOf(this.locale) ?? 'hant';
    this.hongKong = hongKongOf(this.locale) ?? false;
    this.translate();
  }

  /** The person has it before them. */
  shown() {
    this.connection.hurry();
    this.composer.grow();
    this.view.toEnd();
  }

  end() {
    this.connection.end();
    this.view.reset(); // pictures of files stay with nobody
  }

  /** @param {import('./types').Said} frame */
  say(frame) {
    this.connection.hurry();
    this.attachments.note('');
    this.outbox.add(frame);
  }

  /** @param {string} choice @param {string} text */
  choose(choice, text) {
    this.say({ kind: 'choice', choice, text });
  }

  /** @param {string} id */
  giveBack(id) {
    const message = this.outbox.messages.get(id);
    this.outbox.settle(id);
    if (message) this.composer.giveBack(message.frame.text);
  }

  live() {
    this.view.goLive();
    this.fresh = true;
    this.outbox.flush();
    this.tellSeen();
  }

  /** Tells staff, now and then, that their words are on the screen. */
  tellSeen() {
    if (this.telling || this.lastStaff <= this.toldSeen || !this.visible() || !this.view.stuck) return;
    const seq = this.lastStaff;
    if (!this.connection.send({ kind: 'seen', seq })) return;
    this.toldSeen = seq;
    this.telling = setTimeout(() => { this.telling = undefined; this.tellSeen(); }, SEEN_EVERY);
  }

  /** The server has deleted all; somebody new begins. */
  forgotten() {
    forget();
    this.another();
    this.connection.leave();
    this.startAnew();
    this.attachments.note(this.texts.forgotten);
    this.connection.hurry();
    this.layout.input.focus();
  }

  /** Another tab began anew with another secret. @param {StorageEvent} event */
  moved({ key, newValue }) {
    if (key !== 'verihelp.secret' || !newValue || this.identity.signedIn || !this.identity.used || newValue === this.identity.used) return;
    this.connection.leave();
    this.connection.hurry();
  }

  /** Where copying is not allowed, the number is selected, so that the person can. */
  async copyNumber() {
    const { copy } = this.layout;
    try {
      await navigator.clipboard.writeText(this.case?.id ?? '');
      copy.textContent = this.texts.copied;
      setTimeout(() => this.showCase(), TYPING_FOR / 2);
    } catch {
      window.getSelection()?.selectAllChildren(copy);
    }
  }

  /** Takes a frame of the server; kinds that it does not know mean nothing to it. @param {import('./types').Frame} frame */
  receive(frame) {
    switch (frame.kind) {
      case 'welcome': this.welcome(frame); break;
      case 'item': this.addItem(frame); break;
      case 'ack': this.outbox.acknowledged(frame.id); break;
      case 'error': this.refused(frame); break;
      case 'status': this.status(frame);
    }
  }

  /** @param {import('./types').Welcome} frame */
  welcome(frame) {
    this.composer.maxChars = frame.max_chars;
    this.attachments.maxBytes = frame.max_file ?? this.attachments.maxBytes;
    this.menu.can = { forget: Boolean(frame.forget), link: Boolean(frame.link) };
    const another = this.identity.known(frame);
    if (another) this.another();
    if (frame.reset || another) this.startAnew();
  }

  /** Somebody else uses this device now: nothing of the one before is sent or counted. */
  another() {
    this.outbox.clear();
    this.attachments.clear();
    this.composer.set('');
    this.emit('another');
  }

  /** @param {import('./types').Refusal} frame */
  refused(frame) {
    this.outbox.refused(frame);
    this.emit('error', { code: frame.code });
  }

  /** @param {import('./types').Status} frame */
  status(frame) {
    if (frame.state !== 'typing') return;
    this.view.typing(frame.agent ? this.texts.personTyping(frame.agent) : this.texts.typing);
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => this.view.typing(''), TYPING_FOR);
  }

  startAnew() {
    this.lastSeq = 0;
    this.lastStaff = 0;
    this.toldSeen = 0;
    this.case = null;
    this.view.reset();
    this.view.welcome();
    this.showCase();
  }

  /** @param {import('./types').Item} item */
  addItem(item) {
    if (item.seq <= this.lastSeq) return;
    this.lastSeq = item.seq;
    save(TALKED, '1');
    if (item.from === 'user') this.outbox.settle(item.id);
    else this.view.typing('');
    if (item.lang) this.follow(item.lang);
    this.view.add(item);
    if (item.case) this.case = item.case;
    else if (item.from === 'user' && this.case && !isOpen(this.case)) this.case = null;
    this.showCase();
    if (item.from === 'staff') this.lastStaff = item.seq;
    this.tellSeen();
    if (item.from !== 'user' && !item.edits) this.emit('arrived', { seq: item.seq, from: item.from, fresh: this.fresh });
  }

  /** @param {import('./types').Message} message */
  showMessage(message) {
    this.view.showPending(message);
    this.layout.alert.textContent = message.state === 'failed' ? this.texts.failedAlert : '';
    this.showBusy();
  }

  /** While a message is being answered, and nobody of the staff does it, the bot writes. */
  showBusy() {
    clearTimeout(this.busy);
    const busy = () => this.outbox.busy && !this.held;
    if (!busy()) this.view.typing('');
    else this.busy = setTimeout(() => { if (busy()) this.view.typing(this.texts.typing); }, SHOWN_AFTER);
  }

  /** The interface speaks the script of the last reply. @param {string} lang */
  follow(lang) {
    const script = scriptOf(lang) ?? this.script;
    const hongKong = hongKongOf(lang) ?? this.hongKong;
    if (script === this.script && hongKong === this.hongKong) return;
    this.script = script;
    this.hongKong = hongKong;
    this.translate();
  }

  translate() {
    const t = this.texts;
    const { root, script, starters } = this.layout;
    /** @param {string | undefined} name */
    const word = (name) => /** @type {string} */ (t[/** @type {keyof typeof t} */ (name)]);
    root.lang = t.lang;
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-text]'))) node.textContent = word(node.dataset.text);
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-label]'))) node.setAttribute('aria-label', word(node.dataset.label));
    this.composer.input.placeholder = t.placeholder;
    script.setAttribute('aria-label', t.switchScript);
    script.title = t.switchScript;
    script.dataset.script = this.script;
    starters.replaceChildren(...t.starters.map((text) => el('li', {},
      el('button', { type: 'button', class: 'starter', click: () => this.say({ kind: 'message', text }) }, text, icon('next', 18)))));
    for (const message of this.outbox.messages.values()) this.view.showPending(message);
    this.view.relabel();
    this.composer.show();
    this.showState(this.state);
    this.showCase();
    this.emit('language', t);
  }

  /** One line tells how the connection is; where the person has to act it has a button. @param {string} name */
  showState(name) {
    this.state = name === 'offline' && !navigator.onLine ? 'noNetwork' : name;
    const line = this.layout.state;
    const t = this.texts;
    line.dataset.state = this.state;
    line.replaceChildren(/** @type {string} */ (t[/** @type {keyof typeof t} */ (this.state)]));
    const act = { replaced: t.continueHere, refused: t.tryAgain, signIn: t.tryAgain, outdated: t.reload }[this.state];
    const click = () => (this.state === 'outdated' ? location.reload() : this.connection.hurry());
    if (act) line.append(' ', el('button', { type: 'button', class: 'retry', click }, act));
    if (this.state !== 'online') this.outbox?.disconnected();
    if (this.state === 'notHere') this.outbox?.giveUp();
  }

  showCase() {
    const { case: bar, caseText, copy, cancel, human } = this.layout;
    bar.hidden = !this.case;
    human.disabled = this.held;
    if (this.held && !this.attachments.size) this.attachments.note('');
    if (!this.case) return;
    bar.dataset.state = this.case.state;
    caseText.textContent = describe(this.texts, this.case);
    copy.textContent = this.texts.caseNumber(this.case.id);
    copy.setAttribute('aria-label', this.texts.copyNumber(this.case.id));
    cancel.hidden = this.case.state !== 'waiting';
  }
}
