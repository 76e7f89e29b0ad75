/** CSV columns of an answer by the network's own classes. */
import { cellsOf, placed, type Table } from './csv.ts';

/** Separator of the tags in a path; no tag contains it. */
const STEP = ' > ';

const PREDICTION = ['label', 'score', 'synset', 'index'] as const;

/** @param topK predictions that a row has room for. */
export function classTable(topK: number): Table {
  return {
    columns: ['tag', 'path', 'format', 'width', 'height', ...placed(topK, PREDICTION)],

    cells(answer) {
      if (!('tags' in answer)) throw new Error('The service has answered something else than classes.');
      const { image, predictions, tag, tags } = answer;
      const path = tags.map(({ name }) => name).join(STEP);
      const { format, width, height } = image;
      return [tag ?? '', path, format, width, height, ...cellsOf(topK, PREDICTION, predictions)];
    },

    tags: (at) => (at('path') === '' ? [] : at('path').split(STEP)),

    mismatch:
      'it was begun with another --top-k, with --collection, or by an older version. ' +
      'Continue with the same options, or name another file.',
  };
}
