/** The ways in which a picture comes onto the page. */
import { found } from './element.js';
import { fromFile, fromUrl } from './picture.js';

/** @typedef {import('./picture.js').Picture} Picture */

const drop = found('drop', HTMLElement);
const files = found('files', HTMLInputElement);
const camera = found('camera', HTMLInputElement);

/**
 * @param {object} to
 * @param {(pictures: Picture[]) => void} to.take
 * @param {(text: string) => void} to.refuse with what to do instead
 * @param {() => boolean} to.takesUrls
 */
export function openIntake({ take, refuse, takesUrls }) {
  for (const [button, input] of /** @type {const} */ ([
    ['choose', files],
    ['photograph', camera],
  ])) {
    found(button, HTMLButtonElement).addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      take([...(input.files ?? [])].map(fromFile));
      // The same file may be chosen again.
      input.value = '';
    });
  }

  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    drop.classList.add('over');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) drop.classList.remove('over');
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    drop.classList.remove('over');
    if (event.dataTransfer) takeFrom(event.dataTransfer, 'dropped');
  });
  document.addEventListener('paste', (event) => {
    // Text that is pasted into a field is that field's.
    const typing = event.target instanceof HTMLInputElement;
    if (!event.clipboardData || (typing && event.clipboardData.files.length === 0)) return;
    event.preventDefault();
    takeFrom(event.clipboardData, 'pasted');
  });

  /**
   * @param {DataTransfer} data
   * @param {'dropped' | 'pasted'} how
   */
  function takeFrom(data, how) {
    if (data.files.length > 0) return take([...data.files].map(fromFile));
    const url = (data.getData('text/uri-list') || data.getData('text/plain')).trim().split(/\s/)[0] ?? '';
    if (!/^https?:/i.test(url)) return refuse(`What was ${how} has no picture in it.`);
    if (takesUrls()) return take([fromUrl(url)]);
    return refuse(
      'That is the address of a picture, and this service fetches none. Save the picture, then choose its file.',
    );
  }
}

export function focusIntake() {
  found('choose', HTMLButtonElement).focus();
}
