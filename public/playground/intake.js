/** All ways to give the page a picture. */
import { found } from './element.js';
import { filesOf } from './folder.js';
import { fromFile, fromUrl } from './picture.js';

/** @typedef {import('./picture.js').Picture} Picture */

const files = found('files', HTMLInputElement);
const camera = found('camera', HTMLInputElement);

/**
 * @param {object} to
 * @param {(pictures: Picture[], target: EventTarget | null) => void} to.take `target` is what they were dropped on, or
 * what had the focus when they were pasted
 * @param {(text: string) => void} to.refuse with what to do instead
 * @param {() => boolean} to.takesUrls
 */
export function openIntake({ take, refuse, takesUrls }) {
  /** What shows that a drop would fall on it. @type {Element | undefined} */
  let over;

  for (const [button, input] of /** @type {const} */ ([
    ['choose', files],
    ['photograph', camera],
  ])) {
    found(button, HTMLButtonElement).addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      take([...(input.files ?? [])].map(fromFile), input);
      // Allows the same file to be chosen again.
      input.value = '';
    });
  }

  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    show(placeOf(event.target));
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) show(undefined);
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    show(undefined);
    if (event.dataTransfer) takeFrom(event.dataTransfer, 'dropped', event.target);
  });
  document.addEventListener('paste', (event) => {
    // Text that is pasted into a field belongs to that field.
    const typing = event.target instanceof HTMLInputElement;
    if (!event.clipboardData || (typing && event.clipboardData.files.length === 0)) return;
    event.preventDefault();
    takeFrom(event.clipboardData, 'pasted', event.target);
  });

  /** @param {Element | undefined} place */
  function show(place) {
    over?.classList.remove('over');
    over = place;
    over?.classList.add('over');
  }

  /**
   * @param {DataTransfer} data
   * @param {'dropped' | 'pasted'} how
   * @param {EventTarget | null} target
   */
  async function takeFrom(data, how, target) {
    if (data.files.length > 0) {
      const files = filesOf(data);
      const all = files instanceof Promise ? await files : files;
      if (all.length > 0) return take(all.map(fromFile), target);
      return refuse('The folder has no pictures in it.');
    }
    const url = (data.getData('text/uri-list') || data.getData('text/plain')).trim().split(/\s/)[0] ?? '';
    if (!/^https?:/i.test(url)) return refuse(`What was ${how} has no picture in it.`);
    if (takesUrls()) return take([fromUrl(url)], target);
    return refuse(
      'That is the address of a picture, and this service fetches none. Save the picture, then choose its file.',
    );
  }
}

export function focusIntake() {
  found('choose', HTMLButtonElement).focus();
}

/**
 * The target of a drop: the nearest element that takes pictures itself, or that of the open part of the page.
 *
 * @param {EventTarget | null} target
 */
export function placeOf(target) {
  const near = target instanceof Element ? target.closest('[data-drop]') : null;
  const open = `[data-of="${document.body.dataset.part}"] .drop`;
  return near ?? document.querySelector(open) ?? undefined;
}
