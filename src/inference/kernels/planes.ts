/** Copies rows of a channel to where a kernel reads them, with room for zeros around. */
import { param } from './conv-parameters.ts';
import {
  add,
  and,
  atLeast,
  bytes,
  call,
  during,
  equal,
  func,
  increase,
  increased,
  less,
  loadVector,
  multiply,
  repeat,
  type Statements,
  set,
  shiftLeft,
  shiftRight,
  shuffle,
  storeVector,
  subtract,
  trapIf,
  upTo,
  when,
} from './wat.ts';

const FLOATS_IN_A_VECTOR = 4;
const VECTOR_BYTES = 16;
/** Two vectors of a row, which become one of each half. */
const FLOATS_SPLIT_AT_ONCE = 8;

/** Widths of the maps of depthwise convolutions: a row of one is copied without a loop. */
const ROWS_AT_ONCE = [28, 14, 7];

/** `count` rows of `n` floats, at least 4; pitches are in bytes. The last four of a row are copied as four. */
const copyRows = func('$copyRows', 'from fromPitch to toPitch n count: i32', 'at last: i32', [
  trapIf(less('$n', FLOATS_IN_A_VECTOR)),
  ROWS_AT_ONCE.map((width) => when(equal('$n', width), [everyRow(copyOfARow(width)), '(return)'])),
  set('$last', bytes(subtract('$n', FLOATS_IN_A_VECTOR))),
  everyRow([
    set('$at', 0),
    during('$vectors', less('$at', '$last'), [
      storeVector(add('$to', '$at'), loadVector(add('$from', '$at'))),
      increase('$at', VECTOR_BYTES),
    ]),
    storeVector(add('$to', '$last'), loadVector(add('$from', '$last'))),
  ]),
]);

function everyRow(copy: Statements): string {
  return repeat(
    '$rows',
    [copy, increase('$from', '$fromPitch'), increase('$to', '$toPitch')],
    increased('$count', -1),
  );
}

function copyOfARow(width: number): Statements {
  return upTo(Math.ceil(width / FLOATS_IN_A_VECTOR)).map((vector) => {
    const offset = 4 * Math.min(FLOATS_IN_A_VECTOR * vector, width - FLOATS_IN_A_VECTOR);
    return storeVector('$to', loadVector('$from', offset), offset);
  });
}

/** @param eight which eight floats, from where the pointers are */
const splitEight = (eight: number): Statements => [
  set('$x', loadVector('$from', 2 * VECTOR_BYTES * eight)),
  set('$y', loadVector('$from', VECTOR_BYTES * (2 * eight + 1))),
  storeVector('$even', shuffle('$x', '$y', [0, 2, 4, 6]), VECTOR_BYTES * eight),
  storeVector('$odd', shuffle('$x', '$y', [1, 3, 5, 7]), VECTOR_BYTES * eight),
];
const advance = (eights: number): Statements => [
  increase('$n', -FLOATS_SPLIT_AT_ONCE * eights),
  increase('$from', 2 * VECTOR_BYTES * eights),
  increase('$even', VECTOR_BYTES * eights),
  increase('$odd', VECTOR_BYTES * eights),
];

/**
 * The even and the odd floats of a row of `n`, an even number of at least 8. Where less than eight are left, the last
 * eight are done once more.
 */
const splitRow = func('$splitRow', 'from even odd n: i32', 'x y: v128', [
  trapIf(and('$n', 1), less('$n', FLOATS_SPLIT_AT_ONCE)),
  during('$sixteens', atLeast('$n', 2 * FLOATS_SPLIT_AT_ONCE), [splitEight(0), splitEight(1), advance(2)]),
  when(atLeast('$n', FLOATS_SPLIT_AT_ONCE), [splitEight(0), advance(1)]),
  when('$n', [
    set('$n', subtract(FLOATS_SPLIT_AT_ONCE, '$n')),
    set('$from', subtract('$from', bytes('$n'))),
    set('$even', subtract('$even', shiftLeft('$n', 1))),
    set('$odd', subtract('$odd', shiftLeft('$n', 1))),
    splitEight(0),
  ]),
]);

/**
 * Copies a channel to planes that hold zeros around it.
 *
 * At stride 1 there is one plane, at stride 2 one for each parity of row and column: row y of the input is row
 * y + top of the padded one, and so of the planes of that parity. `even` and `odd` say, in bytes, where in these the
 * even and the odd columns of the input begin.
 */
const fillPlanes = func(
  '$fillPlanes',
  'params input planes plane pitch even odd: i32',
  'y row pair width: i32',
  [
    set('$width', param('width')),
    when(
      equal(param('strideWidth'), 1),
      [
        call(
          '$copyRows',
          ...['$input', bytes('$width')],
          ...[add('$planes', multiply(param('top'), '$pitch'), bytes(param('left'))), '$pitch'],
          ...['$width', param('height')],
        ),
      ],
      [
        repeat(
          '$rows',
          [
            set('$row', add('$y', param('top'))),
            set('$pair', add('$planes', multiply(and('$row', 1), '$plane', 2))),
            increase('$pair', multiply(shiftRight('$row', 1), '$pitch')),
            call(
              '$splitRow',
              add('$input', multiply('$y', bytes('$width'))),
              add('$pair', '$even'),
              add('$pair', '$odd'),
              '$width',
            ),
          ],
          less(increased('$y', 1), param('height')),
        ),
      ],
    ),
  ],
);

export const PLANES: readonly string[] = [copyRows, splitRow, fillPlanes];
