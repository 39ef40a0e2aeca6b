// The chat page: wires the connection, the outbox, the view and the input
// together. The server's log is the truth; this page shows it from number 1 and
// repairs itself by asking for what follows the last number seen.

import { Composer } from './composer.js';
import { Connection } from './connection.js';
import { byId, el } from './dom.js';
import { Outbox } from './outbox.js';
import { TEXTS, firstScript, scriptOf } from './texts.js';
import { View } from './view.js';

const CHOICE = { human: 'human', cancel: 'cancel', hant: 'lang:hant', hans: 'lang:hans' };

let script = firstScript(navigator.languages);
let lastSeq = 0;
let theCase = null; // what the server said last of the case
let state = 'connecting';

const texts = () => TEXTS[script];

const view = new View(texts, {
  choose: (choice) => say({ kind: 'choice', choice: choice.id, text: choice.label }),
  retry: (id) => outbox.retry(id),
  edit: giveBack,
});
const composer = new Composer(texts, (text) => say({ kind: 'message', text }));
const connection = new Connection({
  state: showState,
  frame: receive,
  live: () => {
    view.goLive();
    outbox.flush();
  },
  lastSeq: () => lastSeq,
});
const outbox = new Outbox((frame) => connection.send(frame), showMessage);

function say(frame) {
  connection.hurry();
  outbox.add(frame);
}

function giveBack(id) {
  const message = outbox.messages.get(id);
  outbox.settle(id);
  composer.giveBack(message.frame.text);
}

/** Takes a frame of the server; kinds that it does not know mean nothing to it. */
function receive(frame) {
  switch (frame.kind) {
    case 'welcome':
      composer.maxChars = frame.max_chars;
      if (frame.reset) startAnew();
      break;
    case 'item':
      addItem(frame);
      break;
    case 'ack':
      outbox.acknowledged(frame.id);
      break;
    case 'error':
      outbox.refused(frame);
      break;
  }
}

function startAnew() {
  lastSeq = 0;
  theCase = null;
  view.reset();
  showCase();
}

function addItem(item) {
  if (item.seq <= lastSeq) return;
  lastSeq = item.seq;
  if (item.from === 'user') outbox.settle(item.id);
  if (item.lang) follow(item.lang);
  view.add(item);
  if (item.case) theCase = item.case;
  else if (item.from === 'user' && theCase && !isOpen(theCase)) theCase = null;
  showCase();
}

function showMessage(message) {
  view.showPending(message);
  byId('alert').textContent = message.state === 'failed' ? texts().failedAlert : '';
}

/** The interface speaks the script of the last reply. */
function follow(lang) {
  const next = scriptOf(lang);
  if (!next || next === script) return;
  script = next;
  translate();
}

function translate() {
  const t = texts();
  document.documentElement.lang = t.lang;
  document.title = t.title;
  for (const node of document.querySelectorAll('[data-text]')) node.textContent = t[node.dataset.text];
  for (const node of document.querySelectorAll('[data-label]')) node.setAttribute('aria-label', t[node.dataset.label]);
  for (const node of document.querySelectorAll('[data-placeholder]')) node.placeholder = t[node.dataset.placeholder];
  byId('script').setAttribute('aria-label', t.switchScript);
  byId('script').title = t.switchScript;
  byId('script').dataset.script = script;
  byId('starters').replaceChildren(...t.starters.map((text) => el('li', {},
    el('button', { type: 'button', class: 'starter', click: () => say({ kind: 'message', text }) }, text))));
  for (const message of outbox.messages.values()) view.showPending(message);
  composer.show();
  showState(state);
  showCase();
}

/** One line tells how the connection is; after a takeover it is a button. */
function showState(next) {
  state = next === 'offline' && !navigator.onLine ? 'noNetwork' : next;
  const line = byId('state');
  line.dataset.state = state;
  line.replaceChildren(texts()[state]);
  if (state === 'replaced') {
    line.append(' ', el('button', { type: 'button', class: 'retry', click: () => connection.hurry() }, texts().continueHere));
  }
  if (state !== 'online') outbox.disconnected();
}

function isOpen(c) {
  return c.state === 'waiting' || c.state === 'claimed';
}

function caseText(c) {
  const t = texts();
  switch (c.state) {
    case 'waiting': return t.caseWaiting;
    case 'claimed': return t.caseClaimed(c.agent);
    case 'handed_back': return t.caseBack;
    case 'cancelled': return t.caseCancelled;
    default: return t.caseClosed;
  }
}

function showCase() {
  const bar = byId('case');
  bar.hidden = !theCase;
  byId('human').disabled = Boolean(theCase && isOpen(theCase));
  if (!theCase) return;
  bar.dataset.state = theCase.state;
  byId('case-text').replaceChildren(el('strong', {}, caseText(theCase)), ' ', el('span', {}, texts().caseNumber(theCase.id)));
  byId('cancel').hidden = theCase.state !== 'waiting';
}

byId('human').addEventListener('click', () => say({ kind: 'choice', choice: CHOICE.human, text: texts().human }));
byId('cancel').addEventListener('click', () => say({ kind: 'choice', choice: CHOICE.cancel, text: texts().cancel }));
byId('script').addEventListener('click', () => {
  script = script === 'hant' ? 'hans' : 'hant';
  translate();
  say({ kind: 'choice', choice: CHOICE[script], text: texts().switched });
});

/** Keyboards on phones cover the page's end where they do not resize it. */
function fitKeyboard() {
  const viewport = window.visualViewport;
  if (!viewport) return;
  viewport.addEventListener('resize', () => {
    document.documentElement.style.setProperty('--height', `${viewport.height}px`);
    window.scrollTo(0, 0);
  });
}

fitKeyboard();
translate();
connection.hurry();
