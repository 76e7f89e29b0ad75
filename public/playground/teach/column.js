/** One class on the page: its name, its number of pictures, and those that this tab has. */
import { announce } from '../announce.js';
import { hasCamera } from '../camera.js';
import { button, made } from '../element.js';
import { counted } from '../quantities.js';
import { rove } from '../roving.js';
import { tilePicture } from '../tile.js';
import { createRecorder } from './recorder.js';

/** How many pictures a class should have at first. */
export const ENOUGH = 10;

/** The service's limit. */
const LONGEST_LABEL = 100;

const ACCEPTED = 'image/*,.heic,.heif,.avif,.tif,.tiff,.bmp,.ico';

/** @typedef {ReturnType<typeof createColumn>} Column */

/**
 * @typedef {object} Tile
 * @property {HTMLLIElement} element
 * @property {string} name
 * @property {string} [thumbnail]
 */

/**
 * @param {string} label
 * @param {number} number that it has among the classes
 * @param {object} on
 * @param {(files: File[]) => void} on.files
 * @param {(label: string) => boolean} on.renamed answers whether the class may be called so
 * @param {(id: string) => void} on.removed of a picture
 * @param {() => void} on.left when the class is to go
 * @param {(text: string) => void} on.failed
 */
export function createColumn(label, number, on) {
  /** Ids of all pictures of the class, including those that are not shown. @type {Set<string>} */
  const ids = new Set();
  /** The shown ones of `ids`. @type {Map<string, Tile>} */
  const tiles = new Map();
  /** @type {number | undefined} */
  let accuracy;

  const title = made('input', {
    class: 'class-name',
    maxlength: String(LONGEST_LABEL),
    autocomplete: 'off',
    'aria-label': `Name of class ${number}`,
  });
  title.value = label;
  const count = made('p', { class: 'class-count' });
  const bar = made('progress', { max: String(ENOUGH), 'aria-hidden': 'true' });
  const failure = made('p', { class: 'failure', hidden: true });
  const list = made('ul', { class: 'tiles' });
  const files = made('input', { type: 'file', accept: ACCEPTED, multiple: true, hidden: true });
  const recorder = createRecorder({ recorded: on.files, failed: fail });
  const camera = button('Camera', () => (recorder.isOpen() ? shut() : record()), {
    class: 'slim',
    'aria-pressed': 'false',
  });
  camera.hidden = !hasCamera();
  const choose = button('Choose', () => files.click(), { class: 'slim' });
  const remove = button('×', on.left, { class: 'remove' });
  const element = made(
    'li',
    { class: 'column', 'data-drop': true },
    made('div', { class: 'head' }, title, remove),
    made('div', { class: 'counted' }, count, bar),
    made('div', { class: 'buttons' }, choose, camera),
    files,
    recorder.element,
    failure,
    list,
  );
  rove(list);

  files.addEventListener('change', () => {
    on.files([...(files.files ?? [])]);
    files.value = '';
  });
  title.addEventListener('change', () => {
    const wanted = title.value.trim();
    if (wanted === label) return name();
    if (wanted !== '' && on.renamed(wanted)) label = wanted;
    name();
  });
  title.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') title.blur();
  });

  async function record() {
    await recorder.open();
    camera.setAttribute('aria-pressed', String(recorder.isOpen()));
  }

  function shut() {
    recorder.close();
    camera.setAttribute('aria-pressed', 'false');
  }

  /** @param {string} text */
  function fail(text) {
    failure.textContent = text;
    failure.hidden = false;
    announce(text);
  }

  /** Updates every text with the name of the class. */
  function name() {
    title.value = label;
    element.setAttribute('aria-label', label);
    choose.setAttribute('aria-label', `Choose pictures of ${label}`);
    camera.setAttribute('aria-label', `Camera for ${label}`);
    remove.setAttribute('aria-label', `Remove class ${label}`);
    list.setAttribute('aria-label', `Pictures of ${label}`);
  }

  function show() {
    const { size } = ids;
    const many = size < ENOUGH ? `${size} of ${ENOUGH}` : counted(size, 'picture');
    const hidden = size - tiles.size;
    count.textContent = [
      accuracy === undefined && size < ENOUGH ? `${many} pictures` : many,
      ...(accuracy === undefined ? [] : [`${Math.round(100 * accuracy)} % right`]),
      ...(hidden > 0 ? [`${hidden} from before, not shown`] : []),
    ].join(' · ');
    bar.value = Math.min(size, ENOUGH);
  }

  name();
  show();
  return {
    element,
    title,
    ids,
    fail,
    shut,
    label: () => label,
    /** @param {string} id */
    tile: (id) => tiles.get(id),
    /** @param {string[]} known pictures that are there and that this tab has not seen */
    holds(known) {
      for (const id of known) ids.add(id);
      show();
    },
    /** @param {number | undefined} value 0–1 */
    isRight(value) {
      accuracy = value;
      show();
    },
    /**
     * A picture that is being added.
     *
     * @param {string} file its name
     * @returns {Tile}
     */
    expect(file) {
      failure.hidden = true;
      const tile = { element: made('li', { class: 'tile', 'data-state': 'busy' }), name: file };
      list.prepend(tile.element);
      return tile;
    },
    /**
     * @param {string} id
     * @param {Tile} tile
     */
    keep(id, tile) {
      // The same picture again is one picture.
      tiles.get(id)?.element.remove();
      ids.add(id);
      tiles.set(id, tile);
      delete tile.element.dataset.state;
      const remover = button('×', () => on.removed(id), {
        class: 'remove',
        'aria-label': `Remove ${tile.name} from ${label}`,
      });
      tile.element.title = tile.name;
      tile.element.replaceChildren(tilePicture(tile.name, tile.thumbnail), remover);
      if (!list.contains(tile.element)) list.prepend(tile.element);
      show();
    },
    /**
     * @param {string} id
     * @returns {Tile | undefined} what was shown of it
     */
    drop(id) {
      const tile = tiles.get(id);
      const next = tile?.element.contains(document.activeElement)
        ? (tile.element.nextElementSibling ?? tile.element.previousElementSibling)
        : undefined;
      tile?.element.remove();
      if (next !== undefined) (next?.querySelector('button') ?? choose).focus();
      tiles.delete(id);
      ids.delete(id);
      show();
      return tile;
    },
    close() {
      shut();
      for (const { thumbnail } of tiles.values()) if (thumbnail) URL.revokeObjectURL(thumbnail);
      element.remove();
    },
  };
}
