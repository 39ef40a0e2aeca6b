// Elements are made here and nowhere else. Text goes in as text nodes only, so
// nothing that anyone writes can become markup.

/**
 * Makes an element. Properties are set as attributes, functions as listeners,
 * children are elements or texts.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, '');
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** The element with this ID of the page. */
export function byId(id) {
  return document.getElementById(id);
}
