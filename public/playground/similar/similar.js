/** The part that finds copies and similar pictures among those of this tab. */
import { announce } from '../announce.js';
import { tooLarge } from '../bounds.js';
import { found, made } from '../element.js';
import { picturesOf } from '../folder.js';
import { fromFile } from '../picture.js';
import { counted } from '../quantities.js';
import { inTurn } from '../queue.js';
import { embed, Refusal } from '../service.js';
import { ready } from '../thumbnail.js';
import { showCopies } from './copies.js';
import { openNearest } from './nearest.js';

/**
 * @typedef {object} Entry
 * @property {File} file
 * @property {string} [thumbnail]
 * @property {number} position in the pile
 */

const place = found('pile', HTMLElement);
const progress = found('pile-progress', HTMLProgressElement);
const progressText = found('pile-text', HTMLElement);
const failures = found('pile-failures', HTMLElement);

/** Groups are redrawn at most this often. */
const REDRAW_MS = 300;

/**
 * @param {object} page
 * @param {() => string} page.key
 * @param {() => import('../service.js').Limits | undefined} page.limits
 * @param {() => boolean} page.shrinks
 * @param {(detail: string) => void} page.unauthorized
 */
export function openSimilar(page) {
  /** By position. @type {Map<number, Entry>} */
  const entries = new Map();
  /** @type {import('../../../src/page/pile.ts').Pile | undefined} */
  let pile;
  let [total, finished, failed] = [0, 0, 0];
  let life = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let redraw;

  const nearest = openNearest({
    entry: (position) => entries.get(position),
    nearest: (position, count) => pile?.nearest(position, count) ?? [],
    removed: remove,
  });

  for (const [name, input] of /** @type {const} */ ([
    ['similar-choose', found('similar-files', HTMLInputElement)],
    ['similar-folder', found('similar-folder-files', HTMLInputElement)],
  ])) {
    const opener = found(name, HTMLButtonElement);
    opener.addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      take(input.webkitdirectory ? picturesOf(input.files) : [...(input.files ?? [])]);
      input.value = '';
    });
  }
  found('pile-clear', HTMLButtonElement).addEventListener('click', clear);

  /** @param {File[]} files */
  async function take(files) {
    if (files.length === 0) return announce('There are no pictures in it.');
    total += files.length;
    show();
    const { signal } = life;
    await Promise.all(files.map((file) => add(file, signal)));
    if (signal.aborted || finished < total) return;
    const groups = pile?.groups() ?? [];
    announce(
      `${counted(entries.size, 'picture')} compared. ${groups.length > 0 ? `${counted(groups.length, 'group')} of copies.` : 'No copies.'}`,
    );
  }

  /**
   * @param {File} file
   * @param {AbortSignal} signal
   */
  async function add(file, signal) {
    try {
      const { createPile, fingerprintOfPixels } = await import('../../vendor/page/pile.js');
      const { thumbnail, pixels, embedding } = await inTurn(
        async (turn) => {
          const { sent, ...rest } = await ready(file, { shrinks: page.shrinks(), looks: true });
          tooLarge(sent, page.limits());
          return { ...rest, embedding: await embed(fromFile(sent), { key: page.key(), signal: turn }) };
        },
        { signal, held: (seconds) => say(`The service asks to wait: again in ${seconds} s.`) },
      );
      if (signal.aborted) return;
      pile ??= createPile();
      const position = pile.add(embedding, pixels && fingerprintOfPixels(pixels));
      entries.set(position, { file, position, ...(thumbnail && { thumbnail }) });
      nearest.added(position);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Refusal)) throw error;
      failed++;
      failures.append(
        made('li', { class: 'failure' }, made('strong', {}, file.name), `${error.title}. ${error.message}`),
      );
      if (error.status === 401) page.unauthorized(error.message);
    } finally {
      if (!signal.aborted) {
        finished++;
        show();
      }
    }
  }

  /** @param {number} position */
  function remove(position) {
    const entry = entries.get(position);
    if (!entry) return;
    if (entry.thumbnail) URL.revokeObjectURL(entry.thumbnail);
    entries.delete(position);
    pile?.remove(position);
    total--;
    finished--;
    announce(`${entry.file.name} removed.`);
    if (entries.size === 0 && finished === total) return clear();
    show();
  }

  function clear() {
    life.abort();
    life = new AbortController();
    for (const { thumbnail } of entries.values()) if (thumbnail) URL.revokeObjectURL(thumbnail);
    entries.clear();
    pile = undefined;
    [total, finished, failed] = [0, 0, 0];
    failures.replaceChildren();
    nearest.clear();
    show();
    found('similar-choose', HTMLButtonElement).focus();
  }

  /** @param {string} text */
  function say(text) {
    progressText.textContent = text;
  }

  function show() {
    place.hidden = total === 0;
    progress.max = Math.max(total, 1);
    progress.value = finished;
    progress.hidden = finished === total;
    say(`${finished} of ${total} compared${failed > 0 ? `, ${failed} failed` : ''}`);
    if (finished === total) return draw();
    redraw ??= setTimeout(draw, REDRAW_MS);
  }

  function draw() {
    clearTimeout(redraw);
    redraw = undefined;
    const groups = (pile?.groups() ?? []).map((group) =>
      group.flatMap((position) => entries.get(position) ?? []),
    );
    showCopies(groups, { done: finished === total, many: entries.size, chosen: nearest.choose });
    if (finished === total) nearest.settled();
    else nearest.changed();
  }

  return { take };
}
