/** Shows and chooses where the classes are kept: in the service under a name, or in this tab only. */
import { found, made } from '../element.js';
import { Refusal } from '../service.js';
import { byService } from './by-service.js';
import { inTab } from './in-tab.js';

/** @typedef {import('./by-service.js').Keeper} Keeper */

const kept = found('kept', HTMLElement);

/** The collection's name, unless the address gives another: `#teach/NAME`. */
const USUAL_NAME = 'my-classes';
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

const MAY_NOT =
  'You may not teach this service, so it works in this tab: the service makes an embedding of each picture, the classes are trained here, nothing is stored, and all is gone when you close the tab.';

/**
 * Finds out whether the service stores classes for this caller.
 *
 * @param {import('../service.js').Limits} limits
 * @param {() => string} key
 * @returns {Promise<{ keeper: Keeper, isThere: boolean }>} `isThere`: the collection has been made before
 */
export async function keeperFor(limits, key) {
  const { enabled, anonymous } = limits.collections;
  if (!enabled || (key() === '' && !anonymous)) return { keeper: inTab(asked(), key), isThere: false };
  const keeper = byService(asked(), key);
  try {
    // This also checks the right, and changes nothing.
    await keeper.report();
    return { keeper, isThere: true };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.code === 'collection_unknown') return { keeper, isThere: false };
    if (error.code === 'collection_untaught') return { keeper, isThere: true };
    if (error.status === 403) return { keeper: inTab(asked(), key), isThere: false };
    throw error;
  }
}

/** @param {Keeper} keeper */
export function sayPlace({ name, isStored }) {
  if (!isStored) return kept.replaceChildren(MAY_NOT);
  const input = made('input', {
    id: 'collection-name',
    autocomplete: 'off',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: '63',
    pattern: '[a-z0-9][a-z0-9\\-]*',
    title: 'a–z, 0–9 and -, not beginning with -',
  });
  input.value = name;
  const form = made(
    'form',
    { class: 'field', novalidate: true },
    made('label', { for: 'collection-name' }, 'Collection'),
    input,
    made('button', { type: 'submit', class: 'slim' }, 'Open'),
  );
  const wrong = made('span', { class: 'wrong', role: 'alert' });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const next = input.value.trim();
    input.toggleAttribute('aria-invalid', false);
    wrong.textContent = '';
    if (NAME.test(next)) {
      location.hash = `#teach/${next}`;
      return;
    }
    input.setAttribute('aria-invalid', 'true');
    wrong.textContent = ' A name has a–z, 0–9 and -, and does not begin with -.';
    input.focus();
  });
  kept.replaceChildren(
    'The service keeps an embedding of each picture until you forget it here. The pictures stay in this tab.',
    form,
    wrong,
  );
}

/** @param {string} text */
export function sayNoPlace(text) {
  kept.replaceChildren(text);
}

/** The name in the address. */
export function asked() {
  const [, name = ''] = location.hash.slice(1).split('/');
  return NAME.test(name) ? name : USUAL_NAME;
}
