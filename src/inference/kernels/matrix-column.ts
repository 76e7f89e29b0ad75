/**
 * The columns of a matrix product that are left over, fewer than a register has lanes: one at a time.
 *
 * Each float of such a column is first written as often as a block of filters has weights for it (`filter-blocks.ts`).
 * Then both are read as they lie, and each multiply-add has four products.
 */
import { FILTERS_IN_A_BLOCK } from './filter-blocks.ts';
import {
  add,
  func,
  increase,
  increased,
  less,
  loadSplat,
  loadVector,
  multiply,
  multiplyAdd,
  repeat,
  type Statements,
  set,
  shuffle,
  storeLane,
  storeVector,
  upTo,
  vector,
  vectorAdd,
  vectorMost,
  when,
} from './wat.ts';

const VECTOR_BYTES = 16;

/** Steps of k for which the weights of a block fill whole vectors. */
export const STEPS = 4;
/** Bytes that a float of a column takes. */
export const REPEATED_BYTES = 4 * FILTERS_IN_A_BLOCK;

/**
 * The sums for rows 0, 1 and 2, in the first three lanes. Weights follow each other as rows 0 1 2 0, 1 2 0 1 and
 * 2 0 1 2, and so do the lanes of the three vectors of sums.
 */
const TOTALS = [
  shuffle('$s1', '$s1', [2, 0, 1, 3]),
  shuffle('$s2', '$s2', [1, 2, 0, 3]),
  shuffle(shuffle('$s0', '$s1', [3, 7, 0, 0]), '$s2', [0, 1, 7, 7]),
  loadVector('$bias'),
].reduce((one, other) => vectorAdd(one, other), '$s0');

function storeRow(row: number): Statements {
  return [
    when('$beta', [set('$y', loadSplat('$c'))], [set('$y', vector(0))]),
    set('$y', vectorMost(vectorAdd('$s0', '$y'), '$low')),
    storeLane(32, row, '$c', '$y'),
    increase('$c', '$ldc'),
  ];
}

/**
 * Writes columns of b for `$column`.
 *
 * @param b the first column
 */
const spreadColumns = func('$spreadColumns', 'b ldb k to end: i32', 'from columnEnd: i32', [
  repeat(
    '$columns',
    [
      set('$from', '$b'),
      set('$columnEnd', add('$to', multiply('$k', REPEATED_BYTES))),
      repeat(
        '$floats',
        [storeVector('$to', loadSplat('$from')), increase('$from', '$ldb')],
        less(increased('$to', REPEATED_BYTES), '$columnEnd'),
      ),
      increase('$b', 4),
    ],
    less('$to', '$end'),
  ),
]);

/** One column of a block of rows. @param x the column, from `spreadColumns` */
const column = func('$column', 'a k x c ldc bias beta: i32, low: v128', 'end: i32, y s0 s1 s2: v128', [
  set('$end', add('$x', multiply('$k', REPEATED_BYTES))),
  repeat(
    '$steps',
    upTo(FILTERS_IN_A_BLOCK).map((part) => [
      set(`$s${part}`, multiplyAdd(loadVector('$a'), loadVector('$x'), `$s${part}`)),
      increase('$a', VECTOR_BYTES),
      increase('$x', VECTOR_BYTES),
    ]),
    less('$x', '$end'),
  ),
  set('$s0', TOTALS),
  upTo(FILTERS_IN_A_BLOCK).map(storeRow),
]);

export const MATRIX_COLUMN: readonly string[] = [spreadColumns, column];
