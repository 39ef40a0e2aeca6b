// Shows the conversation: committed items in the order of their numbers, unsent
// messages after them.

import { el } from './dom.js';
import { rating, starsOf } from './rating.js';

/** @typedef {import('./types').Item} Item */
/** @typedef {import('./types').Block} Block */

const RATE = 'rate:'; // begins the IDs of choices that are stars, for clients without a form
const ENDED = ['closed', 'handed_back']; // states of a case after which it is rated
const NEAR_END = 96; // px from the end that still count as reading the newest

export class View {
  /**
   * @param {import('./layout.js').Layout} layout
   * @param {() => import('./texts.js').Texts} texts the interface's words now
   * @param {import('./files.js').Files} files
   * @param {{choose(choice: import('./types').Choice): void, retry(id: string): void, edit(id: string): void,
   *   rate(stars: number, comment: string): void, shown(): void}} on
   */
  constructor(layout, texts, files, on) {
    this.files = files;
    this.texts = texts;
    this.on = on;
    this.layout = layout;
    this.log = layout.log;
    this.items = layout.items;
    this.pending = layout.pending;
    this.scroll = layout.scroll;
    this.newer = layout.newer;
    this.day = '';
    this.newer.addEventListener('click', () => this.toEnd());
    this.stuck = true; // the newest is being read
    this.top = 0; // where the conversation was scrolled to
    this.scroll.addEventListener('scroll', () => this.scrolled(), { passive: true });
    // A growing input or a phone's keyboard takes room away from the end, pictures
    // that arrive push it down.
    const resized = new ResizeObserver(() => { if (this.stuck) this.toEnd(); });
    resized.observe(this.scroll);
    resized.observe(this.log);
  }

  /** Empties the log: the server has another one. */
  reset() {
    this.items.replaceChildren();
    this.files.forget();
    this.scroll.scrollTop = 0;
    this.day = '';
  }

  /** From now on new items are read out; what came before was old. */
  goLive() {
    if (this.live) return;
    this.log.setAttribute('aria-live', 'polite');
    this.toEnd();
  }

  get live() {
    return this.log.getAttribute('aria-live') === 'polite';
  }

  /** Adds a committed item at the end. @param {Item} item */
  add(item) {
    if (item.edits) {
      this.change(item, item.edits);
      return;
    }
    const { stuck } = this;
    this.addDay(item.at);
    if (item.from === 'user') this.answered(item.text);
    const turn = this.turn(item);
    this.items.append(turn);
    this.welcome();
    if (!this.live) return;
    if (item.from === 'user' || stuck) this.reveal(turn);
    else this.newer.hidden = false;
  }

  /**
   * Staff changed an earlier item, or took it back. Its words may be gone from the
   * log by now, so that nothing of it was shown.
   * @param {Item} item @param {number} edits
   */
  change(item, edits) {
    const turn = /** @type {HTMLElement | null} */ (this.items.querySelector(`[data-seq="${Number(edits)}"]`));
    if (!turn) return;
    for (const old of turn.querySelectorAll('.bubble, .file, .meta em')) old.remove();
    turn.dataset.changed = item.gone ? 'gone' : 'edited';
    this.fill(turn, item);
    if (!item.gone) turn.querySelector('.meta')?.prepend(el('em', { 'data-text': 'edited' }, this.texts().edited), ' ');
  }

  /** Puts what an item says behind its sender. @param {HTMLElement} turn @param {Item} item */
  fill(turn, item) {
    const bubbles = this.blocks(item).filter((blocks) => blocks.length).map((blocks) => el('div', { class: 'bubble' }, ...blocks));
    const files = (item.files ?? []).map((file) => this.files.show(file));
    turn.firstElementChild?.after(...bubbles, ...files);
    turn.hidden = item.from === 'staff' && bubbles.length + files.length === 0;
  }

  /** What stands in each bubble. @param {Item} item */
  blocks({ bubbles, gone, text }) {
    if (gone) return [[el('p', { class: 'text', 'data-text': 'gone' }, this.texts().gone)]];
    return bubbles ? bubbles.map((b) => b.blocks.map((each) => this.block(each))) : [text ? [paragraph(text)] : []];
  }

