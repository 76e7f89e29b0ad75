/** Copies rows of a channel to the patches of the first layer. */
import {
  add,
  and,
  atLeast,
  bytes,
  during,
  func,
  increase,
  less,
  loadVector,
  type Statements,
  set,
  shiftLeft,
  shuffle,
  storeVector,
  subtract,
  trapIf,
  when,
} from './wat.ts';

const FLOATS_IN_A_VECTOR = 4;
const VECTOR_BYTES = 16;
/** Two vectors of a row, which become one vector of even floats and one of odd floats. */
const FLOATS_SPLIT_AT_ONCE = 8;

/** Copies a row of `n` floats, at least 4. The last vector ends where the row does, and may overlap the one before. */
const copyRow = func('$copyRow', 'from to n: i32', 'at last: i32', [
  trapIf(less('$n', FLOATS_IN_A_VECTOR)),
  set('$last', bytes(subtract('$n', FLOATS_IN_A_VECTOR))),
  during('$vectors', less('$at', '$last'), [
    storeVector(add('$to', '$at'), loadVector(add('$from', '$at'))),
    increase('$at', VECTOR_BYTES),
  ]),
  storeVector(add('$to', '$last'), loadVector(add('$from', '$last'))),
]);

/** @param eight number of the group of eight floats, counted from the pointers */
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
 * Splits a row of `n` floats, an even number of at least 8, into even and odd ones. If fewer than eight remain, the
 * last eight are split again.
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

export const ROWS_OF_MAPS: readonly string[] = [copyRow, splitRow];
