/** A small picture in a list. */
import { made } from './element.js';

/**
 * @param {string} name of the file
 * @param {string | undefined} thumbnail nothing where the browser cannot show it
 * @returns {HTMLElement}
 */
export function tilePicture(name, thumbnail) {
  if (thumbnail !== undefined) return made('img', { src: thumbnail, alt: '', draggable: 'false' });
  const kind = /\.(\w{1,5})$/.exec(name)?.[1] ?? 'picture';
  return made('span', { class: 'tag' }, kind.toUpperCase());
}
