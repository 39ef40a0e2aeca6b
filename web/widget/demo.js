// What a host page does: a stub that keeps commands until the widget has loaded,
// the settings, and whatever the page knows that helps to help.

window.verihelp = window.verihelp || Object.assign(
  (/** @type {any[]} */ ...command) => { window.verihelp?.q?.push(/** @type {any} */ (command)); },
  { q: /** @type {any[]} */ ([]) },
);

window.verihelp('boot', {
  locale: 'zh-TW',
  launcher: true,
  context: {
    page: '/kyc/upload',
    appVersion: 'demo 1.0',
    step: document.querySelector('h1')?.textContent ?? '',
    errorText: document.querySelector('#reason')?.textContent ?? '',
  },
});
window.verihelp('on', 'unread', (/** @type {number} */ n) => {
  const output = document.querySelector('#unread');
  if (output) output.textContent = `未讀 ${n}`;
});

document.querySelector('#help')?.addEventListener('click', () => window.verihelp?.('open', true));
document.querySelector('#controls')?.addEventListener('click', (event) => {
  const { command, theme, locale } = /** @type {HTMLElement} */ (event.target).dataset;
  if (command) window.verihelp?.(command);
  if (theme || locale) window.verihelp?.('update', { theme, locale });
});
const address = document.querySelector('#address');
if (address) address.textContent = new URL('.', document.baseURI).href;
