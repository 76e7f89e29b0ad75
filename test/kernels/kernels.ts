/**
 * Compares each ONNX Runtime function that a kernel replaces with that kernel: on random shapes, with numbers that are
 * random, extreme, denormal, or infinite in one place. Also checks what the kernels refuse.
 */
import '../../bench/wasm-import.ts';
import assert from 'node:assert/strict';
import { CONV_PARAMETERS, type ConvParameter } from '../../src/inference/kernels/conv-parameters.ts';
import { INT8_MARK } from '../../src/inference/kernels/filter-blocks.ts';
import { report } from '../conformance/report.ts';
import { compare, depthwise, firstLayer, pointwise, putParameters, type Shape } from './convolutions.ts';
import { type Draw, draw, KINDS, type Kind } from './drawn.ts';
import { LINKING } from './linking.ts';
import { multiplyRows } from './rows.ts';
import { gate, swish, swishRefusals } from './spans.ts';
import { weighFilters, weighingRefusals } from './weighed.ts';

// Imported after `wasm-import.ts`, without which Node does not read wasm as a module.
const { machine } = await import('./machine.ts');
const { default: layout } = await import('../../model/weights.json', { with: { type: 'json' } });
const runs = await machine();

const DRAWS = 25;
const read = (words: Int32Array, name: ConvParameter) => words[CONV_PARAMETERS[name] / 4] ?? -1;
const withKernel = (side: number, groups: (count: number) => boolean) => {
  const found = runs.recorded.find(
    (words) => read(words, 'kernelWidth') === side && groups(read(words, 'groups')),
  );
  assert.ok(found, `no convolution of ${side}×${side} was recorded`);
  return found;
};
const POINTWISE = withKernel(1, (count) => count === 1);
const DEPTHWISE = withKernel(3, (count) => count > 1);
const FIRST = withKernel(3, (count) => count === 1);

/** Three filters at a time, and one more; for leftover columns only three, and four channels at a time. */
function anyPointwise({ whole }: Draw): Shape {
  const [height, width] = [whole(2, 12), whole(2, 12)];
  return (height * width) % 4 === 0
    ? pointwise(whole(2, 130), 3 * whole(1, 32) + whole(0, 1), height, width)
    : pointwise(4 * whole(1, 40), 3 * whole(1, 32), height, width);
}

const SIDES = [
  [3, 2, 56],
  [3, 2, 28],
  [3, 1, 28],
  [5, 2, 14],
  [5, 1, 14],
  [5, 2, 7],
  [5, 1, 7],
] as const;

/** Draws the cases of a check. */
function drawn(seed: number, check: (drawing: Draw, kind: Kind) => void): () => Promise<void> {
  return async () => {
    const drawing = draw(seed);
    for (let i = 0; i < DRAWS; i++) for (const kind of KINDS) check(drawing, kind);
    runs.clear();
  };
}

const convolves =
  (template: Int32Array, shape: (drawing: Draw) => Shape, betas: readonly [number, ...number[]]) =>
  (drawing: Draw, kind: Kind) => {
    const how = { relu: drawing.one([true, false]), beta: drawing.one(betas) };
    compare(runs, template, shape(drawing), drawing, kind, how);
  };

await report({
  'the parameters of a convolution are where the kernels read them': async () => {
    const tensors = layout.tensors.filter(({ shape }) => shape.length === 4);
    assert.equal(runs.recorded.length, tensors.length);
    for (const [index, words] of runs.recorded.entries()) {
      const { shape: [filters, channels, height, width] = [] } = tensors[index] ?? {};
      const of = (name: ConvParameter) => read(words, name);
      assert.deepEqual(
        [of('filters') * of('groups'), of('channels'), of('kernelHeight'), of('kernelWidth')],
        [filters, channels, height, width],
      );
      assert.deepEqual(
        [of('dimensions'), of('batch'), of('dilationHeight'), of('dilationWidth')],
        [2, 1, 1, 1],
      );
      assert.equal(of('inputSize'), of('height') * of('width'));
      assert.equal(of('outputSize'), of('outputHeight') * of('outputWidth'));
      assert.equal(of('k'), of('channels') * of('kernelHeight') * of('kernelWidth'));
      for (const [side, before, after, kernel, stride, output] of [
        ['height', 'top', 'bottom', 'kernelHeight', 'strideHeight', 'outputHeight'],
        ['width', 'left', 'right', 'kernelWidth', 'strideWidth', 'outputWidth'],
      ] as const) {
        const padded = of(before) + of(side) + of(after);
        assert.equal(Math.floor((padded - of(kernel)) / of(stride)) + 1, of(output));
      }
    }
  },

  'a 1×1 convolution': drawn(1, convolves(POINTWISE, anyPointwise, [0, 1])),
  ...Object.fromEntries(
    SIDES.map(([kernel, stride, side], index) => [
      `a depthwise convolution of ${kernel}×${kernel} and stride ${stride}, ${side}×${side} outputs`,
      drawn(
        10 + index,
        convolves(DEPTHWISE, ({ whole }) => depthwise(whole(2, 6), kernel, stride, side), [0]),
      ),
    ]),
  ),
  'the first layer': drawn(
    2,
    convolves(
      FIRST,
      ({ whole }) =>
        firstLayer(whole(2, 5), 3 * whole(1, 8) + whole(0, 1), 2 * whole(4, 20), 8 * whole(1, 6)),
      [0],
    ),
  ),
  'a row times a matrix of int8': drawn(3, (drawing, kind) => multiplyRows(runs, drawing, kind)),
  'hard sigmoid': drawn(4, (drawing, kind) => gate(runs, drawing, kind)),
  'filters whose inputs are weighed': drawn(5, (drawing, kind) =>
    weighFilters(runs, POINTWISE, drawing, kind),
  ),
  'traps on filters that cannot be weighed, and on floats that were not': async () =>
    weighingRefusals(runs, POINTWISE),
  'hard swish': drawn(6, (drawing, kind) => swish(runs, drawing, kind)),
  'traps on what comes between the gate of a map and their product': async () => swishRefusals(runs),
  ...refusals(),
  ...LINKING,
});

