/** Depthwise convolutions of 3×3 and 5×5: each channel on its own, with one filter. */
import { type ConvParameter, param } from './conv-parameters.ts';
import { DEPTHWISE_HALVING, IS_HALVING } from './depthwise-halving.ts';
import { depthwiseTile, TILE_PARAMETERS, type Tile, tileName } from './depthwise-tile.ts';
import {
  add,
  again,
  and,
  bytes,
  call,
  divide,
  equal,
  func,
  greater,
  increase,
  increased,
  less,
  loop,
  multiply,
  type Operand,
  repeat,
  type Statements,
  select,
  set,
  shiftRight,
  subtract,
  trapIf,
  unequal,
  when,
  zero,
} from './wat.ts';

/**
 * The convolutions of this network by the width of their outputs, each with the tile that is fastest for it. A tile
 * wider than the row leaves out what is behind it; where several make a row, the last ends with it.
 */
const WIDTHS: readonly (Tile & { readonly width: number })[] = [
  { kernel: 3, stride: 1, width: 28, rows: 2, vectors: 4, last: 4 },
  { kernel: 5, stride: 2, width: 14, rows: 2, vectors: 4, last: 2 },
  { kernel: 5, stride: 1, width: 14, rows: 2, vectors: 4, last: 2 },
  { kernel: 5, stride: 2, width: 7, rows: 4, vectors: 2, last: 3 },
  { kernel: 5, stride: 1, width: 7, rows: 4, vectors: 2, last: 3 },
];
const TILES: ReadonlyMap<string, Tile> = new Map(WIDTHS.map((tile) => [tileName(tile), tile]));
const NUMBERS: ReadonlyMap<string, number> = new Map([...TILES.keys()].map((name, index) => [name, index]));
const NO_TILE = -1;

/** Planes begin at a cache line, and a tile may read so many bytes behind its last input. */
const [LINE, READ_BEHIND] = [64, 256];

/** Calls the column of tiles `number`. */
const tile = func('$tile', `number: i32, ${TILE_PARAMETERS}`, '', [
  [...NUMBERS].map(([name, number]) =>
    when(equal('$number', number), [
      call(name, '$from', '$plane', '$pitch', '$filter', '$bias', '$low', '$to', '$toPitch', '$below'),
      '(return)',
    ]),
  ),
  '(unreachable)',
]);

/** Where in a pair of planes column `column` of the padded input is, if both have `$plane` bytes. */
const inPair = (column: Operand) => add(multiply(and(column, 1), '$plane'), bytes(shiftRight(column, 1)));

/** Columns of tiles side by side; the last ends where the output does, and does some of it once more. */
const TILES_OF_A_CHANNEL: Statements = [
  set('$x', 0),
  loop('$across', [
    call(
      '$tile',
      ...['$number', add('$planes', bytes('$x')), '$plane', '$pitch', '$filter', '$bias', '$low'],
      ...[add('$output', bytes('$x')), bytes('$width'), subtract('$height', '$rows')],
    ),
    when(less(add('$x', '$columns'), '$width'), [
      increase('$x', '$columns'),
      set('$x', select('$x', subtract('$width', '$columns'), less('$x', subtract('$width', '$columns')))),
      again('$across'),
    ]),
  ]),
];

const differ = (one: ConvParameter, other: ConvParameter) => unequal(param(one), param(other));

/**
 * The convolution of each channel, while the next channel's planes are filled: what has just been written in other
 * pieces than it is read in would keep the processor waiting.
 */
const depthwise = func(
  '$depthwise',
  'params input filter bias output: i32, low: v128, scratch scratchBytes: i32',
  `left stride kernel width height pitch plane planes next size even odd: i32,
   number rows columns channels x: i32`,
  [
    trapIf(
      unequal(param('channels'), 1),
      unequal(param('filters'), 1),
      differ('kernelWidth', 'kernelHeight'),
      differ('strideWidth', 'strideHeight'),
      differ('outputWidth', 'outputHeight'),
    ),
    when(IS_HALVING, [
      call('$halving', '$params', '$input', '$filter', '$bias', '$output', '$low'),
      '(return)',
    ]),
    set('$channels', param('groups')),
    set('$kernel', param('kernelWidth')),
    set('$stride', param('strideWidth')),
    set('$width', param('outputWidth')),
    set('$height', param('outputHeight')),
    set('$left', param('left')),
    set('$number', NO_TILE),
    WIDTHS.map((one) =>
      when(and(equal('$width', one.width), equal('$kernel', one.kernel), equal('$stride', one.stride)), [
        set('$number', NUMBERS.get(tileName(one)) ?? NO_TILE),
        set('$rows', one.rows),
        set('$columns', 4 * one.vectors),
      ]),
    ),
    trapIf(equal('$number', NO_TILE), less('$height', '$rows')),
    // What is right of a row, at stride 1, is what is left of the next.
    set(
      '$pitch',
      bytes(
        select(
          add(param('width'), select('$left', param('right'), greater('$left', param('right')))),
          add('$width', shiftRight('$kernel', 1)),
          equal('$stride', 1),
        ),
      ),
    ),
    set('$plane', multiply('$pitch', add('$height', 1, divide(subtract('$kernel', 1), '$stride')))),
    set('$size', and(add(multiply('$plane', '$stride', '$stride'), READ_BEHIND + LINE - 1), -LINE)),
    trapIf(greater(multiply('$size', 2), '$scratchBytes')),
    zero('$scratch', multiply('$size', 2)),
    set('$planes', '$scratch'),
    set('$next', add('$scratch', '$size')),
    set('$even', inPair('$left')),
    set('$odd', inPair(add('$left', 1))),
    call('$fillPlanes', '$params', '$input', '$planes', '$plane', '$pitch', '$even', '$odd'),
    repeat(
      '$channel',
      [
        increase('$input', bytes(param('inputSize'))),
        when(greater('$channels', 1), [
          call('$fillPlanes', '$params', '$input', '$next', '$plane', '$pitch', '$even', '$odd'),
        ]),
        TILES_OF_A_CHANNEL,
        set('$size', '$planes'),
        set('$planes', '$next'),
        set('$next', '$size'),
        increase('$output', bytes(param('outputSize'))),
        increase('$filter', bytes(multiply('$kernel', '$kernel'))),
        increase('$bias', 4),
      ],
      increased('$channels', -1),
    ),
  ],
);

export const DEPTHWISE: readonly string[] = [
  ...[...TILES.values()].map(depthwiseTile),
  tile,
  ...DEPTHWISE_HALVING,
  depthwise,
];
