/** Random convolutions: `MLAS_CONV_PARAMETERS`, and their data. */
import { writeBlocks, writeInt8Filters } from '../../scripts/vendor/network/weights.ts';
import { CONV_PARAMETERS, type ConvParameter } from '../../src/inference/kernels/conv-parameters.ts';
import { assertClose } from './closeness.ts';
import type { Draw, Kind } from './drawn.ts';
import type { Machine } from './machine.ts';

export type Shape = Readonly<
  Record<Exclude<ConvParameter, 'activation' | 'beta' | 'inputSize' | 'outputSize' | 'k'>, number>
>;

/** What MLAS itself derives from the shape, behind the words that the kernels read. */
const [ALGORITHM, STRIDE_N, LDB] = [32, 38, 39];
/** MLAS's number for the algorithm that needs no patches. */
const GEMM_DIRECT = 0;

const POINT = { dimensions: 2, batch: 1, dilationHeight: 1, dilationWidth: 1 } as const;

/** A 1×1 convolution with stride 1. */
export function pointwise(channels: number, filters: number, height: number, width: number): Shape {
  return square({ channels, filters, height, width, groups: 1, kernel: 1, stride: 1, before: 0, after: 0 });
}

interface Square {
  readonly channels: number;
  readonly filters: number;
  readonly groups: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: number;
  readonly stride: number;
  /** Padding at the beginning and the end of both axes. */
  readonly before: number;
  readonly after: number;
}

export function square({ kernel, stride, before, after, ...shape }: Square): Shape {
  const outputs = (side: number) => Math.floor((before + side + after - kernel) / stride) + 1;
  return {
    ...POINT,
    ...shape,
    kernelHeight: kernel,
    kernelWidth: kernel,
    top: before,
    left: before,
    bottom: after,
    right: after,
    strideHeight: stride,
    strideWidth: stride,
    outputHeight: outputs(shape.height),
    outputWidth: outputs(shape.width),
  };
}

/**
 * A depthwise convolution whose output has sides of `side`.
 *
 * @param before the part of the padding that is at the beginning; by default half of it, as in the network
 */
export function depthwise(
  groups: number,
  kernel: number,
  stride: number,
  side: number,
  before: number = Math.floor((kernel - stride) / 2),
): Shape {
  const total = kernel - stride;
  const input = side * stride;
  return square({
    channels: 1,
    filters: 1,
    groups,
    height: input,
    width: input,
    kernel,
    stride,
    before,
    after: total - before,
  });
}

export function firstLayer(channels: number, filters: number, height: number, width: number): Shape {
  return square({ channels, filters, groups: 1, height, width, kernel: 3, stride: 2, before: 0, after: 1 });
}

const sizes = (shape: Shape) => ({
  inputSize: shape.height * shape.width,
  outputSize: shape.outputHeight * shape.outputWidth,
  k: shape.channels * shape.kernelHeight * shape.kernelWidth,
});

/**
 * Writes the parameters as ONNX Runtime does.
 *
 * @param template parameters of a convolution of the network for which MLAS uses the same algorithm
 * @returns their address
 */
export function putParameters(
  machine: Machine,
  template: Int32Array,
  shape: Shape,
  { relu, beta }: { readonly relu: boolean; readonly beta: number },
): number {
  const words = template.slice();
  const derived = sizes(shape);
  for (const [name, value] of Object.entries({ ...shape, ...derived }))
    words[CONV_PARAMETERS[name as ConvParameter] / 4] = value;
  words[CONV_PARAMETERS.activation / 4] = machine.put(Int32Array.of(relu ? 1 : 0, 0, 0));
  new Float32Array(words.buffer)[CONV_PARAMETERS.beta / 4] = beta;
  words[words[ALGORITHM] === GEMM_DIRECT ? LDB : STRIDE_N] = derived.outputSize;
  return machine.put(words);
}

/** Computes a random convolution both ways. @throws if the results are further apart than rounding explains */
export function compare(
  machine: Machine,
  template: Int32Array,
  shape: Shape,
  drawing: Draw,
  kind: Kind,
  how: { readonly relu: boolean; readonly beta: number },
): void {
  machine.clear();
  const { floats } = drawing;
  const { groups, channels, filters } = shape;
  const { inputSize, outputSize, k } = sizes(shape);
  // Weights as they are, unless all data are extreme; what is added is as small as the products.
  const weights = kind === 'extreme' ? kind : 'random';
  const added = kind === 'infinite' ? 'random' : kind;
  const filter =
    groups > 1
      ? asTheyAre(floats(weights, groups * filters * k))
      : int8Filters(filters, k, drawing, floats(weights, filters));
  const given = {
    input: floats(kind, groups * channels * inputSize),
    bias: floats(added, groups * filters),
    output: floats(added, groups * filters * outputSize),
  };
  const working = machine.put(new Float32Array(k * outputSize));
  const run = (
    call: (...values: number[]) => void,
    weightsOf: Float32Array,
    without: 'signs' | 'nothing',
  ) => {
    const of = (values: Float32Array) => (without === 'signs' ? values.map(Math.abs) : values);
    const output = machine.put(of(given.output));
    const parameters = putParameters(
      machine,
      template,
      shape,
      without === 'signs' ? { ...how, relu: false } : how,
    );
    call(
      parameters,
      ...[of(given.input), weightsOf, of(given.bias)].map((values) => machine.put(values)),
      working,
      output,
      0,
    );
    return machine.floats(output, given.output.length).slice();
  };
  const { theirs, ours } = machine.convolution;
  const magnitudes = run(theirs, filter.floats.map(Math.abs), 'signs');
  assertClose(run(ours, filter.asRead, 'nothing'), run(theirs, filter.floats, 'nothing'), magnitudes, k);
}

/** Weights of filters, one after the other, and as the kernels read them. */
export interface Filters {
  readonly floats: Float32Array;
  readonly asRead: Float32Array;
}

const asTheyAre = (floats: Float32Array): Filters => ({ floats, asRead: floats });

export function int8Filters(filters: number, k: number, { whole }: Draw, scales: Float32Array): Filters {
  const values = Int8Array.from({ length: filters * k }, () => whole(-127, 127));
  const floats = Float32Array.from(values, (value, n) => value * (scales[Math.floor(n / k)] ?? 0));
  const asRead = new Float32Array(floats.length);
  writeInt8Filters(values, scales, asRead);
  return { floats, asRead };
}

/** Float32 weights, which the kernels read in blocks. */
export function inBlocks(floats: Float32Array, filters: number): Float32Array {
  const blocks = new Float32Array(floats.length);
  writeBlocks(floats, filters, blocks);
  return blocks;
}
