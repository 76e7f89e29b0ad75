/** Comma-separated values: a row for each picture, its predictions side by side. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Outcome } from './outcome.ts';
import type { Format } from './results.ts';

/** Between the tags of a path, none of which has it. */
const STEP = ' > ';

const PREDICTION = ['label', 'score', 'synset', 'index'] as const;

/** @param topK how many predictions a row has room for. */
export function csv(topK: number): Format {
  const places = Array.from({ length: topK }, (_, i) => i);
  const columns = [
    'file',
    'tag',
    'path',
    'format',
    'width',
    'height',
    ...places.flatMap((place) => PREDICTION.map((name) => `${name}_${place + 1}`)),
    'error',
    'detail',
  ];
  return {
    head: stringify([columns]),

    line(outcome) {
      return stringify([[outcome.file, ...cells(outcome)]]);
    },

    known(text) {
      const [head = [], ...rows]: string[][] = parse(text);
      if (head.join() !== columns.join()) {
        throw new Error(
          'It has other columns than would be written now: it was begun with another --top-k or by an older version. ' +
            'Continue with the same --top-k, or name another file.',
        );
      }
      return rows.map((row) => {
        const at = (column: string) => row[columns.indexOf(column)] ?? '';
        const tags = at('path') === '' ? [] : at('path').split(STEP);
        return { file: at('file'), tags: at('error') === '' ? tags : undefined };
      });
    },
  };

  function cells(outcome: Outcome): readonly (string | number)[] {
    const none = (count: number) => Array.from({ length: count }, () => '');
    if ('error' in outcome) {
      return [...none(5 + PREDICTION.length * topK), outcome.error.code, outcome.error.detail];
    }
    if ('embedding' in outcome.answer) throw new Error('A vector is no row of a table.');
    const { image, predictions, tag, tags } = outcome.answer;
    const path = tags.map(({ name }) => name).join(STEP);
    const found = places.flatMap((place) => {
      const prediction = predictions[place];
      return prediction ? PREDICTION.map((name) => prediction[name]) : none(PREDICTION.length);
    });
    return [tag ?? '', path, image.format, image.width, image.height, ...found, ...none(2)];
  }
}
