/** Comma-separated values: a row for each picture, its predictions side by side. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Outcome } from './outcome.ts';
import type { Format } from './results.ts';

const PREDICTION = ['label', 'score', 'synset', 'index'] as const;

/** @param topK how many predictions a row has room for. */
export function csv(topK: number): Format {
  const places = Array.from({ length: topK }, (_, i) => i);
  const columns = [
    'file',
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

    files(text) {
      const [head = [], ...rows]: string[][] = parse(text);
      if (head.join() !== columns.join()) {
        throw new Error(
          'It has other columns than would be written now. Continue with the same --top-k, or name another file.',
        );
      }
      return rows.map(([file = '']) => file);
    },
  };

  function cells(outcome: Outcome): readonly (string | number)[] {
    const none = (count: number) => Array.from({ length: count }, () => '');
    if ('error' in outcome) {
      return [...none(3 + PREDICTION.length * topK), outcome.error.code, outcome.error.detail];
    }
    const { image, predictions } = outcome.answer;
    const found = places.flatMap((place) => {
      const prediction = predictions[place];
      return prediction ? PREDICTION.map((name) => prediction[name]) : none(PREDICTION.length);
    });
    return [image.format, image.width, image.height, ...found, ...none(2)];
  }
}
