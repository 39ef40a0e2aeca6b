// The conversation from its header to its last bubble. Font sizes are set on what
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
  position: relative;
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

.state { margin: 0; color: var(--muted); font-size: 0.8125em; line-height: 1.45; text-wrap: balance; }

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

.state:is([data-state="noNetwork"], [data-state="refused"], [data-state="signIn"], [data-state="notHere"], [data-state="outdated"])::before {
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
.case:is([data-state="claimed"], [data-state="pending"], [data-state="snoozed"]) { background: var(--staff); }
.case-text { line-height: 1.4; }
.case-text strong { display: block; font-size: 0.9375em; font-weight: 600; text-wrap: balance; }

.copy {
  margin: -8px -8px -12px;
  padding: 0 8px;
  color: var(--muted);
  font-size: 0.8125em;
  text-decoration: underline dotted;
  text-underline-offset: 4px;
}

.case:is([data-state="waiting"], [data-state="claimed"], [data-state="pending"], [data-state="snoozed"]) .copy { color: var(--text); }

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

.notice .bubble :is(ul, ol) { width: fit-content; margin-inline: auto; text-align: start; }

.notice .meta { display: none; }

.text { margin: 0; white-space: pre-wrap; text-wrap: pretty; }

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

.date { white-space: nowrap; }

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
`;
