/**
 * The weights in the form in which they are read, from the shipped int8 weights. Their layout there is the pipeline's
 * (`model/pipeline/weights.py`, whose `expand` is the reference for reading them).
 */
import layout from '../../../model/weights.json' with { type: 'json' };
import {
  FILTERS_IN_A_BLOCK,
  FILTERS_IN_LAST_BLOCK,
  INT8_MARK,
} from '../../../src/inference/kernels/filter-blocks.ts';

/**
 * The source of a tensor (in bytes of weights.bin).
 *
 * - float32: `data` holds its floats.
 * - int8: float n is value n times the scale of channel ⌊n / run⌋ mod `channels`.
 */
interface Tensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly encoding: string;
  readonly data: number;
  readonly scales?: number;
  readonly channels?: number;
  readonly run?: number;
}

const TENSORS: readonly Tensor[] = layout.tensors;

/**
 * Who reads the weights: our kernels, or ONNX Runtime's own functions, which want the floats of the graph.
 *
 * For the kernels, matrices stay int8, the values followed by the scale of each column
 * (`src/inference/kernels/row-product.ts`); and so do the filters of convolutions across channels, in blocks
 * (`filter-blocks.ts` there).
 */
export type Reader = 'kernels' | 'runtime';

/**
 * Writes all weights.
 *
 * @param bin the contents of model/weights.bin
 * @param placeOf destination of the tensor with this index in weights.json: as many floats as it has; int8 values leave
 *   a part of it unchanged
 */
export function writeWeights(
  bin: ArrayBuffer,
  placeOf: (tensor: number) => Float32Array,
  reader: Reader,
): void {
  const isForKernels = reader === 'kernels';
  for (const [index, tensor] of TENSORS.entries()) {
    const target = placeOf(index);
    const { shape, data, encoding } = tensor;
    const isMatrix = shape.length === 2;
    const isAcrossChannels = shape.length === 4 && shape[1] !== 1;
    if (encoding === 'float32') {
      const values = new Float32Array(bin, data, target.length);
      if (isForKernels && isAcrossChannels) writeBlocks(values, shape[0] ?? 0, target);
      else target.set(values);
    } else if (encoding === 'int8') {
      const values = new Int8Array(bin, data, target.length);
      const scales = scalesOf(bin, tensor);
      if (isForKernels && isMatrix) writeMatrix(values, scales, target);
      else if (isForKernels && isAcrossChannels) writeInt8Filters(values, scales, target);
      else dequantise(values, scales, tensor.run ?? 0, target);
    } else {
      throw new Error(`weights.json: ${tensor.name} has the unknown encoding ${encoding}`);
    }
  }
}

function scalesOf(bin: ArrayBuffer, { name, scales, channels }: Tensor): Float32Array {
  if (scales === undefined || channels === undefined)
    throw new Error(`weights.json: ${name} lacks its scales`);
  return new Float32Array(bin, scales, channels);
}

function dequantise(values: Int8Array, scales: Float32Array, run: number, target: Float32Array): void {
  for (const [n, value] of values.entries())
    target[n] = value * (scales[Math.floor(n / run) % scales.length] ?? Number.NaN);
}

function writeMatrix(values: Int8Array, scales: Float32Array, target: Float32Array): void {
  const bytes = bytesOf(target);
  bytes.set(values);
  bytes.set(bytesOf(scales), values.length);
}

/**
 * @param values one filter after the other, one value for each of its inputs
 * @param scales of each filter
 * @param target as many floats as there are values, at least two for each filter
 */
export function writeInt8Filters(values: Int8Array, scales: Float32Array, target: Float32Array): void {
  const bytes = bytesOf(target);
  writeBlocks(values, scales.length, bytes);
  bytes.set(bytesOf(scales), values.length);
  bytes.set(bytesOf(Int32Array.of(INT8_MARK)), bytes.length - Int32Array.BYTES_PER_ELEMENT);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Int32Array): Int8Array {
  return new Int8Array(buffer, byteOffset, byteLength);
}

/** Writes the values of filters in blocks. */
export function writeBlocks<Weights extends Int8Array | Float32Array>(
  values: Weights,
  filters: number,
  target: Weights,
): void {
  const inputs = values.length / filters;
  const whole = filters % FILTERS_IN_A_BLOCK === 0 ? filters : filters - FILTERS_IN_LAST_BLOCK;
  for (const [n, value] of values.entries()) {
    const [filter, input] = [Math.floor(n / inputs), n % inputs];
    const [first, size] =
      filter < whole
        ? [filter - (filter % FILTERS_IN_A_BLOCK), FILTERS_IN_A_BLOCK]
        : [whole, FILTERS_IN_LAST_BLOCK];
    target[first * inputs + input * size + filter - first] = value;
  }
}