/** Shapes that no layer of the network has, each next to one that is supported. */
function refusals(): Record<string, () => Promise<void>> {
  const point = pointwise(8, 9, 4, 4);
  const plain = { relu: false, beta: 0 };
  const convolve = (template: Int32Array, shape: Shape, how = plain, bias = true) => {
    runs.clear();
    const parameters = putParameters(runs, template, shape, how);
    const floats = () => runs.put(new Float32Array(200_000));
    const { groups, filters, channels, kernelHeight, kernelWidth } = shape;
    const weights = new Float32Array(groups * filters * channels * kernelHeight * kernelWidth);
    new Int32Array(weights.buffer).fill(INT8_MARK, -1);
    runs.convolution.ours(parameters, floats(), runs.put(weights), bias ? floats() : 0, 0, floats(), 0);
  };
  const traps =
    (...values: Parameters<typeof convolve>) =>
    async () =>
      assert.throws(() => convolve(...values), WebAssembly.RuntimeError);
  const side = depthwise(2, 3, 1, 28);
  const first = firstLayer(3, 9, 16, 16);
  return {
    'does what is next to all that it traps on': async () => {
      convolve(POINTWISE, point);
      convolve(POINTWISE, point, { relu: true, beta: 1 });
      convolve(DEPTHWISE, side);
      convolve(DEPTHWISE, depthwise(2, 3, 2, 28));
      convolve(FIRST, first);
    },
    'traps on a batch of two': traps(POINTWISE, { ...point, batch: 2 }),
    'traps on three dimensions': traps(POINTWISE, { ...point, dimensions: 3 }),
    'traps on dilation': traps(POINTWISE, { ...point, dilationWidth: 2 }),
    'traps on half of what is there being added': traps(POINTWISE, point, { relu: false, beta: 0.5 }),
    'traps without biases': traps(POINTWISE, point, plain, false),
    'traps on two filters more than a multiple of three': traps(POINTWISE, { ...point, filters: 8 }),
    'traps on a filter': traps(POINTWISE, { ...point, filters: 1 }),
    'traps on 6 channels where columns are left over': traps(POINTWISE, pointwise(6, 9, 3, 3)),
    'traps on 10 filters where columns are left over': traps(POINTWISE, pointwise(8, 10, 3, 3)),
    'traps on 1×1 with a stride': traps(POINTWISE, { ...point, strideWidth: 2, outputWidth: 2 }),
    'traps on padded 1×1': traps(POINTWISE, { ...point, top: 1 }),
    'traps on a depthwise convolution that adds to what is there': traps(DEPTHWISE, side, {
      relu: false,
      beta: 1,
    }),
    'traps on a depthwise convolution of 7×7': traps(DEPTHWISE, depthwise(2, 7, 1, 28)),
    'traps on a depthwise convolution of another width': traps(DEPTHWISE, depthwise(2, 3, 1, 20)),
    'traps on a map that is halved with padding before it': traps(DEPTHWISE, depthwise(2, 3, 2, 28, 1)),
    'traps on more padding before a map than behind it': traps(DEPTHWISE, depthwise(2, 5, 2, 14, 2)),
    'traps on a depthwise convolution of what is no square': traps(DEPTHWISE, {
      ...side,
      height: side.height + 1,
    }),
    'traps on two filters a group': traps(DEPTHWISE, { ...side, filters: 2 }),
    'traps on a first layer that is padded above': traps(FIRST, { ...first, top: 1 }),
    'traps on a first layer of an odd width': traps(FIRST, firstLayer(3, 9, 16, 17)),
    'traps on a first layer with stride 1': traps(FIRST, { ...first, strideWidth: 1, strideHeight: 1 }),
    'traps on patches larger than the scratch memory': traps(FIRST, firstLayer(100, 4, 4, 128)),
    'traps on another activation': async () => {
      runs.clear();
      const parameters = putParameters(runs, POINTWISE, point, plain);
      const [activation = 0] = new Int32Array(runs.floats(parameters, 1).buffer, parameters, 1);
      new Int32Array(runs.floats(activation, 1).buffer, activation, 1)[0] = 2;
      const at = runs.put(new Float32Array(1000));
      assert.throws(() => runs.convolution.ours(parameters, at, at, at, 0, at, 0), WebAssembly.RuntimeError);
    },
  };
}
