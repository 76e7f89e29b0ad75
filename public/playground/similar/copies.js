/** Groups of pictures that are the same photo. */
import { button, found, made } from '../element.js';
import { counted, size } from '../quantities.js';
import { tilePicture } from '../tile.js';

/** @typedef {import('./similar.js').Entry} Entry */

const section = found('copies', HTMLElement);
const list = found('copies-groups', HTMLElement);

/** What is drawn now; a group with the focus is not drawn again. */
let drawn = '';

/**
 * @param {Entry[][]} groups
 * @param {object} state
 * @param {boolean} state.done whether all were compared
 * @param {number} state.many
 * @param {(position: number) => void} state.chosen a picture to see more like
 */
export function showCopies(groups, { done, many, chosen }) {
  section.hidden = many < 2;
  const now = JSON.stringify([done, groups.map((group) => group.map(({ position }) => position))]);
  if (now === drawn) return;
  drawn = now;
  if (groups.length === 0) {
    const text = done ? 'None: every picture is a photo of its own.' : 'None so far.';
    return list.replaceChildren(made('li', { class: 'small' }, text));
  }
  list.replaceChildren(
    ...groups.map((group, at) => {
      // The largest file has probably lost the least.
      const sorted = [...group].sort((one, other) => other.file.size - one.file.size);
      return made(
        'li',
        { class: 'group' },
        made('h3', {}, `Group ${at + 1}: ${counted(group.length, 'picture')}`),
        made(
          'ul',
          { class: 'row' },
          ...sorted.map((entry, place) => made('li', {}, shown(entry, place === 0, chosen))),
        ),
      );
    }),
  );
}

/**
 * @param {Entry} entry
 * @param {boolean} largest
 * @param {(position: number) => void} chosen
 */
function shown({ file, thumbnail, position }, largest, chosen) {
  const element = button('', () => chosen(position), { class: 'picture', title: file.name });
  element.append(
    tilePicture(file.name, thumbnail),
    made('span', { class: 'name' }, file.name),
    made('span', { class: 'small' }, `${size(file.size)}${largest ? ' · largest file' : ''}`),
  );
  return element;
}
