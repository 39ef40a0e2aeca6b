// The parts of the conversation, from top to bottom, empty.

import { el, icon } from './dom.js';

/** @typedef {ReturnType<typeof layout>} Layout */

/**
 * Builds the conversation. As a page of its own it has landmarks and a main
 * heading; inside someone's page it must not bring a second set.
 * @param {boolean} page
 */
export function layout(page) {
  const title = el(page ? 'h1' : 'h2', { class: 'title', id: 'title', 'data-text': 'title' });
  const state = el('p', { id: 'state', class: 'state', role: 'status', 'data-state': 'idle' });
  const close = el('button', { id: 'close', class: 'close', type: 'button', 'data-label': 'close' }, icon('close'));
  const more = el('button', { id: 'more', class: 'close', type: 'button', 'data-label': 'more', 'aria-expanded': 'false', 'aria-controls': 'menu' }, icon('more'));
  const menu = el('div', { id: 'menu', class: 'menu', hidden: true });
  const bar = el(page ? 'header' : 'div', { class: 'bar' },
    el('div', { class: 'mark' }, icon('chat', 24)), el('div', { class: 'who' }, title, state), more, close, menu);

  const caseText = el('strong', { id: 'case-text' });
  const copy = el('button', { id: 'copy', class: 'copy', type: 'button' });
  const cancel = el('button', { id: 'cancel', class: 'quiet', type: 'button', 'data-text': 'cancel', hidden: true });
  const caseBar = el('section', { id: 'case', class: 'case', role: 'status', hidden: true }, el('div', { class: 'case-text' }, caseText, copy), cancel);

  const starters = el('ul', { id: 'starters', class: 'starters' });
  const welcome = el('section', { id: 'welcome', class: 'welcome' },
    el('div', { class: 'mark large' }, icon('chat', 34)),
    el(page ? 'h2' : 'h3', { class: 'hello', 'data-text': 'welcome' }),
    el('p', { 'data-text': 'welcomeMore' }), starters,
    el('p', { class: 'caution', 'data-text': 'caution' }));
  const items = el('div', { id: 'items' });
  const pending = el('div', { id: 'pending' });
  const log = el('div', { id: 'log', class: 'log', role: 'log', 'aria-live': 'off', 'data-label': 'log' }, items, pending);
  const typingText = el('span', { class: 'hidden' });
  const typing = el('div', { id: 'typing', class: 'typing', role: 'status', hidden: true },
    el('span', { class: 'dots', 'aria-hidden': 'true' }, el('i'), el('i'), el('i')), typingText);
  const scroll = el(page ? 'main' : 'div', { id: 'scroll', class: 'scroll', tabindex: '0', role: page ? null : 'region', 'data-label': 'log' },
    welcome, log, typing);

  const newer = el('button', { id: 'newer', class: 'newer', type: 'button', hidden: true },
    el('span', { 'data-text': 'newer' }), icon('down', 16));
  const input = el('textarea', {
    id: 'input', rows: 1, enterkeyhint: 'send', 'aria-describedby': 'count', autocomplete: 'off',
  });
  const send = el('button', { id: 'send', class: 'send', type: 'submit', 'data-label': 'send', disabled: true }, icon('send'));
  const attach = el('button', { id: 'attach', class: 'attach', type: 'button', 'data-label': 'attach' }, icon('clip'));
  const picker = el('input', { type: 'file', hidden: true, multiple: true, accept: 'image/jpeg,image/png,image/webp,application/pdf' });
  const list = el('ul', {});
  const tray = el('section', { id: 'tray', class: 'tray', 'data-label': 'files', hidden: true }, el('p', { 'data-text': 'fileWarning' }), list);
  const fileNote = el('p', { id: 'file-note', class: 'count over', role: 'status' });
  const form = el('form', { id: 'form', class: 'form', autocomplete: 'off' },
    el('label', { class: 'hidden', for: 'input', 'data-text': 'inputLabel' }), attach, picker, input, send);
  const count = el('p', { id: 'count', class: 'count', role: 'status' });
  const human = el('button', { id: 'human', class: 'human', type: 'button' }, icon('person', 18), el('span', { 'data-text': 'person' }));
  const script = el('button', { id: 'script', class: 'script', type: 'button' },
    el('span', { lang: 'zh-Hant', class: 'traditional' }), el('span', { lang: 'zh-Hans', class: 'simplified' }));
  const compose = el(page ? 'footer' : 'div', { class: 'compose' },
    newer, tray, fileNote, form, count, el('div', { class: 'foot' }, human, script));

  const alert = el('div', { id: 'alert', class: 'hidden', role: 'alert' });
  const root = el('div', { class: 'chat' }, bar, caseBar, scroll, compose, alert);
  return {
    root, title, state, more, menu, close, case: caseBar, caseText, copy, cancel, attach, picker, list, tray, fileNote, scroll, welcome, starters, log, items, pending,
    typing, typingText, newer, input, send, form, count, human, script, alert,
  };
}