  /** @param {string} at */
  addDay(at) {
    const date = new Date(at);
    const day = date.toDateString();
    if (day === this.day) return;
    this.day = day;
    this.items.append(el('p', { class: 'day' }, el('time', { datetime: at }, this.dayLabel(at))));
  }

  /** @param {string} at */
  dayLabel(at) {
    return new Date(at).toLocaleDateString(this.texts().lang, { month: 'long', day: 'numeric', weekday: 'short' });
  }

  /** The interface speaks otherwise now; what was said stays as it was said. */
  relabel() {
    const t = this.texts();
    for (const time of this.items.querySelectorAll('.day time')) time.textContent = this.dayLabel(time.getAttribute('datetime') ?? '');
    for (const sent of this.items.querySelectorAll('.user .meta span')) sent.textContent = t.sent;
    for (const role of /** @type {NodeListOf<HTMLElement>} */ (this.items.querySelectorAll('[data-role]'))) role.textContent = this.role(role.dataset.role);
  }

  /** @param {string} [from] */
  role(from) {
    const t = this.texts();
    /** @type {Record<string, string>} */
    const names = { user: t.you, bot: t.bot, staff: t.staff, notice: t.service };
    return names[from ?? ''] ?? '';
  }

  /** @param {Item} item */
  turn(item) {
    const turn = el('article', { class: `turn ${item.from}`, 'data-seq': item.seq, lang: item.lang || null });
    turn.append(this.sender(item));
    this.fill(turn, item);
    turn.append(this.time(item));
    const choices = (item.choices ?? []).filter(({ id }) => !id.startsWith(RATE));
    if (choices.length) turn.append(this.choices(choices));
    if (choices.length < (item.choices ?? []).length || ENDED.includes(item.case?.state ?? '')) {
      turn.append(rating(this.texts(), (stars, comment) => { this.answered(); this.on.rate(stars, comment); }));
    }
    return turn;
  }

  /** @param {Item} item */
  sender(item) {
    const role = el('span', { 'data-role': item.from }, this.role(item.from));
    if (item.from !== 'staff') return el('p', { class: 'hidden' }, role);
    return el('p', { class: 'sender' }, el('strong', {}, item.agent || ''), ' ', role);
  }

  /** @param {Item} item */
  time({ at, from }) {
    const label = new Date(at).toLocaleTimeString(this.texts().lang, { hour: '2-digit', minute: '2-digit', hour12: false });
    const time = el('time', { datetime: at }, label);
    return from === 'user' ? el('p', { class: 'meta' }, el('span', {}, this.texts().sent), ' ', time) : el('p', { class: 'meta' }, time);
  }

  /** @param {import('./types').Choice[]} choices */
  choices(choices) {
    const group = el('div', { class: 'choices', role: 'group', 'aria-label': this.texts().choices });
    for (const choice of choices) {
      const button = el('button', { type: 'button', class: 'choice' }, choice.label);
      button.addEventListener('click', () => {
        if (button.getAttribute('aria-disabled') === 'true') return;
        this.answered(choice.label);
        this.on.choose(choice);
      });
      group.append(button);
    }
    return group;
  }

  /**
   * The person has answered: what was offered before is used up. The buttons stay
   * focusable, so that a keyboard does not lose its place.
   * @param {string} [text]
   */
  answered(text) {
    for (const form of this.items.querySelectorAll('.rating')) form.remove();
    for (const button of this.items.querySelectorAll('.choice:not([aria-disabled])')) {
      button.setAttribute('aria-disabled', 'true');
      if (button.textContent === text) button.classList.add('taken');
    }
  }

  /** Shows an unsent message in its state, or removes it once it is settled. @param {import('./types').Message} message */
  showPending(message) {
    const { frame, state } = message;
    const old = this.pending.querySelector(`[data-id="${CSS.escape(frame.id)}"]`);
    if (state === 'settled') {
      old?.remove();
      this.welcome();
      return;
    }
    const turn = el('article', { class: `turn user ${state}`, 'data-id': frame.id },
      el('p', { class: 'hidden' }, this.texts().you),
      el('div', { class: 'bubble' }, paragraph(this.said(frame))),
      this.status(message));
    if (old) old.replaceWith(turn);
    else this.pending.append(turn);
    this.welcome();
    if (!old) this.toEnd();
  }

