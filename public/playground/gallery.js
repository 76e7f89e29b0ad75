/** The pictures on the page: sent in turn, each answered on its card. */
import { announce } from './announce.js';
import { tooLarge } from './bounds.js';
import { createCard } from './card.js';
import { showAll, updateChips } from './chips.js';
import { offerDownload } from './download.js';
import { found } from './element.js';
import { percent } from './quantities.js';
import { inTurn } from './queue.js';
import { classify, Refusal, scoresOf } from './service.js';
import { smaller } from './shrink.js';
import { curl, javascript, python } from './snippets.js';

/** @typedef {import('./picture.js').Picture} Picture */
/** @typedef {import('./service.js').Limits} Limits */

/**
 * @typedef {object} Entry
 * @property {Picture} picture
 * @property {import('./shrink.js').Smaller} [small] what is sent in its place
 * @property {import('./card.js').Card} card
 * @property {AbortController} controller
 * @property {'busy' | 'done' | 'failed'} state
 * @property {Refusal} [refusal] where there is no answer
 * @property {import('../../client/answers.ts').Classification} [answer] once there is one
 */

const section = found('gallery', HTMLElement);
const list = found('cards', HTMLElement);
const progress = found('progress', HTMLProgressElement);
const progressText = found('progress-text', HTMLElement);

/** In the order of the page. @type {Entry[]} */
let entries = [];

/**
 * @param {object} page
 * @param {() => string} page.key
 * @param {() => Limits | undefined} page.limits undefined until they are known
 * @param {() => boolean} page.shrinks whether large photos are made small before they are sent
 * @param {(filled: boolean) => void} page.filled called when the first picture has come and when the last has gone
 * @param {(detail: string) => void} page.unauthorized
 * @param {() => void} page.emptied called when the last picture has gone
 */
