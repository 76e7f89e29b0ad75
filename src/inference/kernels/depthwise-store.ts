/** Stores a tile of a depthwise convolution, whose sums are in registers. */
import {
  increase,
  type Operand,
  type Statements,
  set,
  storeLane,
  storeVector,
  upTo,
  vectorMost,
} from './wat.ts';

const FLOATS_IN_A_VECTOR = 4;
const VECTOR_BYTES = 16;

export interface StoredTile {
  readonly rows: 2 | 4;
  /** Registers of four columns. */
  readonly vectors: 2 | 4;
  /** Floats of the last register that are stored. */
  readonly last: 1 | 2 | 3 | 4;
}

/** The names of a tile's sums, row by row. */
export const sumsOf = ({ rows, vectors }: StoredTile): readonly string[] =>
  upTo(rows).flatMap((row) => upTo(vectors).map((column) => sumAt(row, column)));

export const sumAt = (row: number, column: number): string => `$sum${row}${column}`;

/**
 * Stores rows `pitch` bytes apart from `$to` on; sums below `$low` are stored as `$low`. `$at` is a variable for the
 * address.
 *
 * @param offset of the first column, in bytes
 */
export function storeTile({ rows, vectors, last }: StoredTile, pitch: Operand, offset = 0): Statements {
  return [
    set('$at', '$to'),
    upTo(rows).map((row) => [
      upTo(vectors).map((column) => {
        const count = column < vectors - 1 ? FLOATS_IN_A_VECTOR : last;
        return storeFloats(count, sumAt(row, column), offset + VECTOR_BYTES * column);
      }),
      row < rows - 1 ? [increase('$at', pitch)] : [],
    ]),
  ];
}

/** Stores the first floats of a sum. */
function storeFloats(count: StoredTile['last'], sum: string, offset: number): Statements {
  if (count === FLOATS_IN_A_VECTOR) return [storeVector('$at', vectorMost(sum, '$low'), offset)];
  return [
    set(sum, vectorMost(sum, '$low')),
    count >= 2 ? [storeLane(64, 0, '$at', sum, offset)] : [],
    count % 2 === 1 ? [storeLane(32, count - 1, '$at', sum, offset + 4 * (count - 1))] : [],
  ];
}