  /** @param {import('./types').Said} frame */
  said({ text, files, rating: stars }) {
    return [stars ? starsOf(stars) : '', text, files?.length ? this.texts().attached(files.length) : ''].filter(Boolean).join('\n');
  }

  /** @param {import('./types').Message} message */
  status({ frame, state, problem }) {
    const t = this.texts();
    if (state === 'settled') return '';
    const status = el('p', { class: 'meta' }, t[state]);
    if (state !== 'failed') return status;
    status.append(problem ? `：${this.reason(problem)}` : '', ' ');
    const final = problem && !problem.retry_after;
    const act = final ? () => this.on.edit(frame.id) : () => this.on.retry(frame.id);
    status.append(el('button', { type: 'button', class: 'retry', click: act }, final ? t.edit : t.retry));
    return status;
  }

  /** @param {import('./types').Refusal} problem */
  reason({ code, text }) {
    return this.texts().errors[code] ?? text ?? '';
  }

  /** Shows the greeting as long as nothing was said. */
  welcome() {
    this.layout.welcome.hidden = this.items.hasChildNodes() || this.pending.hasChildNodes();
  }

  /** Who goes up is no longer at the end; what grows below leaves the place as it was. */
  scrolled() {
    const s = this.scroll;
    const up = s.scrollTop < this.top;
    this.top = s.scrollTop;
    if (s.scrollHeight - s.scrollTop - s.clientHeight < NEAR_END) this.stuck = true;
    else if (up) this.stuck = false;
    if (!this.stuck) return;
    this.newer.hidden = true;
    this.on.shown();
  }

  toEnd() {
    this.newer.hidden = true;
    if (!this.layout.welcome.hidden) return; // a greeting is read from its beginning
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.top = this.scroll.scrollTop;
  }

  /** Shows that somebody writes, or nobody. @param {string} text */
  typing(text) {
    const line = this.layout.typing;
    if (line.hidden === !text) return;
    line.hidden = !text;
    this.layout.typingText.textContent = text;
    if (text && this.stuck) this.toEnd();
  }

  /** @param {Block} b kinds that a newer server may send are shown as text */
  block(b) {
    switch (b.kind) {
      case 'steps': return entries('ol', b.items);
      case 'list': return entries('ul', b.items);
      case 'source': return this.source(b);
      default: return paragraph([b.text, ...(b.items ?? [])].filter(Boolean).join('\n'));
    }
  }

  /** @param {Block} b */
  source(b) {
    const line = el('p', { class: 'source' });
    const url = httpsURL(b.url);
    if (!url) {
      line.append(...unbroken(b.text ?? ''));
      return line;
    }
    line.append(el('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer nofollow' },
      ...unbroken(b.text || url.hostname), el('span', { class: 'hidden' }, this.texts().opensNewTab)),
    ' ', el('span', { class: 'host' }, url.hostname));
    return line;
  }

  /** Goes to the end, but not past the beginning of what is new. @param {Element} turn */
  reveal(turn) {
    this.toEnd();
    const above = turn.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top;
    if (above < 0) this.scroll.scrollTop += above - 8;
    this.scrolled();
  }
}

/** @param {string} text */
function paragraph(text) {
  return el('p', { class: 'text' }, text);
}

/** Dates stay on one line. @param {string} text */
function unbroken(text) {
  return text.split(/(\d{4}-\d{2}-\d{2})/).map((part, i) => (i % 2 ? el('span', { class: 'date' }, part) : part));
}

/** @param {'ol' | 'ul'} tag @param {string[]} [items] */
function entries(tag, items) {
  return el(tag, {}, ...(items ?? []).map((item) => el('li', {}, item)));
}

/** A link is followed only if it is https; everything else stays text. @param {string} [text] */
function httpsURL(text) {
  try {
    const url = new URL(text ?? '');
    return url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}
