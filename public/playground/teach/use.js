/** How to use the classes elsewhere: code that classifies by the collection, and the collection as a file. */
import { announce } from '../announce.js';
import { codePanel } from '../code.js';
import { button, found, made } from '../element.js';
import { save } from '../save.js';
import { Refusal } from '../service.js';
import { curl, javascript, python } from '../snippets.js';

/** @typedef {import('./by-service.js').Keeper} Keeper */
/** @typedef {import('./by-service.js').Format} Format */

const section = found('use', HTMLElement);
const place = found('use-code', HTMLElement);

const PICTURE = { name: 'photo.jpg', source: { file: new File([], 'photo.jpg') } };

/** The file name of each format, and its purpose. */
const FILES = /** @type {const} */ ({
  json: ['json', 'JSON ↓', 'Download as JSON: labels, weights and thresholds, for any language'],
  onnx: ['onnx', 'ONNX ↓', 'Download as ONNX, for ONNX Runtime'],
  items: ['ndjson', 'Items ↓', 'Download items, to bring them to another service'],
});

/** What is shown, so that an open panel is not rebuilt. @type {Keeper | undefined} */
let shown;
let shownWithKey = false;

/**
 * @param {Keeper} keeper
 * @param {boolean} needsKey
 */
export function showUse(keeper, needsKey) {
  section.hidden = false;
  if (keeper === shown && needsKey === shownWithKey) return;
  shown = keeper;
  shownWithKey = needsKey;
  place.replaceChildren(keeper.isStored ? code(keeper.name, needsKey) : inTabOnly(), downloads(keeper));
}

export function hideUse() {
  section.hidden = true;
}

/**
 * @param {string} collection
 * @param {boolean} needsKey
 */
function code(collection, needsKey) {
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
  return panel;
}

const inTabOnly = () =>
  made(
    'p',
    {},
    'These classes are gone when the tab is closed: save them here. A program that has the file needs of the service only the embedding of a picture, and whoever may teach can import the JSON. With the right to teach the service keeps them, and any program can ask it.',
  );

/** @param {Keeper} keeper */
function downloads({ name, formats, taken }) {
  const failure = made('p', { class: 'failure', hidden: true });

  /** @param {Format} format */
  async function download(format) {
    const file = `${name}.${FILES[format][0]}`;
    failure.hidden = true;
    try {
      save(file, await taken(format));
      announce(`${file} saved.`);
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
      ...formats.map((format) => {
        const [, text, what] = FILES[format];
        return button(text, () => download(format), { class: 'slim', title: what });
      }),
    ),
    failure,
  );
}