export function openGallery(page) {
  found('clear', HTMLButtonElement).addEventListener('click', () => {
    for (const entry of entries) leave(entry);
    entries = [];
    show();
    announce('All pictures removed.');
    page.emptied();
  });

  offerDownload(() => entries.filter(({ card, state }) => state !== 'busy' && !card.element.hidden));

  /** @param {Picture[]} pictures */
  function add(pictures) {
    if (pictures.length === 0) return;
    const added = pictures.map(entryOf);
    entries = [...added, ...entries];
    // Otherwise they would seem lost.
    showAll();
    list.prepend(...added.map(({ card }) => card.element));
    for (const entry of added) send(entry);
    show();
    intoView(added[0]?.card.element);
  }

  /** @param {Picture} picture */
  function entryOf(picture) {
    /** @type {Entry} */
    const entry = {
      picture,
      controller: new AbortController(),
      state: 'busy',
      card: createCard(picture, { remove: () => remove(entry), again: () => send(entry) }),
    };
    return entry;
  }

  /** @param {Entry} entry */
  async function send(entry) {
    const { picture, card, controller } = entry;
    entry.state = 'busy';
    delete entry.refusal;
    card.waiting();
    show();
    try {
      const { answer, ms, cached } = await inTurn((signal) => prepareAndAsk(entry, signal), {
        signal: controller.signal,
        held: card.held,
      });
      entry.state = 'done';
      entry.answer = answer;
      card.answered(
        answer,
        trip(entry, ms, cached),
        { ...snippets(picture), JSON: pretty(answer) },
        heat(entry),
      );
      const [best] = answer.predictions;
      announce(`${picture.name}: ${best ? `${best.label}, ${percent(best.score)}` : 'no class'}.`);
    } catch (error) {
      if (controller.signal.aborted) return;
      if (!(error instanceof Refusal)) throw error;
      entry.state = 'failed';
      entry.refusal = error;
      card.refused(error, {
        ...snippets(picture),
        ...(error.body !== undefined && { JSON: pretty(error.body) }),
      });
      announce(`${picture.name}: ${error.title}. ${error.message}`);
      if (error.status === 401) page.unauthorized(error.message);
    } finally {
      show();
    }
  }

  /**
   * A phone's photo is decoded only when its turn has come, because many at once would fill the memory.
   *
   * @param {Entry} entry
   * @param {AbortSignal} signal
   */
  async function prepareAndAsk(entry, signal) {
    const { picture, card } = entry;
    if (!page.shrinks()) delete entry.small;
    else if (!entry.small && 'file' in picture.source) {
      card.preparing();
      const small = await smaller(picture.source.file);
      if (small) entry.small = small;
    }
    const sent = sentOf(entry);
    if ('file' in sent.source) tooLarge(sent.source.file, page.limits());
    card.sending(0);
    return classify(sent, { key: page.key(), signal, progress: card.sending });
  }

  /**
   * @param {Entry} entry
   * @returns {import('./card.js').Heat}
   */
  function heat({ controller }) {
    return {
      most: page.limits()?.batch.max_items ?? 1,
      scores: (synset) => (pictures) =>
        inTurn((signal) => scoresOf(pictures, synset, { key: page.key(), signal }), controller),
      refused: (error) => {
        if (error.status === 401) page.unauthorized(error.message);
      },
    };
  }

  /** @param {Picture} picture */
  function snippets(picture) {
    const needsKey = page.key() !== '' || page.limits()?.anonymous === false;
    const target = { origin: location.origin, needsKey };
    return {
      curl: curl(picture, target),
      JavaScript: javascript(picture, target),
      Python: python(picture, target),
    };
  }

  /** @param {Entry} entry */
  function remove(entry) {
    const at = entries.indexOf(entry);
    leave(entry);
    entries = entries.filter((other) => other !== entry);
    show();
    announce(`${entry.picture.name} removed.`);
    const seen = (/** @type {Entry} */ { card }) => !card.element.hidden;
    const next = entries.slice(at).find(seen) ?? entries.slice(0, at).findLast(seen);
    if (next) next.card.remover.focus();
    else page.emptied();
  }

  function show() {
    const finished = entries.filter(({ state }) => state !== 'busy').length;
    const failed = entries.filter(({ state }) => state === 'failed').length;
    section.hidden = entries.length === 0;
    page.filled(entries.length > 0);
    progress.max = Math.max(entries.length, 1);
    progress.value = finished;
    progress.hidden = finished === entries.length;
    progressText.textContent = `${finished} of ${entries.length} done${failed > 0 ? `, ${failed} failed` : ''}`;
    updateChips(entries);
  }

  return {
    add,
    /** Sends the pictures again that were refused for lack of a key. */
    unlock() {
      const locked = entries.filter(({ refusal }) => refusal?.status === 401);
      for (const entry of locked) send(entry);
      return locked.length;
    },
  };
}

/**
 * @param {Entry} entry
 * @returns {Picture} what is sent
 */
function sentOf({ picture, small }) {
  return small ? { name: picture.name, source: { file: small.file } } : picture;
}

/**
 * @param {Entry} entry
 * @param {number} ms
 * @param {boolean} cached
 * @returns {import('./predictions.js').Trip}
 */
function trip({ picture: { source }, small }, ms, cached) {
  return {
    ms,
    cached,
    ...('file' in source && { bytes: source.file.size }),
    ...(small && { sent: { bytes: small.file.size, width: small.width, height: small.height } }),
  };
}

/**
 * Scrolls if needed so that the answer will be visible.
 *
 * @param {HTMLElement | undefined} card
 */
function intoView(card) {
  if (!card || card.getBoundingClientRect().bottom <= innerHeight) return;
  const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  section.scrollIntoView({ behavior: smooth ? 'smooth' : 'auto', block: 'start' });
}

/** @param {Entry} entry */
function leave({ controller, card }) {
  controller.abort();
  card.close();
  card.element.remove();
}

/** @param {unknown} value */
const pretty = (value) => JSON.stringify(value, undefined, 2);
