/**
 * Multiplies the weights of a 1×1 convolution by the factors of a squeeze-excite, one for each input: the graph does that
 * instead of multiplying the map, where the filters are smaller.
 *
 * The weights are in blocks of filters (`filter-blocks.ts`), so all weights of a block for one input are multiplied
 * by the same factor, and are written in the same order.
 */
import { FILTERS_IN_A_BLOCK, FILTERS_IN_LAST_BLOCK, INT8_MARK } from './filter-blocks.ts';
import { markOf, scalesAt, unpackName } from './unpacked-filters.ts';
import {
  add,
  and,
  atLeast,
  bytes,
  call,
  equal,
  func,
  greater,
  increase,
  increased,
  less,
  loadSplat,
  loadVector,
  multiply,
  remainder,
  repeat,
  type Statements,
  set,
  shuffle,
  storeVector,
  subtract,
  trapIf,
  unequal,
  upTo,
  vectorMultiply,
  when,
} from './wat.ts';

const [FLOATS_IN_A_VECTOR, VECTOR_BYTES] = [4, 16];

/**
 * ONNX Runtime calls it for each filter, which has `k` inputs; it computes a whole block for the first filter of it, and
 * does nothing for the others. `k` must be a multiple of 4, and `filters` a multiple of 3 or one more. The weights that
 * it writes are floats; those that it reads may be int8.
 *
 * @param from address of this filter's weights if they were floats, and one filter after the other; so is `to`
 */
const weighedFilters = func(
  '$weighedFilters',
  'from factors to k filter filters: i32',
  'rest whole base end: i32, four: v128',
  [
    set('$rest', remainder('$filters', FILTERS_IN_A_BLOCK)),
    trapIf(
      less('$filters', FILTERS_IN_A_BLOCK),
      greater('$rest', 1),
      less('$k', FLOATS_IN_A_VECTOR),
      and('$k', FLOATS_IN_A_VECTOR - 1),
    ),
    set('$whole', subtract('$filters', multiply('$rest', FILTERS_IN_LAST_BLOCK))),
    set('$base', subtract('$from', bytes(multiply('$k', '$filter')))),
    set('$end', add('$factors', bytes('$k'))),
    when(atLeast('$filter', '$whole'), [
      when(unequal('$filter', '$whole'), ['(return)']),
      asFloats(FILTERS_IN_LAST_BLOCK),
      repeat(
        '$factorsOfLast',
        [products(0, loadSplat('$factors')), advance(1)],
        less(increased('$factors', 4), '$end'),
      ),
      '(return)',
    ]),
    when(remainder('$filter', FILTERS_IN_A_BLOCK), ['(return)']),
    asFloats(FILTERS_IN_A_BLOCK),
    repeat(
      '$fourFactors',
      [
        set('$four', loadVector('$factors')),
        upTo(FILTERS_IN_A_BLOCK).map((part) => products(part, shuffle('$four', '$four', factorsOf(part)))),
        advance(FILTERS_IN_A_BLOCK),
      ],
      less(increased('$factors', VECTOR_BYTES), '$end'),
    ),
  ],
);

/** If the weights are int8, writes those of the block to the output, from where they are then read. */
function asFloats(filters: number): string {
  return when(equal(markOf('$base', '$filters', '$k'), INT8_MARK), [
    call(
      unpackName(filters),
      ...[
        add('$base', multiply('$k', '$filter')),
        add(scalesAt('$base', '$filters', '$k'), bytes('$filter')),
      ],
      ...['$to', '$k'],
    ),
    set('$from', '$to'),
  ]);
}

/** Which factors the four weights in a vector are multiplied by. */
function factorsOf(part: number): readonly number[] {
  return upTo(FLOATS_IN_A_VECTOR).map((lane) =>
    Math.floor((FLOATS_IN_A_VECTOR * part + lane) / FILTERS_IN_A_BLOCK),
  );
}

/** @param part which vector, counted from the pointers */
function products(part: number, factors: string): string {
  const offset = VECTOR_BYTES * part;
  return storeVector('$to', vectorMultiply(loadVector('$from', offset), factors), offset);
}

function advance(vectors: number): Statements {
  return ['$from', '$to'].map((pointer) => increase(pointer, VECTOR_BYTES * vectors));
}

export const WEIGHED_FILTERS: readonly string[] = [weighedFilters];
