/** The replacement of `MlasConv`: the same parameters, and the same results for the convolutions of this network. */
import { BETA, IDENTITY, param, RELU } from './conv-parameters.ts';
import { INT8_MARK } from './filter-blocks.ts';
import { findLeft, LEFT_BYTES, left } from './left-behind.ts';
import { markOf, scalesAt } from './unpacked-filters.ts';
import {
  and,
  bytes,
  call,
  equal,
  float,
  floatUnequal,
  func,
  greater,
  load,
  or,
  set,
  subtract,
  trapIf,
  unequal,
  vector,
  when,
} from './wat.ts';

/**
 * Batch 1, in two dimensions, without dilation, with biases, and relu or no activation. 1×1 of stride 1, which may add
 * to what is in the output; depthwise; the first layer. Anything else traps: shapes never change, so that happens
 * when the network's module is made, or never.
 *
 * MLAS' working buffer and thread pool are not used.
 */
const convolution = func(
  '$convolution',
  'params input filter bias working output pool: i32, scratch scratchBytes: i32',
  'kind left scales: i32, low: v128',
  [
    findLeft,
    set('$scratchBytes', subtract('$scratchBytes', LEFT_BYTES)),
    set('$kind', load(param('activation'))),
    trapIf(
      unequal(param('dimensions'), 2),
      unequal(param('batch'), 1),
      unequal(param('dilationHeight'), 1),
      unequal(param('dilationWidth'), 1),
      equal('$bias', 0),
      greater('$kind', RELU),
      and(floatUnequal(BETA, float(0)), floatUnequal(BETA, float(1))),
    ),
    set('$low', vector('-inf')),
    when(unequal('$kind', IDENTITY), [set('$low', vector(0))]),
    when(greater(param('groups'), 1), [
      trapIf(floatUnequal(BETA, float(0))),
      call('$depthwise', ...['$params', '$input', '$filter', '$bias', '$output', '$low']),
      '(return)',
    ]),
    when(unequal('$filter', left('weighed')), [
      trapIf(unequal(markOf('$filter', param('filters'), param('k')), INT8_MARK)),
      set('$scales', scalesAt('$filter', param('filters'), param('k'))),
    ]),
    when(equal(param('k'), param('channels')), [
      trapIf(
        unequal(param('inputSize'), param('outputSize')),
        or(param('top'), param('left'), param('bottom'), param('right')),
      ),
      call(
        '$product',
        ...['$filter', '$scales', param('filters'), param('k')],
        ...['$input', bytes(param('inputSize')), '$output', bytes(param('outputSize')), param('outputSize')],
        ...['$bias', floatUnequal(BETA, float(0)), '$low', '$scratch', '$scratchBytes'],
      ),
      '(return)',
    ]),
    trapIf(floatUnequal(BETA, float(0))),
    call(
      '$firstLayer',
      ...['$params', '$input', '$filter', '$scales', '$bias', '$output', '$low', '$scratch', '$scratchBytes'],
    ),
  ],
  'exported',
);

export const CONVOLUTION: readonly string[] = [convolution];
