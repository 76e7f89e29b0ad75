/** The picture on a card, upright, with the part that the network saw marked. */
import { lay } from './crop.js';
import { made } from './element.js';
import { upright } from './upright.js';

/** @typedef {import('./picture.js').Picture} Picture */
/** @typedef {import('../../client/answers.ts').ImageFacts} ImageFacts */
/** @typedef {ReturnType<typeof filePreview>} Preview */

/**
 * @param {Picture} picture
 * @returns {Preview}
 */
export function preview({ name, source }) {
  return 'file' in source ? filePreview(name, source.file) : noPreview();
}

/**
 * @param {string} name
 * @param {File} file
 */
function filePreview(name, file) {
  let address = URL.createObjectURL(file);
  let shown = true;
  /** What it has turned out to be. The answer may be there before the browser gives up. @type {ImageFacts | undefined} */
  let facts;
  const image = made('img', { src: address, alt: name, decoding: 'async' });
  const mark = made('div', { class: 'crop', hidden: true });
  const frame = made('div', { class: 'frame' }, image, mark);
  const caption = made('figcaption', { hidden: true }, 'The network looks at the bright square.');
  const element = made('figure', { class: 'preview' }, frame, caption);
  image.addEventListener('load', () => {
    frame.style.setProperty('--ratio', String(image.naturalWidth / image.naturalHeight));
    lay(mark, image.naturalWidth, image.naturalHeight);
  });
  image.addEventListener('error', () => {
    shown = false;
    explain();
  });

  function explain() {
    if (!facts)
      return say(element, 'This browser cannot show the file. The service classifies it nevertheless.');
    const kind = facts.format.toUpperCase();
    say(element, `This browser cannot show ${kind}. The picture was classified nevertheless.`, kind);
  }

  return {
    element,
    /** @param {ImageFacts} answered */
    async known(answered) {
      facts = answered;
      if (!shown) return explain();
      const turned = await upright(image, facts);
      if (turned) {
        URL.revokeObjectURL(address);
        address = URL.createObjectURL(turned);
        image.src = address;
      }
      mark.hidden = false;
      caption.hidden = false;
    },
    /** The service cannot read it either. */
    unknown() {
      if (!shown) say(element, 'No preview');
    },
    /** Whether the browser shows the picture, as far as is known. */
    shows: () => shown,
    /** A source that a canvas can draw; undefined if there is no picture. */
    drawing: () =>
      shown && image.naturalWidth > 0
        ? { image, width: image.naturalWidth, height: image.naturalHeight }
        : undefined,
    /**
     * Lays an element over the part that the network saw.
     *
     * @param {HTMLElement} over
     */
    overlay(over) {
      lay(over, image.naturalWidth, image.naturalHeight);
      frame.append(over);
    },
    /** A copy of the picture, as decoration; undefined if there is none. */
    small: () => (shown ? [made('img', { src: address, alt: '' })] : []),
    close: () => URL.revokeObjectURL(address),
  };
}

/** @returns {Preview} */
function noPreview() {
  const element = made('figure', { class: 'preview' });
  say(element, 'No preview: the service fetches this picture, and the page shows none from other hosts.');
  return {
    element,
    known: async () => {},
    unknown: () => {},
    shows: () => false,
    drawing: () => undefined,
    overlay: () => {},
    small: () => [],
    close: () => {},
  };
}

/**
 * @param {HTMLElement} element
 * @param {string} words
 * @param {string} [kind]
 */
function say(element, words, kind) {
  element.classList.add('none');
  element.replaceChildren(...(kind ? [made('strong', { class: 'tag' }, kind)] : []), made('p', {}, words));
}
