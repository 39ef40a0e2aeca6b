// Stars and a word after a case.

import { el } from './dom.js';

const STARS = [1, 2, 3, 4, 5];
const LONGEST = 1000; // characters of the comment

/** @param {number} n */
export function starsOf(n) {
  return '★'.repeat(n) + '☆'.repeat(STARS.length - n);
}

/**
 * @param {import('./texts.js').Texts} t
 * @param {(stars: number, comment: string) => void} rate
 */
export function rating(t, rate) {
  const stars = STARS.map((n) => el('label', { title: t.stars[n - 1] },
    el('input', { type: 'radio', name: 'stars', value: n, required: true, 'aria-label': t.stars[n - 1] }),
    el('span', { class: 'star', 'aria-hidden': 'true' })));
  const comment = el('textarea', { rows: 2, maxlength: LONGEST, 'aria-label': t.rateComment, placeholder: t.rateComment });
  const form = el('form', { class: 'rating' },
    el('fieldset', {}, el('legend', {}, t.rate), el('div', { class: 'stars' }, ...stars)),
    comment, el('button', { type: 'submit' }, t.rateSend));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector(':checked'));
    if (chosen) rate(Number(chosen.value), comment.value.trim());
  });
  return form;
}
