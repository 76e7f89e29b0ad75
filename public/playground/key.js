/**
 * The field for an API key, on the page only if one is needed or was given. The key is in this tab's session storage
 * and in headers, and nowhere else.
 */
import { found } from './element.js';

const STORED = 'mobilenet-edge-key';
const NOTE = 'Kept in this tab only.';

const form = found('access', HTMLFormElement);
const more = found('more', HTMLDetailsElement);
const input = found('key', HTMLInputElement);
const note = found('key-note', HTMLElement);

/** @returns {string} empty where there is none */
export function key() {
  return input.value.trim();
}

/** @param {() => void} used what to do when someone presses the button or Enter */
export function openKeyField(used) {
  input.value = stored();
  if (key() !== '') form.hidden = false;
  input.addEventListener('input', () => {
    store(key());
    say(NOTE, false);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    // Headers allow only these characters; with a pasted line break a request would fail like a broken network.
    if (!/^[\x21-\x7e]*$/.test(key()))
      return refused('A key has only letters, digits and signs, no spaces. Paste it again.');
    used();
  });
  found('forget', HTMLButtonElement).addEventListener('click', () => {
    input.value = '';
    store('');
    say(NOTE, false);
    input.focus();
  });
}

/** Shows the field, and says that callers need a key here. */
export function keyIsNeeded() {
  reveal();
  if (key() === '') say(`This deployment answers callers with a key. ${NOTE}`, false);
}

/**
 * The service requires a key, or another one.
 *
 * @param {string} why
 */
export function refused(why) {
  reveal();
  say(why, true);
  input.focus();
  input.select();
}

export function accepted() {
  say(NOTE, false);
}

function reveal() {
  form.hidden = false;
  more.open = true;
}

/**
 * @param {string} text
 * @param {boolean} wrong
 */
function say(text, wrong) {
  note.textContent = text;
  note.classList.toggle('wrong', wrong);
  if (wrong) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
}

/** Browsers may forbid storage: then the field itself keeps the key until the page is left. */
function stored() {
  try {
    return sessionStorage.getItem(STORED) ?? '';
  } catch {
    return '';
  }
}

/** @param {string} value */
function store(value) {
  try {
    if (value === '') sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, value);
  } catch {
    // See above.
  }
}
