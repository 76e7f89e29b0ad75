/** Comma-separated values: a row for each picture, its predictions side by side. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import type { Answer, Outcome } from './outcome.ts';
import type { Format } from './results.ts';

type Cell = string | number;

/** The columns between the file and the error, for one kind of answer. */
export interface Table {
  readonly columns: readonly string[];
  /** One cell per column. @throws for another kind of answer. */
  cells(answer: Answer): readonly Cell[];
  /** The outcome that a row states. @throws with a text for people if the row has another form. */
  tags(at: (column: string) => string): readonly string[];
  /** Why other columns than these may occur. */
  readonly mismatch: string;
}

export function csv(table: Table): Format {
  const columns = ['file', ...table.columns, 'error', 'detail'];
  return {
    head: stringify([columns]),

    line(outcome) {
      return stringify([[outcome.file, ...cells(outcome)]]);
    },

    known(text) {
      const [head = [], ...rows]: string[][] = parse(text);
      if (head.join() !== columns.join()) {
        throw new Error(`It has other columns than would be written now: ${table.mismatch}`);
      }
      return rows.map((row) => {
        const at = (column: string) => row[columns.indexOf(column)] ?? '';
        return { file: at('file'), tags: at('error') === '' ? table.tags(at) : undefined };
      });
    },
  };

  function cells(outcome: Outcome): readonly Cell[] {
    if ('answer' in outcome) return [...table.cells(outcome.answer), '', ''];
    return [...table.columns.map(() => ''), outcome.error.code, outcome.error.detail];
  }
}

/** Columns of the predictions, numbered from 1. */
export function placed(topK: number, names: readonly string[]): readonly string[] {
  return Array.from({ length: topK }, (_, i) => names.map((name) => `${name}_${i + 1}`)).flat();
}

/** Cells of the predictions, of which there may be fewer. */
export function cellsOf<N extends string>(
  topK: number,
  names: readonly N[],
  predictions: readonly Readonly<Record<N, Cell>>[],
): readonly Cell[] {
  return Array.from({ length: topK }, (_, i) => {
    const prediction = predictions[i];
    return names.map((name) => prediction?.[name] ?? '');
  }).flat();
}
