/** Filters whose inputs are weighed: Mul of each filter by the same factors. */
import assert from 'node:assert/strict';
import { assertClose } from './closeness.ts';
import { type Filters, inBlocks, int8Filters, pointwise, putParameters } from './convolutions.ts';
import type { Draw, Kind } from './drawn.ts';
import type { Machine } from './machine.ts';
import { NOWHERE, putHelper } from './spans.ts';

/** Calls Mul's loop once for each filter, as ONNX Runtime does. @returns the address of the output */
function weigh(
  machine: Machine,
  multiply: (...values: number[]) => void,
  weights: Float32Array,
  factors: Float32Array,
): number {
  const k = factors.length;
  const output = machine.put(new Float32Array(weights.length));
  const inputs = [machine.put(weights), machine.put(factors)] as const;
  for (let before = 0; before < weights.length; before += k) {
    const filter = { begins: [before, 0], floats: weights.length, before } as const;
    multiply(putHelper(machine, { ...NOWHERE, ...filter, inputs, output, count: k }));
  }
  return output;
}

/** Multiplies random filters, int8 and float32, and uses them in a convolution. */
export function weighFilters(machine: Machine, template: Int32Array, drawing: Draw, kind: Kind): void {
  machine.clear();
  const { whole, floats, one } = drawing;
  const [k, filters] = [4 * whole(1, 30), 3 * whole(1, 12) + whole(0, 1)];
  const weights = kind === 'extreme' ? kind : 'random';
  const float32 = (all: Float32Array): Filters => ({ floats: all, asRead: inBlocks(all, filters) });
  const given = one([
    () => int8Filters(filters, k, drawing, floats(weights, filters)),
    () => float32(floats(weights, filters * k)),
  ])();
  const factors = floats(kind, k);
  const [theirs, ours] = [
    weigh(machine, machine.spanProduct.theirs, given.floats, factors),
    weigh(machine, machine.spanProduct.ours, given.asRead, factors),
  ];
  const expected = machine.floats(theirs, filters * k).slice();
  const blocks = inBlocks(expected, filters);
  assertClose(machine.floats(ours, filters * k).slice(), blocks, blocks.map(Math.abs), 1);

  const side = 4;
  const parameters = putParameters(machine, template, pointwise(k, filters, side, side), {
    relu: false,
    beta: 0,
  });
  // As small as sums of products may be without leaving the range.
  const map = floats('random', k * side * side).map((value) => value * 2 ** -20);
  const run = (call: (...values: number[]) => void, filter: number, values: Float32Array) => {
    const output = machine.put(new Float32Array(filters * side * side));
    const [input, bias] = [machine.put(values), machine.put(new Float32Array(filters))];
    call(parameters, input, filter, bias, machine.put(new Float32Array(k * side * side)), output, 0);
    return machine.floats(output, filters * side * side).slice();
  };
  const convolution = machine.convolution;
  const magnitudes = run(convolution.theirs, machine.put(expected.map(Math.abs)), map.map(Math.abs));
  assertClose(run(convolution.ours, ours, map), run(convolution.theirs, theirs, map), magnitudes, k);
}

/** What is refused: shapes, and filters that are neither int8 nor what was weighed last. */
export function weighingRefusals(machine: Machine, template: Int32Array): void {
  machine.clear();
  const ours = machine.spanProduct.ours;
  const weighed = (filters: number, k: number) =>
    weigh(machine, ours, new Float32Array(filters * k), new Float32Array(k));
  for (const [filters, k] of [
    [2, 8],
    [5, 8],
    [3, 6],
    [3, 2],
  ] as const)
    assert.throws(() => weighed(filters, k), WebAssembly.RuntimeError, `${filters} filters of ${k}`);
  const shape = pointwise(8, 6, 4, 4);
  const convolve = (filter: number) => {
    const parameters = putParameters(machine, template, shape, { relu: false, beta: 0 });
    const at = machine.put(new Float32Array(1000));
    machine.convolution.ours(parameters, at, filter, at, 0, at, 0);
  };
  const [first, second] = [weighed(6, 8), weighed(6, 8)];
  convolve(second);
  assert.throws(() => convolve(first), WebAssembly.RuntimeError);
}
