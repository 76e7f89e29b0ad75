/** Depthwise convolutions of 3×3 and 5×5: each channel on its own, with one filter. */
import { type ConvParameter, param } from './conv-parameters.ts';
import { DEPTHWISE_HALVING, IS_HALVING } from './depthwise-halving.ts';
import { columnsOfTiles, depthwiseTiles, type Tiling, tileName } from './depthwise-tile.ts';
import {
  and,
  bytes,
  call,
  equal,
  func,
  increase,
  increased,
  multiply,
  repeat,
  set,
  shiftRight,
  subtract,
  trapIf,
  unequal,
  when,
} from './wat.ts';

/** The convolutions of this network except the two of `depthwise-halving.ts`, each with its fastest tile. */
const TILINGS: readonly Tiling[] = [
  { kernel: 3, stride: 1, side: 28, rows: 2, vectors: 4 },
  { kernel: 5, stride: 2, side: 14, rows: 2, vectors: 4 },
  { kernel: 5, stride: 1, side: 14, rows: 2, vectors: 4 },
  { kernel: 5, stride: 2, side: 7, rows: 4, vectors: 2 },
  { kernel: 5, stride: 1, side: 7, rows: 4, vectors: 2 },
];

const differ = (one: ConvParameter, other: ConvParameter) => unequal(param(one), param(other));

/** Maps are square. Half of the padding, rounded down, is before a map. */
const depthwise = func(
  '$depthwise',
  'params input filter bias output: i32, low: v128',
  'channels kernel stride side padding isKnown: i32',
  [
    set('$kernel', param('kernelWidth')),
    set('$stride', param('strideWidth')),
    set('$side', param('outputWidth')),
    set('$padding', shiftRight(subtract('$kernel', '$stride'), 1)),
    trapIf(
      unequal(param('channels'), 1),
      unequal(param('filters'), 1),
      differ('kernelWidth', 'kernelHeight'),
      differ('strideWidth', 'strideHeight'),
      differ('outputWidth', 'outputHeight'),
      differ('width', 'height'),
      unequal(param('width'), multiply('$side', '$stride')),
      unequal(param('top'), '$padding'),
      unequal(param('left'), '$padding'),
    ),
    when(IS_HALVING, [
      call('$halving', '$params', '$input', '$filter', '$bias', '$output', '$low'),
      '(return)',
    ]),
    set('$channels', param('groups')),
    repeat(
      '$channel',
      [
        set('$isKnown', 0),
        TILINGS.map((tiling) =>
          when(
            and(
              equal('$kernel', tiling.kernel),
              equal('$stride', tiling.stride),
              equal('$side', tiling.side),
            ),
            [
              columnsOfTiles(tiling).map((left) =>
                call(tileName(tiling, left), '$input', '$filter', '$bias', '$low', '$output'),
              ),
              set('$isKnown', 1),
            ],
          ),
        ),
        trapIf(equal('$isKnown', 0)),
        increase('$input', bytes(param('inputSize'))),
        increase('$output', bytes(param('outputSize'))),
        increase('$filter', bytes(multiply('$kernel', '$kernel'))),
        increase('$bias', 4),
      ],
      increased('$channels', -1),
    ),
  ],
);

export const DEPTHWISE: readonly string[] = [
  ...TILINGS.flatMap((tiling) => columnsOfTiles(tiling).map((left) => depthwiseTiles(tiling, left))),
  ...DEPTHWISE_HALVING,
  depthwise,
];
