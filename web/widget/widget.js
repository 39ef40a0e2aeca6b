// What a host page loads. Commands given before this file arrived wait in the
// stub's queue; `verihelpSettings` alone boots the chat, too.

import { install, verihelp } from './api.js';

const start = () => install(() => {
  if (window.verihelpSettings) verihelp('boot', window.verihelpSettings);
});

if (document.body) start();
else document.addEventListener('DOMContentLoaded', start);
