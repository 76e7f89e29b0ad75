/** The parts of the playground, each with its own address: the fragment says which one is open. */
import { found } from './element.js';

/** @typedef {'classify' | 'teach' | 'similar'} Part */

/** The first one is open by default. */
const TITLES = /** @type {const} */ ({
  classify: ['question', 'mobilenet-edge: what is in the picture?'],
  teach: ['teach-title', 'Teach · mobilenet-edge'],
  similar: ['similar-title', 'Similar · mobilenet-edge'],
});

/** @param {(part: Part) => void} opened called at once, and whenever the address has changed */
export function openParts(opened) {
  let open = asked();

  function show() {
    const [, title] = TITLES[open];
    document.title = title;
    document.body.dataset.part = open;
    for (const part of document.querySelectorAll('[data-of]'))
      if (part instanceof HTMLElement) part.hidden = part.dataset.of !== open;
    for (const link of document.querySelectorAll('.parts a')) {
      if (!link.getAttribute('href')?.startsWith(`#${open}`)) link.removeAttribute('aria-current');
      else {
        link.setAttribute('aria-current', 'page');
        // Going back shows what was open there.
        if (location.hash !== '') link.setAttribute('href', location.hash);
      }
    }
    opened(open);
  }

  addEventListener('hashchange', () => {
    const part = asked();
    const same = part === open;
    open = part;
    show();
    if (same) return;
    scrollTo(0, 0);
    // After a link, reading and tabbing continue there.
    found(TITLES[open][0], HTMLElement).focus({ preventScroll: true });
  });
  show();
}

/** @returns {Part} */
function asked() {
  const [name] = location.hash.slice(1).split('/');
  return name === 'teach' || name === 'similar' ? name : 'classify';
}
