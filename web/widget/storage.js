// What the page keeps between visits: the session's secret, unsent messages and
// the draft. A WebView without storage, or a browser that refuses it, gets a
// memory that ends with the page.

const PREFIX = 'verihelp.';
const memory = new Map();

function tryStorage(use, otherwise) {
  try {
    return use(window.localStorage);
  } catch {
    return otherwise();
  }
}

export function load(name) {
  const key = PREFIX + name;
  return tryStorage((s) => s.getItem(key), () => null) ?? memory.get(key) ?? null;
}

export function save(name, value) {
  const key = PREFIX + name;
  tryStorage((s) => { s.setItem(key, value); memory.delete(key); }, () => memory.set(key, value));
}

export function remove(name) {
  const key = PREFIX + name;
  memory.delete(key);
  tryStorage((s) => s.removeItem(key), () => {});
}

/** The names of all entries that begin with the given words, in order. */
export function names(start) {
  const keys = new Set(memory.keys());
  tryStorage((s) => { for (let i = 0; i < s.length; i++) keys.add(s.key(i)); }, () => {});
  return [...keys].filter((k) => k.startsWith(PREFIX + start)).map((k) => k.slice(PREFIX.length)).sort();
}
