/** Finds elements of the page by id, or creates them. Text is always inserted as text, never as HTML. */

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} kind
 * @returns {T}
 */
export function found(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${kind.name} called ${id}`);
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | boolean>} [attributes] true is an attribute without a value, false none
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/**
 * @param {string} text
 * @param {() => void} pressed
 * @param {Record<string, string | boolean>} [attributes]
 */
export function button(text, pressed, attributes = {}) {
  const element = made('button', { type: 'button', ...attributes }, text);
  element.addEventListener('click', pressed);
  return element;
}
