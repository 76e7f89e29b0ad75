/** One picture and those most similar to it, and the list to choose one from. */
import { announce } from '../announce.js';
import { button, found, made } from '../element.js';
import { rove } from '../roving.js';
import { tilePicture } from '../tile.js';

/** @typedef {import('./similar.js').Entry} Entry */
/** @typedef {import('../../../src/page/pile.ts').Neighbour} Neighbour */

const section = found('nearest', HTMLElement);
const shown = found('nearest-shown', HTMLElement);
const list = found('pile-pictures', HTMLElement);

/** How many are shown for a picture. */
const MOST = 6;

/** Pictures among which the initial one is searched for. */
const MOST_TRIED = 100;

/** Two unrelated photos are below it: `docs/collections.md` has the cosines of various pairs. */
const UNLIKE = 0.1;

/** Cosines from which two pictures are described so. */
const WORDS = /** @type {const} */ ([
  [0.5, 'much alike'],
  [0.25, 'alike'],
  [UNLIKE, 'a little alike'],
]);

/**
 * @param {object} pile
 * @param {(position: number) => Entry | undefined} pile.entry
 * @param {(position: number, count: number) => Neighbour[]} pile.nearest
 * @param {(position: number) => void} pile.removed
 */
export function openNearest(pile) {
  /** By position. @type {Map<number, { item: HTMLElement, opener: HTMLButtonElement }>} */
  const items = new Map();
  /** @type {number | undefined} */
  let chosen;
  /** Whether the user has chosen it. */
  let isWanted = false;

  rove(list);

  /** @param {number} position */
  function mark(position) {
    chosen = position;
    for (const [at, { opener }] of items) opener.setAttribute('aria-pressed', String(at === position));
    draw();
  }

  /** @param {number} position */
  function choose(position) {
    isWanted = true;
    mark(position);
    section.scrollIntoView({ block: 'nearest' });
    const [first] = nearTo(position);
    const name = pile.entry(position)?.file.name;
    const other = first && pile.entry(first.position)?.file.name;
    announce(
      other ? `Most like ${name}: ${other}, ${wordsOf(first)}.` : `Nothing else here is like ${name}.`,
    );
  }

  /** @param {number} position */
  function nearTo(position) {
    return pile.nearest(position, MOST).filter(({ copy, similarity }) => copy || similarity >= UNLIKE);
  }

  function draw() {
    const entry = chosen === undefined ? undefined : pile.entry(chosen);
    section.hidden = items.size < 2;
    if (!entry) return shown.replaceChildren();
    const near = nearTo(entry.position);
    shown.replaceChildren(
      made(
        'figure',
        { class: 'chosen' },
        tilePicture(entry.file.name, entry.thumbnail),
        made('figcaption', {}, entry.file.name),
        button('Remove', () => removed(entry.position), {
          class: 'slim quiet',
          'aria-label': `Remove ${entry.file.name}`,
        }),
      ),
      near.length > 0
        ? made(
            'ol',
            { class: 'neighbours', 'aria-label': `Most like ${entry.file.name}` },
            ...near.map((neighbour) => made('li', {}, neighbourButton(neighbour))),
          )
        : made('p', { class: 'small' }, 'Nothing else here is like it.'),
    );
  }

  /** @param {Neighbour} neighbour */
  function neighbourButton(neighbour) {
    const entry = pile.entry(neighbour.position);
    const name = entry?.file.name ?? '';
    const element = button(
      '',
      () => {
        choose(neighbour.position);
        shown.querySelector('button')?.focus();
      },
      { class: 'picture', title: name },
    );
    const filled = made('span', {});
    filled.style.width = `${Math.max(0, Math.round(100 * neighbour.similarity))}%`;
    element.append(
      tilePicture(name, entry?.thumbnail),
      made('span', { class: 'name' }, name),
      made('span', { class: 'track', 'aria-hidden': 'true' }, filled),
      made('span', { class: neighbour.copy ? 'small copy' : 'small' }, wordsOf(neighbour)),
    );
    return element;
  }

  /** @param {number} position */
  function removed(position) {
    items.get(position)?.item.remove();
    items.delete(position);
    const [next] = items.keys();
    chosen = next;
    pile.removed(position);
    if (next === undefined) return;
    choose(next);
    items.get(next)?.opener.focus();
  }

  return {
    choose,
    changed: draw,
    /** All pictures are there: unless the user has chosen one, shows one that has neighbours. */
    settled() {
      if (isWanted) return draw();
      /** @param {number} position */
      const best = (position) => nearTo(position).find(({ copy }) => !copy)?.similarity ?? 0;
      const some = [...items.keys()]
        .slice(0, MOST_TRIED)
        .map((position) => ({ position, like: best(position) }));
      const [first] = some.sort((one, other) => other.like - one.like);
      if (first) mark(first.position);
    },
    /** @param {number} position */
    added(position) {
      const entry = pile.entry(position);
      if (!entry) return;
      const { name } = entry.file;
      const opener = button('', () => choose(position), {
        class: 'picture',
        'aria-label': name,
        'aria-pressed': 'false',
        title: name,
      });
      opener.append(tilePicture(name, entry.thumbnail));
      const item = made('li', { class: 'tile' }, opener);
      items.set(position, { item, opener });
      list.append(item);
      if (chosen !== undefined) return;
      chosen = position;
      opener.setAttribute('aria-pressed', 'true');
    },
    clear() {
      items.clear();
      isWanted = false;
      list.replaceChildren();
      chosen = undefined;
      draw();
    },
  };
}

/** @param {Neighbour} neighbour */
function wordsOf({ similarity, copy }) {
  if (copy) return 'copy';
  return WORDS.find(([least]) => similarity >= least)?.[1] ?? '';
}
