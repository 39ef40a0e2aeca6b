// Files, the rating, and the menu.

export const extra = `
#more svg { stroke-width: 3; }

.attach { display: grid; place-items: center; flex: none; width: 44px; height: 44px; border-radius: 50%; color: var(--muted); }

.tray { max-height: 34vh; margin-bottom: 8px; overflow-y: auto; padding: 8px 12px; border: 1px solid var(--line); border-radius: 16px; background: var(--field); }

.tray ul { margin: 0; padding: 0; list-style: none; }

.tray li { display: flex; align-items: center; gap: 10px; }

.tray li + li { margin-top: 6px; }

.tray img { flex: none; width: 48px; height: 48px; border: 1px solid var(--line); border-radius: 10px; object-fit: cover; }

.tray svg, .file svg { flex: none; color: var(--accent); }

.tray .drop { display: grid; place-items: center; flex: none; width: 44px; }

.tray .drop svg { color: var(--muted); }

.tray p { margin: 0 0 8px; padding: 8px 12px; border-radius: 10px; background: var(--wait-soft); font-size: 0.8125em; line-height: 1.5; }

.named { flex: 1; min-width: 0; }

.name { display: block; font-size: 0.875em; line-height: 1.4; }

.named small { color: var(--muted); font-size: 0.75em; }

.told:not(:empty) { display: block; color: var(--warn); font-size: 0.8125em; }

progress { display: block; width: 100%; height: 6px; margin-top: 4px; accent-color: var(--accent); }

#file-note { margin: 0 4px 8px; color: var(--text); font-weight: 400; line-height: 1.5; }

.file {
  display: flex;
  align-items: center;
  gap: 10px;
  max-width: min(84%, 300px);
  padding: 8px 14px 8px 10px;
  border-color: var(--line);
  border-radius: 16px;
  background: var(--surface);
  text-align: start;
}

.file.pictured { flex-direction: column; align-items: stretch; gap: 4px; padding: 6px; }

.file img { display: block; max-width: 100%; width: auto; height: auto; max-height: 240px; border-radius: 11px; object-fit: contain; background: var(--page); }

.file.pictured .named { padding: 0 6px; }

[data-changed="gone"] .bubble { background: none; border: 1px dashed var(--edge); box-shadow: none; color: var(--muted); }

.meta em { font-style: normal; }

.rating {
  width: 100%;
  max-width: 420px;
  margin-top: 8px;
  padding: 14px 16px;
  border: 1px solid var(--line);
  border-radius: 18px;
  background: var(--surface);
}

.rating fieldset { margin: 0; padding: 0; border: 0; text-align: center; }

.rating legend { width: 100%; padding: 0; font-size: 0.9375em; font-weight: 600; }

.stars { display: flex; flex-wrap: wrap; justify-content: center; margin: 4px 0; }

.stars label { position: relative; display: grid; place-items: center; width: 44px; height: 44px; border-radius: 12px; cursor: pointer; }

.stars input { position: absolute; inset: 0; width: 100%; height: 100%; margin: 0; opacity: 0; cursor: pointer; }

.star { color: var(--edge); font: 1.75em/1 var(--font); }

.star::before { content: "☆"; }

.stars label:has(:checked) .star, .stars label:has(~ label :checked) .star { color: var(--star); }

.stars label:has(:checked) .star::before, .stars label:has(~ label :checked) .star::before { content: "★"; }

.stars label:has(:focus-visible) { outline: 3px solid var(--accent); }

.rating textarea {
  display: block;
  width: 100%;
  padding: 9px 12px;
  border: 1px solid var(--edge);
  border-radius: 12px;
  background: var(--field);
  font-size: max(16px, 0.9375em);
  line-height: 1.5;
  resize: none;
}

.rating textarea::placeholder { color: var(--muted); opacity: 1; }

.rating textarea:focus-visible { outline: 3px solid var(--accent); }

.rating > button { width: 100%; margin-top: 10px; border-radius: 22px; background: var(--accent); color: var(--on-accent); font-size: 0.9375em; font-weight: 600; }

.menu {
  position: absolute;
  z-index: 2;
  top: calc(100% - 4px);
  right: 12px;
  display: flex;
  flex-direction: column;
  width: min(300px, calc(100% - 24px));
  padding: 6px;
  border: 1px solid var(--line);
  border-radius: 16px;
  background: var(--surface);
  box-shadow: 0 8px 30px rgb(16 26 48 / 22%);
}

.menu p { margin: 8px 12px 10px; font-size: 0.875em; line-height: 1.55; }

.menu button, .menu a {
  display: flex;
  align-items: center;
  justify-content: space-between;
  min-height: 44px;
  padding: 6px 12px;
  border-radius: 10px;
  color: var(--text);
  font-size: 0.9375em;
  text-align: start;
  text-decoration: none;
}

.menu a { color: var(--accent); font-weight: 600; }

.menu .grave { color: var(--warn); font-weight: 600; }

@media (max-width: 280px) { /* 200 % on a small phone */
  .rating { padding-inline: 10px; }
  .tray { padding-inline: 8px; }
  .tray img, .tray li > svg { display: none; }
}

@media (max-height: 480px) {
  .tray { max-height: 24vh; }
}

@media (hover: hover) {
  .menu button:hover, .menu a:hover, .attach:hover { background: var(--accent-soft); }
}

@media (forced-colors: active) {
  .stars label:has(:checked) { outline: 2px solid Highlight; }
}
`;
