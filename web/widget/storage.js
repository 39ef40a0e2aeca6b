// What the widget keeps between visits: the session's secret, unsent messages and
// the draft. A WebView without storage, or a browser that refuses it, gets a
// memory that ends with the page.

const PREFIX = 'verihelp.';
/** @type {Map<string, string>} */
const memory = new Map();

/**
 * @template T
 * @param {(storage: Storage) => T} use
 * @param {() => T} otherwise
 */
function tryStorage(use, otherwise) {
  try {
    return use(window.localStorage);
  } catch {
    return otherwise();
  }
}

/** @param {string} name @returns {string | null} */
export function load(name) {
  const key = PREFIX + name;
  return tryStorage((s) => s.getItem(key), () => null) ?? memory.get(key) ?? null;
}

/** @param {string} name @param {string} value */
export function save(name, value) {
  const key = PREFIX + name;
  tryStorage((s) => { s.setItem(key, value); memory.delete(key); }, () => { memory.set(key, value); });
}

/** @param {string} name */
export function remove(name) {
  const key = PREFIX + name;
  memory.delete(key);
  tryStorage((s) => s.removeItem(key), () => {});
}

/** The names of all entries that begin with the given words, in order. @param {string} start */
export function names(start) {
  const keys = new Set(memory.keys());
  tryStorage((s) => { for (let i = 0; i < s.length; i++) keys.add(s.key(i) ?? ''); }, () => {});
  return [...keys].filter((k) => k.startsWith(PREFIX + start)).map((k) => k.slice(PREFIX.length)).sort();
}

/** Forgets everything: the person has logged out. */
export function forget() {
  for (const name of names('')) remove(name);
}
