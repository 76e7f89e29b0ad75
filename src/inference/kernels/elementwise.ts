/**
 * The replacement of the inner loops of HardSigmoid and Mul, which the package computes one float at a time, or little
 * more.
 *
 * Hard swish is a HardSigmoid of a map followed by the product of both: three maps are read and two written, where one
 * of each would do. So the HardSigmoid of a map only records its arguments, and the following product computes both.
 * Any other operator in between traps: nodes run in the same order every time, so that would happen at installation.
 */
import { findLeft, leave, left, offsetOf } from './left-behind.ts';
import {
  add,
  atLeast,
  bytes,
  call,
  divide,
  during,
  equal,
  func,
  increase,
  load,
  loadSplat,
  loadVector,
  loadZero,
  multiplyAdd,
  type Operand,
  type Statements,
  set,
  shiftRight,
  storeLane,
  storeVector,
  subtract,
  trapIf,
  unequal,
  upTo,
  vector,
  vectorLeast,
  vectorMost,
  vectorMultiply,
  when,
} from './wat.ts';

const [FLOATS_AT_ONCE, VECTOR_BYTES] = [16, 16];

/** The functor of `Eigen::ThreadPool` that HardSigmoid runs: input, output, alpha and beta. */
const FUNCTOR = { input: 8, output: 12, alpha: 16, beta: 20 };

/**
 * A gate of a squeeze-excite has at most 576 floats, the number of channels, and is not multiplied by a map of its own
 * size.
 */
const LEAST_OF_A_MAP = 1024;

const gated = (x: Operand) =>
  vectorMost(vectorLeast(multiplyAdd(x, '$alpha', '$beta'), vector(1)), vector(0));

/**
 * `output[i] = min(max(alpha · input[i] + beta, 0), 1)` from `*first` to `*last`; for a map, computed by `spanProduct`.
 */
const hardSigmoid = func(
  '$hardSigmoid',
  'functor first last scratch scratchBytes: i32',
  'n from to left: i32, alpha beta: v128',
  [
    set('$n', subtract(load('$last'), load('$first'))),
    set('$from', add(load('$functor', FUNCTOR.input), bytes(load('$first')))),
    set('$to', add(load('$functor', FUNCTOR.output), bytes(load('$first')))),
    findLeft,
    trapIf(left('output')),
    when(atLeast('$n', LEAST_OF_A_MAP), [
      leave('output', '$to'),
      leave('input', '$from'),
      leave('floats', '$n'),
      leave('alpha', load('$functor', FUNCTOR.alpha)),
      leave('beta', load('$functor', FUNCTOR.beta)),
      '(return)',
    ]),
    set('$alpha', loadSplat('$functor', FUNCTOR.alpha)),
    set('$beta', loadSplat('$functor', FUNCTOR.beta)),
    sixteenAtATime(['$from', '$to'], (offset) =>
      storeVector('$to', gated(loadVector('$from', offset)), offset),
    ),
    oneAtATime(['$from', '$to'], storeLane(32, 0, '$to', gated(loadZero('$from')))),
  ],
  'exported',
);

/**
 * `BroadcastHelper`, its `InputBroadcaster` and `OutputBroadcaster`: addresses of the tensors' data and, in floats, the
 * beginning and the length of a span in them.
 */
const HELPER = { inputs: 0, output: 4, span0: 24, span1: 32, outputSpan: 40, floats: 44 };
const INPUTS = { data0: 20, data1: 24, begin0: 108, begin1: 188 };
/** `floats` of the whole tensor, and the rest of it: from the address `data`, which advances, to the address `end`. */
const OUTPUT = { floats: 8, data: 12, end: 16 };

/**
 * Mul of two spans of the same length. Either one is a pending gate, and `output[i] = input[i] · gate(input[i])`; or the
 * first is a filter, and the second what its inputs are weighed by.
 */
const spanProduct = func(
  '$spanProduct',
  'helper scratch scratchBytes: i32',
  'inputs one other output to n left: i32, x alpha beta: v128',
  [
    set('$inputs', load('$helper', HELPER.inputs)),
    set('$n', load('$helper', HELPER.floats)),
    set('$one', spanOf(INPUTS.data0, INPUTS.begin0, HELPER.span0)),
    set('$other', spanOf(INPUTS.data1, INPUTS.begin1, HELPER.span1)),
    set('$output', load('$helper', HELPER.output)),
    set('$to', add(load('$output', OUTPUT.data), bytes(load('$helper', HELPER.outputSpan)))),
    findLeft,
    when(left('output'), [
      when(equal('$one', left('output')), [set('$one', '$other'), set('$other', left('output'))]),
      trapIf(
        unequal('$other', left('output')),
        unequal('$one', left('input')),
        unequal('$n', left('floats')),
      ),
      leave('output', 0),
      set('$alpha', loadSplat('$left', offsetOf('alpha'))),
      set('$beta', loadSplat('$left', offsetOf('beta'))),
      sixteenAtATime(['$one', '$to'], (offset) => [
        set('$x', loadVector('$one', offset)),
        storeVector('$to', vectorMultiply('$x', gated('$x')), offset),
      ]),
      oneAtATime(
        ['$one', '$to'],
        [set('$x', loadZero('$one')), storeLane(32, 0, '$to', vectorMultiply('$x', gated('$x')))],
      ),
      '(return)',
    ]),
    call(
      '$weighedFilters',
      ...['$one', '$other', '$to', '$n'],
      divide(subtract(load('$output', OUTPUT.floats), floatsFrom('$to')), '$n'),
      divide(load('$output', OUTPUT.floats), '$n'),
    ),
    leave('weighed', subtract(load('$output', OUTPUT.end), bytes(load('$output', OUTPUT.floats)))),
  ],
  'exported',
);

/** From an address to the end of the output. */
function floatsFrom(at: string): string {
  return shiftRight(subtract(load('$output', OUTPUT.end), at), 2);
}

function spanOf(data: number, begin: number, span: number): string {
  return add(load('$inputs', data), bytes(add(load('$inputs', begin), load('$helper', span))));
}

/** @param step computes four floats, this many bytes after the pointers */
function sixteenAtATime(pointers: readonly string[], step: (offset: number) => string | Statements): string {
  return during('$sixteens', `(i32.ge_s (local.get $n) (i32.const ${FLOATS_AT_ONCE}))`, [
    upTo(FLOATS_AT_ONCE / 4).map((vector) => step(VECTOR_BYTES * vector)),
    pointers.map((pointer) => increase(pointer, 4 * FLOATS_AT_ONCE)),
    increase('$n', -FLOATS_AT_ONCE),
  ]);
}

function oneAtATime(pointers: readonly string[], step: string | Statements): string {
  const rest: Statements = [step, pointers.map((pointer) => increase(pointer, 4)), increase('$n', -1)];
  return during('$ones', '(i32.gt_s (local.get $n) (i32.const 0))', rest);
}

export const ELEMENTWISE: readonly string[] = [hardSigmoid, spanProduct];
