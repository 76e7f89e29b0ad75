/**
 * Matrix products on the graph's own row layout: nothing is packed or copied first.
 *
 * A 1×1 convolution is such a product: a has its filters, b the map's channels, and c the result's.
 */
import { BLOCK_COLUMNS, matrixBlock, NARROW_COLUMNS, ROWS } from './matrix-block.ts';
import {
  add,
  and,
  bytes,
  call,
  divide,
  during,
  func,
  greater,
  increase,
  increased,
  less,
  loadFloat,
  loadVector,
  multiply,
  multiplyAdd,
  or,
  repeat,
  type Statements,
  select,
  set,
  shuffle,
  storeFloat,
  storeLane,
  subtract,
  trapIf,
  upTo,
  vector,
  vectorAdd,
  vectorMost,
  when,
} from './wat.ts';

const VECTOR_BYTES = 16;

/**
 * The most floats of b in a panel of its columns, which must stay in the nearest cache while all rows of a pass over
 * it: 16 of 32 KiB.
 */
const PANEL_FLOATS = 4096;
/** With fewer columns the overhead of the loop around them would matter. */
const LEAST_PANEL_COLUMNS = 48;

const PARAMETERS = 'a lda m k b ldb c ldc n bias beta: i32, low: v128, scratch scratchBytes: i32';

/**
 * `c[m][n] = max(low, bias[m] + a[m][k] · b[k][n] (+ c))`, as in `matrixBlock`, for `m` a multiple of 4 and `n` of at
 * least 4. Up to three remaining columns are computed one by one, for which `k` must also be a multiple of 4.
 */
const product = func('$product', PARAMETERS, 'n4 n8 panel at rowA rowC rowBias left: i32', [
  trapIf(and('$m', ROWS - 1), less('$m', ROWS), less('$n', NARROW_COLUMNS), less('$k', 1)),
  set('$n4', and('$n', -NARROW_COLUMNS)),
  // As wide as the cache allows; all columns if a is the larger matrix, which is then read only once.
  set('$panel', and(divide(PANEL_FLOATS, '$k'), -BLOCK_COLUMNS)),
  when(less('$panel', LEAST_PANEL_COLUMNS), [set('$panel', LEAST_PANEL_COLUMNS)]),
  when(or(greater('$m', '$n'), greater('$panel', '$n4')), [set('$panel', '$n4')]),
  repeat(
    '$panels',
    [
      set('$panel', select('$panel', subtract('$n4', '$at'), less(add('$at', '$panel'), '$n4'))),
      set('$n8', and('$panel', -BLOCK_COLUMNS)),
      set('$rowA', '$a'),
      set('$rowBias', '$bias'),
      set('$rowC', add('$c', bytes('$at'))),
      set('$left', '$m'),
      repeat(
        '$rows',
        [
          block('$block4x8', '$n8', 0),
          block('$block4x4', subtract('$panel', '$n8'), '$n8'),
          increase('$rowA', multiply('$lda', ROWS)),
          increase('$rowC', multiply('$ldc', ROWS)),
          increase('$rowBias', 4 * ROWS),
        ],
        increased('$left', -ROWS),
      ),
      increase('$b', bytes('$panel')),
    ],
    less(increased('$at', '$panel'), '$n4'),
  ),
  during('$columns', less('$at', '$n'), [
    call(
      '$column',
      ...['$a', '$lda', '$m', '$k', '$b', '$ldb', add('$c', bytes('$at')), '$ldc', 1],
      ...['$bias', '$beta', '$low', '$scratch', '$scratchBytes'],
    ),
    increase('$b', 4),
    increase('$at', 1),
  ]),
]);

/** @param columns their number, from column `from` of the panel on */
function block(name: string, columns: string, from: string | number): string {
  return call(
    name,
    ...['$rowA', '$lda', '$k', add('$b', bytes(from)), '$ldb', add('$rowC', bytes(from)), '$ldc', columns],
    ...['$rowBias', '$beta', '$low'],
  );
}

const pairs = (one: string, other: string) =>
  vectorAdd(shuffle(one, other, [0, 4, 2, 6]), shuffle(one, other, [1, 5, 3, 7]));

/** The sum of each of the four vectors, one in each lane of the first. */
const TOTALS: Statements = [
  set('$s0', pairs('$s0', '$s1')),
  set('$s2', pairs('$s2', '$s3')),
  set('$s0', vectorAdd(shuffle('$s0', '$s2', [0, 1, 4, 5]), shuffle('$s0', '$s2', [2, 3, 6, 7]))),
];

function storeRow(row: number): Statements {
  return [
    when('$beta', [set('$x', `(f32x4.splat ${loadFloat('$c')})`)], [set('$x', vector(0))]),
    set('$x', vectorMost(vectorAdd('$sums', '$x'), '$low')),
    storeLane(32, row, '$c', '$x'),
    increase('$c', '$ldc'),
  ];
}

/**
 * One column of the product, with the same parameters except `n`: the column of b is gathered in the scratch memory,
 * and four rows of a at a time are multiplied by it along k.
 */
const column = func('$column', PARAMETERS, 'from end: i32, a1 a2 a3: i32, x s0 s1 s2 s3 sums: v128', [
  trapIf(and('$k', 3), greater(bytes('$k'), '$scratchBytes')),
  set('$end', add('$scratch', bytes('$k'))),
  set('$from', '$scratch'),
  repeat(
    '$gather',
    [storeFloat('$from', loadFloat('$b')), increase('$b', '$ldb')],
    less(increased('$from', 4), '$end'),
  ),
  repeat(
    '$rows',
    [
      set('$a1', add('$a', '$lda')),
      set('$a2', add('$a1', '$lda')),
      set('$a3', add('$a2', '$lda')),
      upTo(ROWS).map((row) => set(`$s${row}`, vector(0))),
      set('$from', '$scratch'),
      repeat(
        '$along',
        [
          set('$x', loadVector('$from')),
          ['$a', '$a1', '$a2', '$a3'].map((a, row) => [
            set(`$s${row}`, multiplyAdd('$x', loadVector(a), `$s${row}`)),
            increase(a, VECTOR_BYTES),
          ]),
        ],
        less(increased('$from', VECTOR_BYTES), '$end'),
      ),
      set('$a', subtract(add('$a3', '$lda'), bytes('$k'))),
      TOTALS,
      set('$sums', vectorAdd('$s0', loadVector('$bias'))),
      increase('$bias', 4 * ROWS),
      upTo(ROWS).map(storeRow),
    ],
    increased('$m', -ROWS),
  ),
]);

export const MATRIX_PRODUCT: readonly string[] = [
  matrixBlock('$block4x8', 2),
  matrixBlock('$block4x4', 1),
  column,
  product,
];
