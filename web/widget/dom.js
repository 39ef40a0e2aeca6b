// Elements are made here and nowhere else. Text goes in as text nodes only, so
// nothing that anyone writes can become markup.

/**
 * Makes an element. Properties are set as attributes, functions as listeners,
 * children are elements or texts.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [props]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  set(node, props);
  node.append(...children);
  return node;
}

/**
 * @param {Element} node
 * @param {Record<string, any>} props
 */
function set(node, props) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
}

const ICONS = {
  chat: 'M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-6l-4.5 3.5V17H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z M8.5 11l2.5 2.5 4.5-4.5',
  next: 'm9 6 6 6-6 6',
  clip: 'M20 11.5 12 19.4a5 5 0 0 1-7.1-7l8.2-8.1a3.4 3.4 0 0 1 4.8 4.8l-8 8a1.7 1.7 0 0 1-2.4-2.5l7.2-7.1',
  file: 'M14 3H7a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h10a1 1 0 0 0 1-1V7zm0 0v4h4',
  more: 'M12 5v.01M12 12v.01M12 19v.01',
  close: 'M6 6l12 12M18 6 6 18',
  down: 'M12 5v14m-6-6 6 6 6-6',
  person: 'M4 13v-1a8 8 0 0 1 16 0v1M4 13h3v6H5a1 1 0 0 1-1-1zm16 0h-3v6h2a1 1 0 0 0 1-1zm-1 6c0 1.5-2 2-5 2',
  send: 'M12 19V6m-6 6 6-6 6 6',
};

/**
 * A line drawing, for the eye only.
 * @param {keyof typeof ICONS} name
 * @param {number} [size] in pixels
 */
export function icon(name, size = 22) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  set(svg, { viewBox: '0 0 24 24', width: size, height: size, 'aria-hidden': 'true', focusable: 'false' });
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}
