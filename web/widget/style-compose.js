// The greeting, the input, and what depends on the screen and the person.

export const compose = `
/* Before the first word */

.welcome {
  display: flex;
  flex-direction: column;
  align-items: center;
  justify-content: center;
  flex: 1 0 auto;
  padding: 16px 8px;
  text-align: center;
}

.hello { margin: 18px 0 6px; font-size: 1.25em; font-weight: 650; line-height: 1.4; text-wrap: balance; }

.welcome p { max-width: 420px; margin: 0; color: var(--muted); text-wrap: balance; }

.starters {
  width: 100%;
  max-width: 420px;
  margin: 22px 0 18px;
  padding: 0;
  overflow: hidden;
  border: 1px solid var(--line);
  border-radius: 16px;
  background: var(--surface);
  box-shadow: var(--shadow);
  list-style: none;
}

.starters li + li { border-top: 1px solid var(--line); }

.starter {
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 12px;
  width: 100%;
  min-height: 50px;
  padding: 10px 16px;
  border-radius: 0;
  color: var(--text);
  line-height: 1.4;
  text-align: start;
}

.starter svg { flex: none; color: var(--accent); }

.starter:focus-visible { outline-offset: -3px; }

.welcome .caution { font-size: 0.8125em; }

/* Input */

.newer {
  position: absolute;
  bottom: calc(100% + 12px);
  left: 50%;
  display: flex;
  align-items: center;
  gap: 6px;
  padding: 0 18px;
  border-radius: 22px;
  background: var(--accent);
  color: var(--on-accent);
  font-weight: 600;
  white-space: nowrap;
  box-shadow: 0 4px 16px rgb(16 26 48 / 24%);
  transform: translateX(-50%);
}

.compose {
  position: relative;
  padding: 10px max(12px, env(safe-area-inset-right)) max(4px, env(safe-area-inset-bottom)) max(12px, env(safe-area-inset-left));
  background: var(--surface);
  border-top: 1px solid var(--line);
}

.form {
  display: flex;
  align-items: flex-end;
  padding: 3px;
  border: 1px solid var(--edge);
  border-radius: 26px;
  background: var(--field);
}

.form:focus-within { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }

.form textarea {
  flex: 1;
  min-width: 0;
  min-height: 44px;
  max-height: min(176px, 40vh);
  padding: 10px 4px;
  border: 0;
  border-radius: 22px;
  background: none;
  font-size: max(16px, 1em); /* below 16 px iOS zooms in */
  line-height: 1.5;
  resize: none;
}

.form textarea:focus-visible { outline: none; } /* the ring is around the form */

.form textarea::placeholder { color: var(--muted); opacity: 1; white-space: nowrap; }

.send {
  display: grid;
  place-items: center;
  flex: none;
  width: 44px;
  height: 44px;
  border-radius: 50%;
  background: var(--accent);
  color: var(--on-accent);
}

.send:disabled { background: none; color: var(--edge); }

.count { margin: 6px 16px 0; color: var(--muted); font-size: 0.8125em; }

.count:empty { display: none; }

.count.over { color: var(--warn); font-weight: 600; }

.foot { display: flex; align-items: center; justify-content: space-between; gap: 8px; }

.human { display: flex; align-items: center; gap: 7px; padding: 0 12px; color: var(--accent); }

.human span { font-size: 0.9375em; font-weight: 600; white-space: nowrap; }

.human:disabled { color: var(--muted); }

.script { display: flex; align-items: center; gap: 2px; padding: 0 8px; color: var(--muted); }

.script span { padding: 0 7px; border-radius: 8px; font-size: 0.875em; line-height: 1.75; }

.traditional::before { content: "繁"; content: "繁" / ""; } /* the button's name says it in words */

.simplified::before { content: "简"; content: "简" / ""; }

.script[data-script="hant"] span:first-child,
.script[data-script="hans"] span:last-child { background: var(--accent-soft); color: var(--accent); font-weight: 650; }

@media (max-width: 280px) { /* 200 % on a small phone */
  .bar .mark, .human svg { display: none; }
  .bar { gap: 0; padding-inline: 12px 4px; }
  .title { font-size: 1em; }
  .case { flex-wrap: wrap; padding-inline: 12px; }
  .human { padding: 0 6px; text-align: start; }
  .compose { padding-inline: 6px; }
  .form textarea { padding-inline: 2px; }
  .foot { gap: 0; }
  .script { padding: 0; }
  .script span { padding: 0 5px; }
}

@media (max-height: 620px) {
  .welcome .mark { display: none; }
  .starters { margin: 14px 0; }
  .hello { margin-top: 4px; }
}

@media (max-height: 480px) { /* the conversation keeps some room */
  .form textarea { max-height: 25vh; }
}

@media (min-width: 800px) {
  :host([data-mode="page"]) .chat { border-inline: 1px solid var(--line); }
}

@media (prefers-reduced-motion: no-preference) {
  .turn:not(.user) { animation: appear 140ms ease-out; }
  [aria-live="off"] .turn { animation: none; }
  button { transition: background-color 120ms, border-color 120ms; }
  .dots i { animation: breathe 1.2s ease-in-out infinite; }
  .dots i:nth-child(2) { animation-delay: 0.15s; }
  .dots i:nth-child(3) { animation-delay: 0.3s; }
}

@keyframes appear {
  from { opacity: 0; transform: translateY(6px); }
}

@keyframes breathe {
  50% { opacity: 0.35; }
}

@media (forced-colors: active) {
  .bubble { border-color: CanvasText !important; }
  .send:not(:disabled), .mark { border: 1px solid ButtonText; }
}
`;
