/**
 * Depthwise 3×3 of stride 2, which halves a map.
 *
 * The kernel's three columns take two loads: they meet the even inputs, the odd ones, and the even ones from the second
 * on, which need only one float of the next vector. `depthwise-tile.ts` would load two vectors for it. Padding is only
 * at the end of rows and columns: at the right edge a tile uses a zero after its last floats, and at the bottom it
 * skips the kernel's last row.
 */
import { param } from './conv-parameters.ts';
import { type StoredTile, storeTile, sumAt, sumsOf } from './depthwise-store.ts';
import {
  add,
  again,
  and,
  bytes,
  call,
  equal,
  func,
  increase,
  increased,
  less,
  loadSplat,
  loadVector,
  loop,
  multiply,
  multiplyAdd,
  repeat,
  type Statements,
  select,
  set,
  shiftLeft,
  shuffle,
  spread,
  subtract,
  trapIf,
  upTo,
  vector,
  when,
} from './wat.ts';

const SIDE = 3;
const VECTOR_BYTES = 16;
const TILE: StoredTile = { rows: 2, vectors: 4, last: 4 };
const { rows: ROWS, vectors: VECTORS } = TILE;
const COLUMNS = 4 * VECTORS;
const SUMS = sumsOf(TILE);

/**
 * Adds the products of one row of the kernel and the row of the map at `$row` to a row of the tile.
 *
 * Four outputs take eight floats and the one after them: the even ones, the odd ones, and the even ones from the second
 * on.
 */
function addRow(row: number, kernelRow: number): Statements {
  return [
    set('$four', loadVector('$filter', 4 * SIDE * kernelRow)),
    upTo(SIDE).map((column) => set(`$weight${column}`, spread('$four', column))),
    set('$next', loadVector('$row')),
    upTo(VECTORS).map((column) => [
      set('$second', loadVector('$row', VECTOR_BYTES * (2 * column + 1))),
      set('$even', shuffle('$next', '$second', [0, 2, 4, 6])),
      set('$odd', shuffle('$next', '$second', [1, 3, 5, 7])),
      set(sumAt(row, column), multiplyAdd('$weight0', '$even', sumAt(row, column))),
      set(sumAt(row, column), multiplyAdd('$weight1', '$odd', sumAt(row, column))),
      column < VECTORS - 1
        ? [set('$next', loadVector('$row', 2 * VECTOR_BYTES * (column + 1)))]
        : [
            set('$next', vector(0)),
            when('$beside', [set('$next', loadVector('$row', 2 * VECTOR_BYTES * (column + 1)))]),
          ],
      set(
        sumAt(row, column),
        multiplyAdd('$weight2', shuffle('$even', '$next', [1, 2, 3, 4]), sumAt(row, column)),
      ),
    ]),
  ];
}

const nextRow = increase('$row', '$pitch');

/**
 * A column of tiles.
 *
 * `from`: the input under the first tile's upper left corner; `pitch` and `toPitch`: from one row to the next, in
 * bytes. `low`: 0 for relu, or −∞. `below`: rows of output below the first tile, an even number. `beside`: whether
 * there are columns to its right.
 */
const tile = func(
  '$halvingTile',
  'from pitch filter bias: i32, low: v128, to toPitch below beside: i32',
  `row at: i32, next second even odd four: v128, ${SUMS.map((name) => name.slice(1)).join(' ')}: v128,
   ${upTo(SIDE)
     .map((column) => `weight${column}`)
     .join(' ')}: v128`,
  [
    loop('$tiles', [
      SUMS.map((name, index) => set(name, index === 0 ? loadSplat('$bias') : sumAt(0, 0))),
      set('$row', '$from'),
      [addRow(0, 0), nextRow, addRow(0, 1), nextRow, addRow(0, 2)],
      [addRow(1, 0), nextRow, addRow(1, 1)],
      when('$below', [nextRow, addRow(1, 2)]),
      storeTile(TILE, '$toPitch'),
      when('$below', [
        increase('$from', multiply('$pitch', 2 * ROWS)),
        increase('$to', multiply('$toPitch', ROWS)),
        set('$below', subtract('$below', ROWS)),
        again('$tiles'),
      ]),
    ]),
  ],
);

/** For square maps with outputs of an even side of at least 16; the caller checks the padding. */
const halving = func(
  '$halving',
  'params input filter bias output: i32, low: v128',
  'channels width height x last: i32',
  [
    set('$width', param('outputWidth')),
    set('$height', param('outputHeight')),
    trapIf(less('$width', COLUMNS), and('$height', ROWS - 1)),
    set('$channels', param('groups')),
    set('$last', subtract('$width', COLUMNS)),
    repeat(
      '$channel',
      [
        set('$x', 0),
        // Columns of tiles side by side; the last ends where the output does, and may overlap the one before.
        loop('$across', [
          call(
            '$halvingTile',
            ...[add('$input', shiftLeft('$x', 3)), bytes(param('width')), '$filter', '$bias', '$low'],
            ...[add('$output', bytes('$x')), bytes('$width'), subtract('$height', ROWS)],
            less('$x', '$last'),
          ),
          when(less('$x', '$last'), [
            increase('$x', COLUMNS),
            set('$x', select('$x', '$last', less('$x', '$last'))),
            again('$across'),
          ]),
        ]),
        increase('$input', bytes(param('inputSize'))),
        increase('$output', bytes(param('outputSize'))),
        increase('$filter', 4 * SIDE * SIDE),
        increase('$bias', 4),
      ],
      increased('$channels', -1),
    ),
  ],
);

/** Whether this kernel computes a convolution. */
export const IS_HALVING = and(equal(param('kernelWidth'), SIDE), equal(param('strideWidth'), 2));

export const DEPTHWISE_HALVING: readonly string[] = [tile, halving];
