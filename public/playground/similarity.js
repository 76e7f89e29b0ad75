/** The section that compares the pictures on the page, when somebody asks for it. */
import { announce } from './announce.js';
import { vectorOf } from './cosine.js';
import { found, made } from './element.js';
import { sentOf } from './gallery.js';
import { matrix, mostAlike } from './matrix.js';
import { counted } from './quantities.js';
import { inTurn } from './queue.js';
import { embed, Refusal } from './service.js';

/** @typedef {import('./gallery.js').Entry} Entry */

const section = found('similarity', HTMLElement);
const compare = found('compare', HTMLButtonElement);
const place = found('matrix', HTMLElement);

/**
 * @param {object} page
 * @param {() => string} page.key
 * @param {() => Entry[]} page.entries those with an answer
 * @param {(detail: string) => void} page.unauthorized
 */
export function openSimilarity({ key, entries, unauthorized }) {
  let busy = false;

  compare.addEventListener('click', async () => {
    if (busy) return;
    busy = true;
    try {
      await measure(entries());
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      place.replaceChildren(
        made('p', { class: 'failure' }, made('strong', {}, error.title), ' ', error.message),
      );
      announce(`${error.title}. ${error.message}`);
      if (error.status === 401) unauthorized(error.message);
    } finally {
      busy = false;
      changed();
    }
    const compared = comparedOf(entries());
    if (compared.length > 1) announce(mostAlike(compared));
  });

  /** @param {Entry[]} all */
  async function measure(all) {
    let left = all.filter(({ vector }) => vector === undefined).length;
    const tell = () =>
      place.replaceChildren(made('p', { class: 'state' }, `Comparing: ${counted(left, 'picture')} left…`));
    tell();
    const asked = all.map(async (entry) => {
      if (entry.vector) return;
      try {
        entry.vector = await vector(entry);
      } catch (error) {
        // A picture that was removed meanwhile is missed by nobody.
        if (!entry.controller.signal.aborted) throw error;
      }
      left--;
      tell();
    });
    const failed = (await Promise.allSettled(asked)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    place.replaceChildren();
  }

  /** @param {Entry} entry */
  async function vector(entry) {
    const sent = sentOf(entry);
    const { embedding } = await inTurn((signal) => embed(sent, { key: key(), signal }), entry.controller);
    if (typeof embedding !== 'string') throw new Error('the vector is not in base64');
    return vectorOf(embedding);
  }

  /** Draws what is known, and offers the rest. */
  function changed() {
    const all = entries();
    section.hidden = all.length < 2;
    compare.textContent = `Compare ${counted(all.length, 'picture')}`;
    const compared = comparedOf(all);
    compare.hidden = compared.length === all.length;
    if (busy || place.querySelector('.failure')) return;
    place.replaceChildren(...(compared.length > 1 ? matrix(compared) : []));
  }

  return { changed };
}

/** @param {Entry[]} entries */
function comparedOf(entries) {
  return entries.flatMap(({ picture, card, vector }) =>
    vector ? [{ name: picture.name, small: card.small(), vector }] : [],
  );
}
