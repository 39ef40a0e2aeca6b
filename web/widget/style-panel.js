// Colours of both themes, fonts of both scripts, the launcher and the panel.

export const panel = `
:host {
  all: initial;
  --page: #f3f5f9;
  --surface: #ffffff;
  --field: #f3f5f9;
  --text: #161b24;
  --muted: #566072;
  --line: #dfe4ec;
  --edge: #828da0;
  --accent: #2257d0;
  --accent-soft: #e9f0fe;
  --on-accent: #ffffff;
  --bot: #ffffff;
  --staff: #e3f5ec;
  --staff-text: #0f6340;
  --user: #2257d0;
  --warn: #b3261e;
  --good: #14804a;
  --wait: #9a6700;
  --star: #b87400;
  --wait-soft: #fff4d8;
  --shadow: 0 1px 2px rgb(22 34 60 / 6%), 0 2px 8px rgb(22 34 60 / 4%);
  --font: system-ui, -apple-system, "PingFang TC", "Microsoft JhengHei", "Noto Sans TC", "Noto Sans CJK TC", sans-serif;
  color-scheme: light;
  color: var(--text);
  font: medium/1.6 var(--font);
}

:host([data-theme="dark"]) {
  --page: #12151b;
  --surface: #1a1f27;
  --field: #12151b;
  --text: #e8ebf1;
  --muted: #a2acbc;
  --line: #2c343f;
  --edge: #727f92;
  --accent: #93b5ff;
  --accent-soft: #202d47;
  --on-accent: #0d1420;
  --bot: #212833;
  --staff: #16352a;
  --staff-text: #86d9b3;
  --user: #2e5fca;
  --warn: #ff9d95;
  --good: #6fd3a2;
  --wait: #f0c869;
  --star: #f0c869;
  --wait-soft: #342a10;
  --shadow: none;
  color-scheme: dark;
}

:host([hidden]), [hidden] { display: none !important; }

:host([data-mode="page"]) {
  position: fixed;
  inset: var(--top, 0) 0 auto 0;
  height: var(--height, 100dvh);
  display: block;
  background: var(--page);
}

* { box-sizing: border-box; }

:lang(zh-Hans) {
  --font: system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif;
  font-family: var(--font);
}

:lang(zh-Hant) { font-family: var(--font); }

:lang(zh-HK) {
  --font: system-ui, -apple-system, "PingFang HK", "Noto Sans HK", "Noto Sans CJK HK", sans-serif;
  font-family: var(--font);
}

button, textarea { font: inherit; color: inherit; margin: 0; }

button {
  min-height: 44px;
  border: 1px solid transparent;
  border-radius: 12px;
  background: none;
  cursor: pointer;
  touch-action: manipulation;
  -webkit-tap-highlight-color: transparent;
}

button:disabled, button[aria-disabled="true"] { cursor: default; }

:focus { outline: none; }

:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}

svg {
  display: block;
  fill: none;
  stroke: currentcolor;
  stroke-width: 2;
  stroke-linecap: round;
  stroke-linejoin: round;
}

.hidden {
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
}

.launcher {
  position: fixed;
  z-index: 2147483000;
  right: max(20px, env(safe-area-inset-right));
  bottom: max(20px, env(safe-area-inset-bottom));
  display: grid;
  place-items: center;
  width: 60px;
  height: 60px;
  padding: 0;
  border-radius: 50%;
  background: var(--accent);
  color: var(--on-accent);
  box-shadow: 0 2px 6px rgb(16 26 48 / 18%), 0 10px 28px rgb(16 26 48 / 22%);
}

:host([data-side="left"]) .launcher { right: auto; left: max(20px, env(safe-area-inset-left)); }

.launcher:focus-visible { box-shadow: 0 0 0 2px var(--surface), 0 10px 28px rgb(16 26 48 / 22%); outline-offset: 3px; }

.launcher svg { grid-area: 1 / 1; }

.launcher[aria-expanded="true"] svg:first-of-type,
.launcher[aria-expanded="false"] svg:last-of-type { display: none; }

.badge {
  position: absolute;
  top: -3px;
  right: -3px;
  min-width: 24px;
  height: 24px;
  padding: 0 6px;
  border: 2px solid var(--surface);
  border-radius: 12px;
  background: #c62828;
  color: #ffffff;
  font-size: 0.75em;
  font-weight: 700;
  line-height: 20px;
  text-align: center;
}

.panel {
  position: fixed;
  z-index: 2147483000;
  inset: auto max(20px, env(safe-area-inset-right)) max(92px, calc(72px + env(safe-area-inset-bottom))) auto;
  width: 400px;
  max-width: none;
  height: min(700px, calc(100vh - 116px));
  max-height: none;
  margin: 0;
  padding: 0;
  overflow: hidden;
  border: 1px solid var(--line);
  border-radius: 20px;
  background: var(--page);
  color: inherit;
  box-shadow: 0 4px 12px rgb(16 26 48 / 10%), 0 20px 60px rgb(16 26 48 / 22%);
}

:host([data-side="left"]) .panel { right: auto; left: max(20px, env(safe-area-inset-left)); }

.panel:not([open]) { display: none; }

.panel:modal ~ .launcher { visibility: hidden; } /* the panel is all there is */

.panel::backdrop { background: var(--page); }

@media (max-width: 520px), (max-height: 480px) {
  .panel, :host([data-side="left"]) .panel {
    inset: var(--top, 0) 0 auto 0;
    width: 100%;
    height: var(--height, 100dvh);
    border: 0;
    border-radius: 0;
  }
}

@media (prefers-reduced-motion: no-preference) {
  .panel[open] { animation: rise 180ms ease-out; }
  .launcher { transition: transform 120ms; }
  .launcher:hover { transform: scale(1.05); }
}

@keyframes rise {
  from { opacity: 0; transform: translateY(12px); }
}

@media (forced-colors: active) {
  .launcher, .panel { border: 2px solid ButtonText; }
}

@media print {
  .launcher { display: none; }
}
`;
