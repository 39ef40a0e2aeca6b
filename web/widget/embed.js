// The chat as a page of its own, for an app's WebView or a link. The app talks to
// it by `verihelp(…)`, it talks to the app by messages {event, detail}.

import { install, verihelp } from './api.js';

const FORWARDED = ['ready', 'unread', 'message', 'error', 'token', 'close', 'link', 'file'];

/** @returns {((event: string, detail?: any) => void) | null} */
function bridge() {
  const ios = window.webkit?.messageHandlers?.verihelp;
  if (ios) return (event, detail = null) => ios.postMessage({ event, detail });
  const android = window.verihelpHost;
  if (android) return (event, detail = null) => android.postMessage(JSON.stringify({ event, detail }));
  return null;
}

const tell = bridge();
install();
if (tell) for (const name of FORWARDED) verihelp('on', name, (/** @type {any} */ detail) => tell(name, detail));
verihelp('boot', { ...window.verihelpSettings, mode: 'page', closable: tell !== null });
