// The style sheets of the shadow root. They are constructed, not linked, so that a
// host page's security policy need not allow styles from here.

import { chat } from './style-chat.js';
import { compose } from './style-compose.js';
import { extra } from './style-extra.js';
import { panel } from './style-panel.js';

/** @type {CSSStyleSheet[]} */
let made = [];

export function sheets() {
  if (made.length === 0) {
    made = [panel, chat, compose, extra].map((text) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      return sheet;
    });
  }
  return made;
}
