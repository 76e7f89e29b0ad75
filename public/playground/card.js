/** One picture on the page: itself, and what the service says of it. */
import { codePanel } from './code.js';
import { button, made } from './element.js';
import { bars, facts } from './predictions.js';
import { preview } from './preview.js';
import { tagged } from './tags.js';

/** @typedef {import('./picture.js').Picture} Picture */
/** @typedef {import('../../client/answers.ts').Classification} Classification */
/** @typedef {ReturnType<typeof createCard>} Card */

let cards = 0;

/**
 * @param {Picture} picture
 * @param {{ remove: () => void, again: () => void }} on
 */
export function createCard(picture, on) {
  const titleId = `picture-${++cards}`;
  const shown = preview(picture);
  const body = made('div', { class: 'body' });
  const code = made('div', {});
  const remover = button('×', on.remove, { class: 'remove', 'aria-label': `Remove ${picture.name}` });
  const element = made(
    'li',
    { class: 'card', 'aria-labelledby': titleId },
    shown.element,
    made(
      'div',
      { class: 'answer' },
      made('div', { class: 'head' }, made('h3', { id: titleId, title: picture.name }, picture.name), remover),
      body,
      code,
    ),
  );

  /** @param {string} text */
  function state(text) {
    element.dataset.state = 'busy';
    body.replaceChildren(made('p', { class: 'state' }, text));
  }

  state('Waiting for its turn…');
  return {
    element,
    remover,
    small: shown.small,
    close: shown.close,
    looking: () => state('Looking…'),
    /** @param {number} seconds */
    held: (seconds) => state(`The service asks to wait: again in ${seconds} s.`),
    /**
     * @param {Classification} answer
     * @param {Record<string, string>} texts
     */
    answered(answer, texts) {
      element.dataset.state = 'done';
      shown.known(answer.image);
      const bytes = 'file' in picture.source ? picture.source.file.size : undefined;
      body.replaceChildren(
        tagged(answer),
        ...bars(answer),
        made('p', { class: 'facts' }, facts(answer.image, bytes)),
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
      body.replaceChildren(made('p', { class: 'failure' }, made('strong', {}, title), ' ', message), again);
      code.replaceChildren(codePanel(texts));
    },
  };
}
