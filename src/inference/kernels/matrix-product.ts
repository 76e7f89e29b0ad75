/**
 * Matrix products on the graph's own layout of maps: nothing is packed or copied first. Only the filters are in an order
 * of their own (`filter-blocks.ts`).
 *
 * A 1×1 convolution is such a product: a has its filters, b the map's channels, and c the result's.
 */
import { FILTERS_IN_A_BLOCK, FILTERS_IN_LAST_BLOCK } from './filter-blocks.ts';
import { type Block, blockName, columnsOf, matrixBlock } from './matrix-block.ts';
import { MATRIX_COLUMN, REPEATED_BYTES, STEPS } from './matrix-column.ts';
import { unpackName } from './unpacked-filters.ts';
import {
  add,
  and,
  bytes,
  call,
  divide,
  during,
  equal,
  func,
  greater,
  increase,
  less,
  multiply,
  or,
  remainder,
  repeat,
  type Statements,
  select,
  set,
  subtract,
  trapIf,
  when,
} from './wat.ts';

const FLOATS_IN_A_VECTOR = 4;

/** For the blocks of filters: most columns of a panel, and those that are left over. */
const WIDE = { rows: FILTERS_IN_A_BLOCK, vectors: 3 } as const satisfies Block;
const NARROW = { rows: FILTERS_IN_A_BLOCK, vectors: 1 } as const satisfies Block;
/** The same for a last block of more filters. */
const LAST_WIDE = { rows: FILTERS_IN_LAST_BLOCK, vectors: 2 } as const satisfies Block;
const LAST_NARROW = { rows: FILTERS_IN_LAST_BLOCK, vectors: 1 } as const satisfies Block;

/**
 * The most floats of b in a panel of its columns, which must stay in the nearest cache while all rows of a pass over
 * it: 16 of 32 KiB.
 */
const PANEL_FLOATS = 4096;
/** A multiple of the columns of both wide blocks. */
const PANEL_COLUMNS = 24;
/** With fewer columns the overhead of the loop around them would matter. */
const LEAST_PANEL_COLUMNS = 48;

/**
 * `c[m][n] = max(low, bias[m] + a[m][k] · b[k][n] (+ c))`, as in `matrixBlock`, for `m` of at least 3 that is a multiple
 * of 3 or one more, and `n` of at least 4. Up to three remaining columns are computed one by one, for which `m` must be
 * a multiple of 3 and `k` of 4.
 *
 * `a` is in blocks of filters: int8 values with a scale for each row at `scales`, or floats if that is 0.
 */
const product = func(
  '$product',
  'a scales m k b ldb c ldc n bias beta: i32, low: v128, scratch scratchBytes: i32',
  'n4 panel wide at rowA floats rowC rowBias left blocks rest columns columnsEnd column to: i32',
  [
    set('$rest', remainder('$m', FILTERS_IN_A_BLOCK)),
    set('$n4', and('$n', -FLOATS_IN_A_VECTOR)),
    set('$columns', add('$scratch', multiply(add('$k', FLOATS_IN_A_VECTOR), 4 * FILTERS_IN_LAST_BLOCK))),
    set('$columnsEnd', add('$columns', multiply(subtract('$n', '$n4'), multiply('$k', REPEATED_BYTES)))),
    trapIf(
      less('$m', FILTERS_IN_A_BLOCK),
      greater('$rest', 1),
      less('$n', FLOATS_IN_A_VECTOR),
      less('$k', 2),
      // The last float of a column is written once more than needed.
      greater(add('$columnsEnd', 4), add('$scratch', '$scratchBytes')),
    ),
    when(less('$n4', '$n'), [
      trapIf('$rest', and('$k', STEPS - 1)),
      call('$spreadColumns', add('$b', bytes('$n4')), '$ldb', '$k', '$columns', '$columnsEnd'),
    ]),
    set('$blocks', subtract(divide('$m', FILTERS_IN_A_BLOCK), '$rest')),
    // As wide as the cache allows; all columns if a is the larger matrix, which is then read only once.
    set('$panel', multiply(divide(PANEL_FLOATS, multiply('$k', PANEL_COLUMNS)), PANEL_COLUMNS)),
    when(less('$panel', LEAST_PANEL_COLUMNS), [set('$panel', LEAST_PANEL_COLUMNS)]),
    when(or(greater('$m', '$n'), greater('$panel', '$n4')), [set('$panel', '$n4')]),
    repeat(
      '$panels',
      [
        set('$panel', select('$panel', subtract('$n4', '$at'), less(add('$at', '$panel'), '$n4'))),
        set('$rowA', '$a'),
        set('$rowBias', '$bias'),
        set('$rowC', add('$c', bytes('$at'))),
        set('$left', '$blocks'),
        set('$wide', subtract('$panel', remainder('$panel', columnsOf(WIDE.vectors)))),
        increase('$at', '$panel'),
        during('$rows', '$left', [
          floatsOfRows(WIDE),
          blocks(WIDE, NARROW),
          when(equal('$at', '$n4'), remainingColumns()),
          nextRows(WIDE),
          set('$left', subtract('$left', 1)),
        ]),
        when('$rest', [
          set('$wide', and('$panel', -columnsOf(LAST_WIDE.vectors))),
          floatsOfRows(LAST_WIDE),
          blocks(LAST_WIDE, LAST_NARROW),
        ]),
        increase('$b', bytes('$panel')),
      ],
      less('$at', '$n4'),
    ),
  ],
);

/** Sets `$floats` to the address of the rows' floats. */
function floatsOfRows({ rows }: Block): string {
  return when(
    '$scales',
    [
      set('$floats', '$scratch'),
      call(unpackName(rows), ...['$rowA', add('$scales', subtract('$rowBias', '$bias')), '$floats', '$k']),
    ],
    [set('$floats', '$rowA')],
  );
}

function nextRows({ rows }: Block): Statements {
  return [
    increase('$rowA', multiply('$k', select(rows, 4 * rows, '$scales'))),
    increase('$rowC', multiply('$ldc', rows)),
    increase('$rowBias', 4 * rows),
  ];
}

/** The rows, for the columns of the panel. */
function blocks(wide: Block, narrow: Block): Statements {
  return [block(wide, '$wide', 0), block(narrow, subtract('$panel', '$wide'), '$wide')];
}

/** @param columns their number, from column `from` of the panel on */
function block(kind: Block, columns: string, from: string | number): string {
  return call(
    blockName(kind),
    ...['$floats', '$k', add('$b', bytes(from)), '$ldb', add('$rowC', bytes(from)), '$ldc', columns],
    ...['$rowBias', '$beta', '$low'],
  );
}

/** The columns that are left over, of the rows whose floats are at `$floats`. */
function remainingColumns(): Statements {
  return [
    set('$column', '$columns'),
    set('$to', add('$rowC', bytes('$panel'))),
    during('$remaining', less('$column', '$columnsEnd'), [
      call('$column', ...['$floats', '$k', '$column', '$to', '$ldc', '$rowBias', '$beta', '$low']),
      increase('$column', multiply('$k', REPEATED_BYTES)),
      increase('$to', 4),
    ]),
  ];
}

export const MATRIX_PRODUCT: readonly string[] = [
  ...[WIDE, NARROW, LAST_WIDE, LAST_NARROW].map(matrixBlock),
  ...MATRIX_COLUMN,
  product,
];
