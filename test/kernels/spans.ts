/** Hard sigmoid, and its product with a map, which ONNX Runtime calls through C++ objects: together, hard swish. */
import assert from 'node:assert/strict';
import { assertClose } from './closeness.ts';
import type { Draw, Kind } from './drawn.ts';
import type { Machine } from './machine.ts';

const MOST_FLOATS = 100;
/** From this length on, the kernels leave a hard sigmoid to the product that follows. */
const LEAST_OF_A_MAP = 1024;
/** Words of the objects that are read. */
const [FUNCTOR_WORDS, HELPER_WORDS, INPUTS_WORDS] = [6, 12, 50];

interface Gate {
  readonly input: number;
  readonly output: number;
  readonly alpha: number;
  readonly beta: number;
}

/** @returns the address of the argument of HardSigmoid's loop. */
function putFunctor(machine: Machine, { input, output, alpha, beta }: Gate): number {
  const functor = new Int32Array(FUNCTOR_WORDS);
  functor.set([input, output], 2);
  new Float32Array(functor.buffer).set([alpha, beta], 4);
  return machine.put(functor);
}

export interface Product {
  /** Addresses of the tensors; where the iterated spans begin in them, in floats; and the spans, counted from there. */
  readonly inputs: readonly [number, number];
  readonly output: number;
  readonly begins: readonly [number, number];
  readonly spans: readonly [number, number, number];
  readonly count: number;
  /** Floats of the whole output, and how many come before this span; by default, the span is all of it. */
  readonly floats?: number;
  readonly before?: number;
}

/** @returns the address of the argument of Mul's loop. */
export function putHelper(
  machine: Machine,
  { inputs, output, begins, spans, count, floats = count, before = 0 }: Product,
): number {
  const input = new Int32Array(INPUTS_WORDS);
  input.set(inputs, 5);
  [input[27], input[47]] = begins;
  const outputs = new Int32Array(8);
  outputs.set([floats, output + 4 * before, output + 4 * floats], 2);
  const helper = new Int32Array(HELPER_WORDS);
  helper.set([machine.put(input), machine.put(outputs)]);
  [helper[6], helper[8], helper[10]] = spans;
  helper[11] = count;
  return machine.put(helper);
}

export const NOWHERE = { begins: [0, 0], spans: [0, 0, 0] } as const;

export function gate(machine: Machine, { whole, floats, fraction }: Draw, kind: Kind): void {
  machine.clear();
  const [before, count, after] = [whole(0, 9), whole(1, MOST_FLOATS), whole(0, 9)];
  // Around the middle, so that some are clipped on either side.
  const values = floats(kind, before + count + after).map((value) => 8 * value);
  const [alpha, beta] = [fraction(), fraction()];
  const run = (call: (...numbers: number[]) => void) => {
    const output = machine.put(values);
    call(
      putFunctor(machine, { input: machine.put(values), output, alpha, beta }),
      machine.put(Int32Array.of(before)),
      machine.put(Int32Array.of(before + count)),
    );
    return machine.floats(output, values.length).slice();
  };
  const magnitudes = values.map((value) => Math.abs(alpha * value) + beta);
  const { theirs, ours } = machine.hardSigmoid;
  assertClose(run(ours), run(theirs), magnitudes, 1);
}

/** A map times its gate, in either order, written over the gate, the map, or elsewhere. */
export function swish(machine: Machine, { whole, floats, fraction, one }: Draw, kind: Kind): void {
  machine.clear();
  const count = LEAST_OF_A_MAP + whole(0, MOST_FLOATS);
  const values = floats(kind, count).map((value) => 8 * value);
  const [alpha, beta] = [fraction(), fraction()];
  const gateFirst = one([false, true]);
  const into = one(['input', 'gate', 'output'] as const);
  const run = (hardSigmoid: (...numbers: number[]) => void, product: (...numbers: number[]) => void) => {
    const at = {
      input: machine.put(values),
      gate: machine.put(new Float32Array(count)),
      output: machine.put(new Float32Array(count)),
    };
    const functor = putFunctor(machine, { input: at.input, output: at.gate, alpha, beta });
    hardSigmoid(functor, machine.put(Int32Array.of(0)), machine.put(Int32Array.of(count)));
    const inputs = gateFirst ? ([at.gate, at.input] as const) : ([at.input, at.gate] as const);
    product(putHelper(machine, { ...NOWHERE, inputs, output: at[into], count }));
    return machine.floats(at[into], count).slice();
  };
  const expected = run(machine.hardSigmoid.theirs, machine.spanProduct.theirs);
  const magnitudes = values.map((value) => Math.abs(value) * (Math.abs(alpha * value) + beta));
  assertClose(run(machine.hardSigmoid.ours, machine.spanProduct.ours), expected, magnitudes, 1);
}

/** What may not come between a map's gate and their product, each on a machine with no pending gate. */
export function swishRefusals(machine: Machine): void {
  const count = LEAST_OF_A_MAP;
  const map = () => machine.put(new Float32Array(2 * count));
  const begin = () => {
    machine.clear();
    const at = { input: map(), gate: map(), other: map() };
    const functor = putFunctor(machine, { input: at.input, output: at.gate, alpha: 1, beta: 0 });
    const gate = () =>
      machine.hardSigmoid.ours(functor, machine.put(Int32Array.of(0)), machine.put(Int32Array.of(count)));
    const multiply = (one: number, other: number, floats: number) =>
      machine.spanProduct.ours(
        putHelper(machine, { ...NOWHERE, inputs: [one, other], output: at.other, count: floats }),
      );
    gate();
    return { ...at, gateAgain: gate, multiply };
  };
  const traps = (refused: (given: ReturnType<typeof begin>) => void) => {
    const given = begin();
    assert.throws(() => refused(given), WebAssembly.RuntimeError);
    given.multiply(given.input, given.gate, count);
  };
  traps(({ gateAgain }) => gateAgain());
  traps(({ multiply, gate, other }) => multiply(other, gate, count));
  traps(({ multiply, input, other }) => multiply(input, other, count));
  traps(({ multiply, input, gate }) => multiply(input, gate, count - 1));
}
