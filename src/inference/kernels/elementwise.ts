/**
 * The replacement of the inner loops of HardSigmoid and Mul, which the package computes one float at a time, or little
 * more.
 *
 * Hard swish is a HardSigmoid of a map followed by the product of both: three maps are read and two written, where one
 * of each would do. So the HardSigmoid of a map only records its arguments, and the following product computes both.
 * Any other operator in between traps: nodes run in the same order every time, so that would happen at installation.
 */
import {
  add,
  atLeast,
  bytes,
  during,
  equal,
  floatMultiply,
  func,
  increase,
  load,
  loadFloat,
  loadSplat,
  loadVector,
  loadZero,
  multiplyAdd,
  type Operand,
  type Statements,
  set,
  store,
  storeFloat,
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

/** A pending HardSigmoid, at the end of the scratch memory; `output` is 0 if there is none. */
const WAITING = { output: 0, input: 4, floats: 8, alpha: 12, beta: 16 };
/** The part of the scratch memory that is reserved for it. */
export const WAITING_BYTES = 64;

const waiting = (name: keyof typeof WAITING) => load('$waiting', WAITING[name]);
const wait = (name: keyof typeof WAITING, value: Operand) => store(add('$waiting', WAITING[name]), value);
const whereItWaits = set('$waiting', add('$scratch', subtract('$scratchBytes', WAITING_BYTES)));

const gated = (x: Operand) =>
  vectorMost(vectorLeast(multiplyAdd(x, '$alpha', '$beta'), vector(1)), vector(0));

/**
 * `output[i] = min(max(alpha · input[i] + beta, 0), 1)` from `*first` to `*last`; for a map, computed by `spanProduct`.
 */
const hardSigmoid = func(
  '$hardSigmoid',
  'functor first last scratch scratchBytes: i32',
  'n from to waiting: i32, alpha beta: v128',
  [
    set('$n', subtract(load('$last'), load('$first'))),
    set('$from', add(load('$functor', FUNCTOR.input), bytes(load('$first')))),
    set('$to', add(load('$functor', FUNCTOR.output), bytes(load('$first')))),
    whereItWaits,
    trapIf(waiting('output')),
    when(atLeast('$n', LEAST_OF_A_MAP), [
      wait('output', '$to'),
      wait('input', '$from'),
      wait('floats', '$n'),
      wait('alpha', load('$functor', FUNCTOR.alpha)),
      wait('beta', load('$functor', FUNCTOR.beta)),
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
const OUTPUT = { data: 12 };

/** Mul of two spans of the same length: `output[i] = input0[i] · input1[i]`, where one may be a pending gate. */
const spanProduct = func(
  '$spanProduct',
  'helper scratch scratchBytes: i32',
  'inputs one other to n waiting: i32, x alpha beta: v128',
  [
    set('$inputs', load('$helper', HELPER.inputs)),
    set('$n', load('$helper', HELPER.floats)),
    set('$one', spanOf(INPUTS.data0, INPUTS.begin0, HELPER.span0)),
    set('$other', spanOf(INPUTS.data1, INPUTS.begin1, HELPER.span1)),
    set(
      '$to',
      add(load(load('$helper', HELPER.output), OUTPUT.data), bytes(load('$helper', HELPER.outputSpan))),
    ),
    whereItWaits,
    when(waiting('output'), [
      when(equal('$one', waiting('output')), [set('$one', '$other'), set('$other', waiting('output'))]),
      trapIf(
        unequal('$other', waiting('output')),
        unequal('$one', waiting('input')),
        unequal('$n', waiting('floats')),
      ),
      wait('output', 0),
      set('$alpha', loadSplat('$waiting', WAITING.alpha)),
      set('$beta', loadSplat('$waiting', WAITING.beta)),
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
    sixteenAtATime(['$one', '$other', '$to'], (offset) =>
      storeVector('$to', vectorMultiply(loadVector('$one', offset), loadVector('$other', offset)), offset),
    ),
    oneAtATime(
      ['$one', '$other', '$to'],
      storeFloat('$to', floatMultiply(loadFloat('$one'), loadFloat('$other'))),
    ),
  ],
  'exported',
);

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
