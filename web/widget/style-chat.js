// The parts of the conversation, from top to bottom. Font sizes are set on what
// holds text directly, so that they do not multiply.

export const chat = `
.chat {
  display: flex;
  flex-direction: column;
  height: 100%;
  background: var(--page);
  color: var(--text);
  line-break: strict;
  overflow-wrap: anywhere;
  -webkit-text-size-adjust: 100%;
  text-size-adjust: 100%;
}

:host([data-mode="page"]) .chat { max-width: 760px; margin: 0 auto; }

/* Header */

.bar {
  display: flex;
  align-items: center;
  gap: 12px;
  padding: max(10px, env(safe-area-inset-top)) max(10px, env(safe-area-inset-right)) 10px max(16px, env(safe-area-inset-left));
  background: var(--surface);
  border-bottom: 1px solid var(--line);
}

.mark {
  display: grid;
  place-items: center;
  flex: none;
  width: 40px;
  height: 40px;
  border-radius: 13px;
  background: var(--accent);
  color: var(--on-accent);
}

.mark.large { width: 60px; height: 60px; border-radius: 20px; }

.who { flex: 1; min-width: 0; }

.title { margin: 0; font-size: 1.0625em; font-weight: 650; line-height: 1.35; }

.state { margin: 0; color: var(--muted); font-size: 0.8125em; line-height: 1.45; }

.state::before {
  content: "";
  display: inline-block;
  width: 8px;
  height: 8px;
  margin-inline-end: 6px;
  border-radius: 50%;
  background: var(--wait);
}

.state[data-state="online"]::before, .state[data-state="idle"]::before { background: var(--good); }

.state[data-state="noNetwork"]::before, .state[data-state="refused"]::before, .state[data-state="signIn"]::before {
  border-radius: 2px;
  background: var(--warn);
}

.close { display: grid; place-items: center; flex: none; width: 44px; color: var(--muted); }

/* The case with staff */

.case {
  display: flex;
  align-items: center;
  justify-content: space-between;
  gap: 12px;
  min-height: 56px;
  padding: 6px 16px;
  background: var(--surface);
  border-bottom: 1px solid var(--line);
}

.case[data-state="waiting"] { background: var(--wait-soft); }
.case[data-state="claimed"] { background: var(--staff); }
.case-text { line-height: 1.4; }
.case-text strong { display: block; font-size: 0.9375em; font-weight: 600; text-wrap: balance; }
.case-text span { color: var(--muted); font-size: 0.8125em; }
.case[data-state="waiting"] .case-text span, .case[data-state="claimed"] .case-text span { color: var(--text); }

.quiet {
  flex: none;
  padding: 0 14px;
  border-color: var(--edge);
  border-radius: 22px;
  background: var(--surface);
  font-size: 0.875em;
}

/* Conversation */

.scroll {
  display: flex;
  flex-direction: column;
  flex: 1;
  min-height: 0;
  overflow-y: auto;
  overscroll-behavior: contain;
  padding: 12px max(14px, env(safe-area-inset-right)) 16px max(14px, env(safe-area-inset-left));
  scrollbar-width: thin;
  scrollbar-color: var(--edge) transparent;
}

.scroll:focus-visible { outline-offset: -3px; }

.log { margin-top: auto; } /* the first words begin near the input, where thumbs are */

.day { margin: 12px 0; color: var(--muted); font-size: 0.8125em; text-align: center; }

.turn {
  display: flex;
  flex-direction: column;
  align-items: flex-start;
  gap: 4px;
  margin-bottom: 14px;
}

.turn.user { align-items: flex-end; }

.bubble {
  max-width: min(90%, 560px);
  padding: 11px 15px;
  border: 1px solid var(--line);
  border-radius: 6px 18px 18px 18px;
  background: var(--bot);
  box-shadow: var(--shadow);
}

.user .bubble {
  max-width: min(84%, 520px);
  border-color: transparent;
  border-radius: 18px 18px 6px 18px;
  background: var(--user);
  color: #ffffff;
}

.staff .bubble { border-color: transparent; background: var(--staff); }

.sender { margin: 0 4px; color: var(--staff-text); font-size: 0.8125em; }

.notice { align-items: center; }

.notice .bubble {
  max-width: 92%;
  padding: 4px 14px;
  border-color: transparent;
  border-radius: 14px;
  background: none;
  box-shadow: none;
  color: var(--muted);
  text-align: center;
}

.notice .bubble .text { font-size: 0.9375em; text-wrap: balance; }

.notice .meta { display: none; }

.text { margin: 0; white-space: pre-wrap; }

.bubble > * + * { margin-top: 10px; }

.bubble ol, .bubble ul { margin-bottom: 0; padding-inline-start: 0; list-style: none; }

.bubble li { position: relative; padding-inline-start: 34px; white-space: pre-wrap; }

.bubble li + li { margin-top: 10px; }

.bubble ol { counter-reset: step; }

.bubble ol > li::before {
  counter-increment: step;
  content: counter(step);
  position: absolute;
  inset-inline-start: 0;
  top: 0.1em;
  display: grid;
  place-items: center;
  min-width: 1.75em;
  height: 1.75em;
  border-radius: 0.9em;
  background: var(--accent-soft);
  color: var(--accent);
  font: 650 0.8125em/1 system-ui, sans-serif;
}

.bubble ul > li { padding-inline-start: 18px; }

.bubble ul > li::before {
  content: "";
  position: absolute;
  inset-inline-start: 4px;
  top: 0.65em;
  width: 6px;
  height: 6px;
  border-radius: 50%;
  background: var(--accent);
}

.source { margin-bottom: 0; color: var(--muted); font-size: 0.8125em; line-height: 1.5; }

.source:not(:first-child) { padding-top: 9px; border-top: 1px solid var(--line); }

.source a { display: inline-block; padding: 4px 0; color: var(--accent); text-underline-offset: 3px; }

.meta { margin: 0 4px; color: var(--muted); font-size: 0.75em; line-height: 1.4; }

.failed .bubble { border: 2px dashed var(--warn); background: var(--surface); color: var(--text); }

.failed .meta { color: var(--warn); font-size: 0.8125em; }

.retry {
  min-height: 32px;
  padding: 0 8px;
  color: var(--accent);
  font-weight: 600;
  text-decoration: underline;
  text-underline-offset: 3px;
}

.turn .retry, .state .retry { min-height: 44px; }

.state .retry { margin-block: -12px; }

.choices {
  display: flex;
  flex-wrap: wrap;
  gap: 8px;
  width: 100%;
  max-width: 560px;
  margin-top: 6px;
}

.choice {
  padding: 8px 16px;
  border-color: var(--accent);
  border-radius: 22px;
  background: var(--surface);
  color: var(--accent);
  font-weight: 500;
  line-height: 1.4;
  text-align: start;
}

.choice[aria-disabled="true"] { border-color: var(--line); background: none; color: var(--muted); font-weight: 400; }

.choice.taken { border-color: var(--accent); background: var(--accent-soft); color: var(--accent); }

.choice.taken::after { content: " ✓"; content: " ✓" / ""; }

.typing { margin: 0 0 14px; }

.dots {
  display: inline-flex;
  gap: 5px;
  padding: 15px 16px;
  border: 1px solid var(--line);
  border-radius: 6px 18px 18px 18px;
  background: var(--bot);
}

.dots i { width: 7px; height: 7px; border-radius: 50%; background: var(--edge); }

@media (hover: hover) {
  .choice:not([aria-disabled="true"]):hover, .starter:hover, .human:enabled:hover, .script:hover, .close:hover { background: var(--accent-soft); }
}

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

.welcome p { max-width: 420px; margin: 0; color: var(--muted); text-wrap: pretty; }

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
  padding: 10px 4px 10px 15px;
  border: 0;
  border-radius: 22px;
  background: none;
  font-size: max(16px, 1em); /* below 16 px iOS zooms in */
  line-height: 1.5;
  resize: none;
}

.form textarea:focus-visible { outline: none; } /* the ring is around the form */

.form textarea::placeholder { color: var(--muted); opacity: 1; }

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

.human span { font-size: 0.9375em; font-weight: 600; }

.human:disabled { color: var(--muted); }

.script { display: flex; align-items: center; gap: 2px; padding: 0 8px; color: var(--muted); }

.script span { padding: 0 7px; border-radius: 8px; font-size: 0.875em; line-height: 1.75; }

.traditional::before { content: "繁"; content: "繁" / ""; } /* the button's name says it in words */

.simplified::before { content: "简"; content: "简" / ""; }

.script[data-script="hant"] span:first-child,
.script[data-script="hans"] span:last-child { background: var(--accent-soft); color: var(--accent); font-weight: 650; }

@media (max-width: 280px) { /* 200 % on a small phone */
  .bar .mark, .human svg { display: none; }
  .case { flex-wrap: wrap; }
  .human { padding: 0 6px; text-align: start; }
}

@media (max-height: 620px) {
  .welcome .mark { display: none; }
  .starters { margin: 14px 0; }
  .hello { margin-top: 4px; }
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
