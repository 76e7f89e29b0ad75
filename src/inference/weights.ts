/**
 * The weights in the form that the runtime reads, from the shipped int8 weights.
 *
 * Convolutions read float32. Dequantising here instead of in the graph keeps the runtime's memory low, because it never
 * holds intermediate results of constant folding. Matrices of fully connected layers stay int8. The layout is the
 * pipeline's (`model/pipeline/weights.py`, whose `expand` is the reference for this file).
 */
import bin from '../../model/weights.bin';
import layout from '../../model/weights.json';

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

/**
 * How matrices are written: `int8` as the kernel of `kernels/row-product.ts` reads them, the values followed by the
 * scale of each column; or `float32` as in the graph, as ONNX Runtime's own functions read them.
 */
export type Matrices = 'int8' | 'float32';

/**
 * Writes all weights, in some milliseconds.
 *
 * @param placeOf destination of the tensor with this index in weights.json, about 10 MB in all; a matrix in int8 leaves
 *   the rest of its place unchanged
 */
export function expandWeights(placeOf: (tensor: number) => Float32Array, matrices: Matrices = 'int8'): void {
  for (const [index, tensor] of (layout.tensors as readonly Tensor[]).entries()) {
    const target = placeOf(index);
    const size = target.length;
    if (tensor.encoding === 'float32') {
      target.set(new Float32Array(bin, tensor.data, size));
    } else if (tensor.encoding === 'int8') {
      const values = new Int8Array(bin, tensor.data, size);
      const isMatrix = tensor.shape.length === 2;
      if (isMatrix && matrices === 'int8') copy(values, scalesOf(tensor), target);
      else dequantise(values, scalesOf(tensor), tensor.run ?? 0, target);
    } else {
      throw new Error(`weights.json: ${tensor.name} has the unknown encoding ${tensor.encoding}`);
    }
  }
}

function scalesOf({ name, scales, channels }: Tensor): Float32Array {
  if (scales === undefined || channels === undefined)
    throw new Error(`weights.json: ${name} lacks its scales`);
  return new Float32Array(bin, scales, channels);
}

function copy(values: Int8Array, scales: Float32Array, { buffer, byteOffset }: Float32Array): void {
  new Int8Array(buffer, byteOffset, values.length).set(values);
  new Float32Array(buffer, byteOffset + values.length, scales.length).set(scales);
}

function dequantise(values: Int8Array, scales: Float32Array, run: number, target: Float32Array): void {
  // Plain nested loops, because this is half a million values on the first request's path.
  for (let n = 0; n < values.length; ) {
    for (let channel = 0; channel < scales.length; channel++) {
      const scale = scales[channel] as number;
      for (const end = n + run; n < end; n++) target[n] = (values[n] as number) * scale;
    }
  }
}
