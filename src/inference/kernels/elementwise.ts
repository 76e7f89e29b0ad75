/** What takes the place of the inner loops of HardSigmoid and Mul, which the package does a float at a time, or little more. */
import {
  add,
  bytes,
  during,
  floatMultiply,
  func,
  increase,
  load,
  loadFloat,
  loadSplat,
  loadVector,
  multiplyAdd,
  type Operand,
  type Statements,
  set,
  storeFloat,
  storeLane,
  storeVector,
  subtract,
  upTo,
  vector,
  vectorLeast,
  vectorMost,
  vectorMultiply,
} from './wat.ts';

const [FLOATS_AT_ONCE, VECTOR_BYTES] = [16, 16];

/** The functor of `Eigen::ThreadPool` that HardSigmoid runs: input, output, alpha and beta. */
const FUNCTOR = { input: 8, output: 12, alpha: 16, beta: 20 };

const gated = (x: Operand) =>
  vectorMost(vectorLeast(multiplyAdd(x, '$alpha', '$beta'), vector(1)), vector(0));

/** `output[i] = min(max(alpha · input[i] + beta, 0), 1)` from `*first` up to `*last`. */
const hardSigmoid = func(
  '$hardSigmoid',
  'functor first last: i32',
  'n from to: i32, alpha beta: v128',
  [
    set('$n', subtract(load('$last'), load('$first'))),
    set('$from', add(load('$functor', FUNCTOR.input), bytes(load('$first')))),
    set('$to', add(load('$functor', FUNCTOR.output), bytes(load('$first')))),
    set('$alpha', loadSplat('$functor', FUNCTOR.alpha)),
    set('$beta', loadSplat('$functor', FUNCTOR.beta)),
    sixteenAtATime(['$from', '$to'], (offset) =>
      storeVector('$to', gated(loadVector('$from', offset)), offset),
    ),
    oneAtATime(['$from', '$to'], storeLane(32, 0, '$to', gated(`(v128.load32_zero ${'(local.get $from)'})`))),
  ],
  'exported',
);

/**
 * `BroadcastHelper`, its `InputBroadcaster` and `OutputBroadcaster`: addresses of the tensors' data and, in floats, where
 * in them a span begins and how long it is.
 */
const HELPER = { inputs: 0, output: 4, span0: 24, span1: 32, outputSpan: 40, floats: 44 };
const INPUTS = { data0: 20, data1: 24, begin0: 108, begin1: 188 };
const OUTPUT = { data: 12 };

/** Mul of two spans of the same length: `output[i] = input0[i] · input1[i]`. */
const spanProduct = func(
  '$spanProduct',
  'helper: i32',
  'inputs one other to n: i32',
  [
    set('$inputs', load('$helper', HELPER.inputs)),
    set('$n', load('$helper', HELPER.floats)),
    set('$one', spanOf(INPUTS.data0, INPUTS.begin0, HELPER.span0)),
    set('$other', spanOf(INPUTS.data1, INPUTS.begin1, HELPER.span1)),
    set(
      '$to',
      add(load(load('$helper', HELPER.output), OUTPUT.data), bytes(load('$helper', HELPER.outputSpan))),
    ),
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

/** @param step does four floats, so many bytes behind where the pointers are */
function sixteenAtATime(pointers: readonly string[], step: (offset: number) => string): string {
  return during('$sixteens', `(i32.ge_s (local.get $n) (i32.const ${FLOATS_AT_ONCE}))`, [
    upTo(FLOATS_AT_ONCE / 4).map((vector) => step(VECTOR_BYTES * vector)),
    pointers.map((pointer) => increase(pointer, 4 * FLOATS_AT_ONCE)),
    increase('$n', -FLOATS_AT_ONCE),
  ]);
}

function oneAtATime(pointers: readonly string[], step: string): string {
  const rest: Statements = [step, pointers.map((pointer) => increase(pointer, 4)), increase('$n', -1)];
  return during('$ones', '(i32.gt_s (local.get $n) (i32.const 0))', rest);
}

export const ELEMENTWISE: readonly string[] = [hardSigmoid, spanProduct];
