// Shows the conversation: committed items in the order of their numbers, unsent
// messages after them.

import { el, byId } from './dom.js';

const NEAR_END = 96; // px from the end that still count as reading the newest

export class View {
  /**
   * @param {() => object} texts the interface's words now
   * @param {object} on callbacks: choose(choice), retry(id), edit(id)
   */
  constructor(texts, on) {
    this.texts = texts;
    this.on = on;
    this.log = byId('log');
    this.items = byId('items');
    this.pending = byId('pending');
    this.scroll = byId('scroll');
    this.newer = byId('newer');
    this.day = '';
    this.newer.addEventListener('click', () => this.toEnd());
    this.stuck = true; // the newest is being read
    this.scroll.addEventListener('scroll', () => this.scrolled(), { passive: true });
    // A growing input or a phone's keyboard takes room away from the end.
    new ResizeObserver(() => { if (this.stuck) this.toEnd(); }).observe(this.scroll);
  }

  /** Empties the log: the server has another one. */
  reset() {
    this.items.replaceChildren();
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

  /** Adds a committed item at the end. */
  add(item) {
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

  addDay(at) {
    const date = new Date(at);
    const day = date.toDateString();
    if (day === this.day) return;
    this.day = day;
    const label = date.toLocaleDateString(this.texts().lang, { month: 'long', day: 'numeric', weekday: 'short' });
    this.items.append(el('p', { class: 'day' }, el('time', { datetime: at.slice(0, 10) }, label)));
  }

  turn(item) {
    const turn = el('article', { class: `turn ${item.from}`, 'data-seq': item.seq, lang: item.lang || null });
    turn.append(this.sender(item));
    const texts = item.bubbles ? item.bubbles.map((b) => b.blocks.map(block, this)) : [[paragraph(item.text || '')]];
    for (const blocks of texts) turn.append(el('div', { class: 'bubble' }, ...blocks));
    turn.append(this.time(item));
    if (item.choices?.length) turn.append(this.choices(item.choices));
    return turn;
  }

  sender(item) {
    const t = this.texts();
    const names = { user: t.you, bot: t.bot, staff: t.staff, notice: t.service };
    if (item.from === 'staff') {
      return el('p', { class: 'sender' }, el('strong', {}, item.agent || ''), ' ', el('span', {}, t.staff));
    }
    return el('p', { class: 'hidden' }, names[item.from] ?? '');
  }

  time({ at, from }) {
    const label = new Date(at).toLocaleTimeString(this.texts().lang, { hour: '2-digit', minute: '2-digit', hour12: false });
    return el('p', { class: 'meta' }, from === 'user' ? `${this.texts().sent} ` : '', el('time', { datetime: at }, label));
  }

  choices(choices) {
    const group = el('div', { class: 'choices', role: 'group' });
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
   */
  answered(text) {
    for (const button of this.items.querySelectorAll('.choice:not([aria-disabled])')) {
      button.setAttribute('aria-disabled', 'true');
      if (button.textContent === text) button.classList.add('taken');
    }
  }

  /** Shows an unsent message in its state, or removes it once it is settled. */
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
      el('div', { class: 'bubble' }, paragraph(frame.text)),
      this.status(message));
    if (old) old.replaceWith(turn);
    else this.pending.append(turn);
    this.welcome();
    if (!old) this.toEnd();
  }

  status({ frame, state, problem }) {
    const t = this.texts();
    const status = el('p', { class: 'meta' }, t[state]);
    if (state !== 'failed') return status;
    status.append(problem ? `：${t.errors[problem.code] ?? problem.text}` : '', ' ');
    const final = problem && !problem.retry_after;
    const act = final ? () => this.on.edit(frame.id) : () => this.on.retry(frame.id);
    status.append(el('button', { type: 'button', class: 'retry', click: act }, final ? t.edit : t.retry));
    return status;
  }

  /** Shows the greeting as long as nothing was said. */
  welcome() {
    byId('welcome').hidden = this.items.hasChildNodes() || this.pending.hasChildNodes();
  }

  scrolled() {
    const s = this.scroll;
    this.stuck = s.scrollHeight - s.scrollTop - s.clientHeight < NEAR_END;
    if (this.stuck) this.newer.hidden = true;
  }

  toEnd() {
    this.newer.hidden = true;
    if (!byId('welcome').hidden) return; // a greeting is read from its beginning
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  /** Goes to the end, but not past the beginning of what is new. */
  reveal(turn) {
    this.toEnd();
    const above = turn.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top;
    if (above < 0) this.scroll.scrollTop += above - 8;
  }
}

function paragraph(text) {
  return el('p', { class: 'text' }, text);
}

function entries(tag, items) {
  return el(tag, {}, ...(items ?? []).map((item) => el('li', {}, item)));
}

/** One block of a reply; kinds that a newer server may send are shown as text. */
function block(b) {
  switch (b.kind) {
    case 'steps': return entries('ol', b.items);
    case 'list': return entries('ul', b.items);
    case 'source': return source.call(this, b);
    default: return paragraph([b.text, ...(b.items ?? [])].filter(Boolean).join('\n'));
  }
}

function source(b) {
  const line = el('p', { class: 'source' });
  const url = httpsURL(b.url);
  if (!url) {
    line.append(b.text ?? '');
    return line;
  }
  line.append(el('a', { href: url.href, target: '_blank', rel: 'noopener noreferrer nofollow' },
    b.text || url.hostname, el('span', { class: 'hidden' }, this.texts().opensNewTab)),
  ' ', el('span', { class: 'host' }, url.hostname));
  return line;
}

/** A link is followed only if it is https; everything else stays text. */
function httpsURL(text) {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}
