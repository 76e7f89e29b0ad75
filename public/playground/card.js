/** One picture on the page: first the service's answer, then the picture itself. */
import { codePanel } from './code.js';
import { button, made } from './element.js';
import { heatButton } from './heat.js';
import { bars, facts, placeholder } from './predictions.js';
import { preview } from './preview.js';
import { tagged } from './tags.js';

/** @typedef {import('./picture.js').Picture} Picture */
/** @typedef {import('../../client/answers.ts').Classification} Classification */
/** @typedef {ReturnType<typeof createCard>} Card */

/**
 * @typedef {object} Heat
 * @property {number} most pictures that a request may have
 * @property {(synset: string) => (pictures: Blob[]) => Promise<number[]>} scores
 * @property {(error: import('./service.js').Refusal) => void} refused
 */

let cards = 0;

/**
 * @param {Picture} picture
 * @param {{ remove: () => void, again: () => void }} on
 */
export function createCard(picture, on) {
  const titleId = `picture-${++cards}`;
  const shown = preview(picture);
  const verdict = made('div', { class: 'verdict' });
  const body = made('div', { class: 'answer' });
  const extras = made('div', { class: 'extras' });
  const code = made('div', { class: 'code' });
  const remover = button('×', on.remove, { class: 'remove', 'aria-label': `Remove ${picture.name}` });
  const element = made(
    'li',
    { class: 'card', 'aria-labelledby': titleId },
    made('div', { class: 'head' }, made('h3', { id: titleId, title: picture.name }, picture.name), remover),
    verdict,
    made('div', { class: 'left' }, shown.element, extras),
    body,
    code,
  );

  /**
   * @param {string} text
   * @param {number} [share] of the upload that is done, 0–1
   */
  function state(text, share) {
    element.dataset.state = 'busy';
    const bar =
      share !== undefined && made('progress', { max: '1', 'aria-label': `Upload of ${picture.name}` });
    if (bar) bar.value = share;
    verdict.replaceChildren(made('p', { class: 'state' }, text), ...(bar ? [bar] : []));
  }

  function waiting() {
    state('Waiting for its turn…');
    body.replaceChildren(placeholder());
    extras.replaceChildren();
    code.replaceChildren();
  }

  waiting();
  return {
    element,
    remover,
    small: shown.small,
    close: shown.close,
    waiting,
    preparing: () => state('Making it small…'),
    /** @param {number} share of the upload that is done, 0–1 */
    sending: (share) =>
      share < 1 ? state(`Sending… ${Math.round(100 * share)} %`, share) : state('Looking…'),
    /** @param {number} seconds */
    held: (seconds) => state(`The service asks to wait: again in ${seconds} s.`),
    /**
     * @param {Classification} answer
     * @param {import('./predictions.js').Trip} trip
     * @param {Record<string, string>} texts
     * @param {Heat} heat
     */
    answered(answer, trip, texts, heat) {
      element.dataset.state = 'done';
      shown.known(answer.image);
      verdict.replaceChildren(tagged(answer));
      const [best] = answer.predictions;
      const tools =
        best && shown.shows()
          ? heatButton({
              ...heat,
              name: picture.name,
              best,
              preview: shown,
              scores: heat.scores(best.synset),
            })
          : [];
      body.replaceChildren(...bars(answer));
      extras.replaceChildren(
        made('p', { class: 'facts' }, facts(answer.image, trip)),
        ...(tools.length > 0 ? [made('div', { class: 'tools' }, ...tools)] : []),
      );
      code.replaceChildren(codePanel(texts));
    },
    /**
     * @param {{ title: string, message: string }} refusal
     * @param {Record<string, string>} texts
     */
    refused({ title, message }, texts) {
      element.dataset.state = 'failed';
      shown.unknown();
      const again = button('Try again', on.again, { 'aria-label': `Try again: ${picture.name}` });
      verdict.replaceChildren(made('p', { class: 'failure' }, made('strong', {}, title), ' ', message));
      body.replaceChildren(again);
      code.replaceChildren(codePanel(texts));
    },
  };
}
