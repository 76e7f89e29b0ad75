/** How to use what was taught elsewhere: code that classifies by the collection. */
import { codePanel } from '../code.js';
import { found, made } from '../element.js';
import { curl, javascript, python } from '../snippets.js';

const section = found('use', HTMLElement);
const place = found('use-code', HTMLElement);

const PICTURE = { name: 'photo.jpg', source: { file: new File([], 'photo.jpg') } };

/** What is shown, so that a panel which somebody has opened is not made anew. */
let shown = '';

/**
 * @param {object} what
 * @param {string} [what.collection] nothing where the classes are in this tab alone
 * @param {boolean} what.needsKey
 * @param {boolean} what.some whether there is anything to use or to forget
 */
export function showUse({ collection, needsKey, some }) {
  section.hidden = !some;
  const now = `${collection} ${needsKey}`;
  if (!some || now === shown) return;
  shown = now;
  if (collection === undefined) {
    const text =
      'These classes are gone when the tab is closed. With the right to teach the service keeps them, and any program can ask it.';
    return place.replaceChildren(made('p', {}, text));
  }
  const target = { origin: location.origin, needsKey, collection };
  const panel = codePanel(
    {
      curl: curl(PICTURE, target),
      JavaScript: javascript(PICTURE, target),
      Python: python(PICTURE, target),
    },
    'Code that classifies by it',
  );
  panel.open = true;
  place.replaceChildren(panel);
}
