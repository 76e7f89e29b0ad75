/** The picture on a card, upright: browsers heed EXIF where they show a picture at all. */
import { made } from './element.js';

/** @typedef {import('./picture.js').Picture} Picture */
/** @typedef {import('../../client/answers.ts').ImageFacts} ImageFacts */

/** @param {Picture} picture */
export function preview({ name, source }) {
  const element = made('div', { class: 'preview' });
  const address = 'file' in source ? URL.createObjectURL(source.file) : undefined;
  let shown = address !== undefined;

  if (address !== undefined) {
    const image = made('img', { src: address, alt: name, decoding: 'async' });
    image.addEventListener('error', () => {
      shown = false;
      instead('This browser cannot show the file. The service looks at it all the same.');
    });
    element.append(image);
  } else {
    instead('No preview: the service fetches this picture, and the page shows none from other hosts.');
  }

  /** @param {(Node | string)[]} words */
  function instead(...words) {
    element.classList.add('none');
    element.replaceChildren(...words.map((word) => (word instanceof Node ? word : made('p', {}, word))));
  }

  return {
    element,
    /** @param {ImageFacts} facts what it has turned out to be */
    known({ format }) {
      if (shown || address === undefined) return;
      const kind = format.toUpperCase();
      const tag = made('strong', { class: 'tag' }, kind);
      instead(tag, `This browser cannot show ${kind}. The picture was classified all the same.`);
    },
    /** The service cannot read it either. */
    unknown() {
      if (!shown && address !== undefined) instead('No preview');
    },
    /** The picture once more, as decoration; nothing where there is none. */
    small: () => (shown && address !== undefined ? [made('img', { src: address, alt: '' })] : []),
    close() {
      if (address !== undefined) URL.revokeObjectURL(address);
    },
  };
}
