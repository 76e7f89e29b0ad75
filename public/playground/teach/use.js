/** How to use what was taught elsewhere: code that classifies by the collection, and the collection as a file. */
import { announce } from '../announce.js';
import { codePanel } from '../code.js';
import { button, found, made } from '../element.js';
import { save } from '../save.js';
import { Refusal } from '../service.js';
import { curl, javascript, python } from '../snippets.js';

const section = found('use', HTMLElement);
const place = found('use-code', HTMLElement);

const PICTURE = { name: 'photo.jpg', source: { file: new File([], 'photo.jpg') } };

/** As the service calls it, what a file of it is called, and what it is good for. */
const FORMATS = /** @type {const} */ ([
  ['json', 'json', 'JSON ↓', 'Download as JSON: labels, weights and thresholds, for any language'],
  ['onnx', 'onnx', 'ONNX ↓', 'Download as ONNX, for ONNX Runtime'],
  ['items', 'ndjson', 'Items ↓', 'Download items, to bring them to another service'],
]);

/** What is shown, so that an open panel is not rebuilt. */
let shown = '';

/**
 * @param {object} what
 * @param {string} [what.collection] nothing where the classes are in this tab alone
 * @param {(format: string) => Promise<Blob>} [what.taken]
 * @param {boolean} what.needsKey
 * @param {boolean} what.some whether there is anything to use or to forget
 */
export function showUse({ collection, taken, needsKey, some }) {
  section.hidden = !some;
  const now = `${collection} ${needsKey}`;
  if (!some || now === shown) return;
  shown = now;
  if (collection === undefined || !taken) {
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
  place.replaceChildren(panel, downloads(collection, taken));
}

/**
 * @param {string} collection
 * @param {(format: string) => Promise<Blob>} taken
 */
function downloads(collection, taken) {
  const failure = made('p', { class: 'failure', hidden: true });

  /**
   * @param {string} format
   * @param {string} ending
   */
  async function download(format, ending) {
    failure.hidden = true;
    try {
      save(`${collection}.${ending}`, await taken(format));
      announce(`${collection}.${ending} saved.`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      failure.textContent = `${error.title}. ${error.message}`;
      failure.hidden = false;
      announce(failure.textContent);
    }
  }

  return made(
    'div',
    { class: 'taken' },
    made('h3', {}, 'Take it along'),
    made(
      'div',
      { class: 'buttons' },
      ...FORMATS.map(([format, ending, text, what]) =>
        button(text, () => download(format, ending), { class: 'slim', title: what }),
      ),
    ),
    failure,
  );
}
