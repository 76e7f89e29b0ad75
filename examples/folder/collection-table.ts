/** CSV columns of an answer by the labels of a collection. */
import { cellsOf, placed, type Table } from './csv.ts';
import { folderOf, requireCollection } from './of-collection.ts';

const PREDICTION = ['label', 'score'] as const;

/** @param topK predictions that a row has room for. @param collection its name, as the caller gives it. */
export function collectionTable(topK: number, collection: string): Table {
  return {
    columns: [
      ...['collection', 'version', 'unknown', 'similarity', 'format', 'width', 'height'],
      ...placed(topK, PREDICTION),
    ],

    cells(answer) {
      if (!('collection' in answer)) throw new Error('The service has not answered by the collection.');
      const { image, predictions, unknown, similarity } = answer;
      const { format, width, height } = image;
      return [
        ...[answer.collection.name, answer.collection.version, String(unknown), similarity],
        ...[format, width, height],
        ...cellsOf(topK, PREDICTION, predictions),
      ];
    },

    tags(at) {
      requireCollection(collection, at('collection'));
      return folderOf({ unknown: at('unknown') === 'true', label: at('label_1') });
    },

    mismatch:
      'it was begun with another --top-k, without --collection, or by an older version. ' +
      'Continue with the same options, or name another file.',
  };
}
