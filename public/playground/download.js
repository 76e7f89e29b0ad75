/** The buttons that save the answers on the page as a file. */
import { announce } from './announce.js';
import { found } from './element.js';
import { counted } from './quantities.js';
import { save } from './save.js';
import { csv } from './table.js';

/** @typedef {import('./gallery.js').Entry} Entry */
/** @typedef {import('./table.js').Row} Row */

/** @param {() => Entry[]} entries those with an answer or a refusal, as they are shown */
export function offerDownload(entries) {
  found('save-csv', HTMLButtonElement).addEventListener('click', () => {
    // Without the byte order mark, Excel takes a file for one in an older encoding.
    saveText('labels.csv', 'text/csv', `\uFEFF${csv(rows())}`);
  });
  found('save-json', HTMLButtonElement).addEventListener('click', () => {
    saveText('labels.json', 'application/json', `${JSON.stringify(rows(), undefined, 2)}\n`);
  });

  /** @returns {Row[]} */
  function rows() {
    return entries().map(({ picture, answer, refusal }) =>
      answer && !refusal
        ? { file: picture.name, answer }
        : {
            file: picture.name,
            error: { code: refusal?.code ?? 'not_reached', detail: refusal?.message ?? '' },
          },
    );
  }

  /**
   * @param {string} name
   * @param {string} type
   * @param {string} text
   */
  function saveText(name, type, text) {
    save(name, new Blob([text], { type }));
    announce(`${name} saved, ${counted(entries().length, 'picture')}.`);
  }
}
