/** The buttons that save the answers on the page as a file. */
import { announce } from './announce.js';
import { found } from './element.js';
import { counted } from './quantities.js';
import { csv } from './table.js';

/** @typedef {import('./gallery.js').Entry} Entry */
/** @typedef {import('./table.js').Row} Row */

/** @param {() => Entry[]} entries those with an answer or a refusal, as they are shown */
export function offerDownload(entries) {
  found('save-csv', HTMLButtonElement).addEventListener('click', () => {
    // Excel takes a file without the mark for one of an older encoding.
    save('labels.csv', 'text/csv', `\uFEFF${csv(rows())}`);
  });
  found('save-json', HTMLButtonElement).addEventListener('click', () => {
    save('labels.json', 'application/json', `${JSON.stringify(rows(), undefined, 2)}\n`);
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
  function save(name, type, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    // The browser reads it after this turn.
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    announce(`${name} saved, ${counted(entries().length, 'picture')}.`);
  }
}
