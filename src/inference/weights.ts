/**
 * The weights as the graph reads them: float32, expanded from the int8 weights that ship.
 *
 * Dequantising here instead of in the graph keeps the runtime's memory low: it never holds the int8
 * weights, nor the folding's intermediate results. The layout is the pipeline's (`model/pipeline/weights.py`,
 * whose `expand` is the reference for this file).
 */
import bin from '../../model/weights.bin';
import layout from '../../model/weights.json';

/**
 * What a tensor's floats come from (in bytes of weights.bin).
 *
 * - float32: `data` holds them.
 * - int8: value n times the scale of channel ⌊n / run⌋ mod `channels`.
 * - sliding: one k×k int8 kernel a channel, spread over matrices; see `slide`.
 */
interface Tensor {
  readonly name: string;
  readonly encoding: string;
  readonly data: number;
  readonly scales?: number;
  readonly channels?: number;
  readonly run?: number;
  readonly side?: number;
  readonly stride?: number;
  readonly kernel?: number;
  readonly before?: number;
  readonly turned?: boolean;
}

/**
 * Expands all weights, in some 10 ms.
 *
 * @param placeOf where the floats of the tensor with this index in weights.json go, about 14 MB in all. It holds
 *   zeros: what of a sliding kernel's matrices is zero is not written.
 */
export function expandWeights(placeOf: (tensor: number) => Float32Array): void {
  for (const [index, tensor] of (layout.tensors as readonly Tensor[]).entries()) {
    const target = placeOf(index);
    const size = target.length;
    const { channels = 0, run = 0, kernel = 0 } = tensor;
    switch (tensor.encoding) {
      case 'float32':
        target.set(new Float32Array(bin, tensor.data, size));
        break;
      case 'int8':
        dequantise(new Int8Array(bin, tensor.data, size), scalesOf(tensor), run, target);
        break;
      case 'sliding':
        slide(new Int8Array(bin, tensor.data, channels * kernel * kernel), scalesOf(tensor), tensor, target);
        break;
      default:
        throw new Error(`weights.json: ${tensor.name} has the unknown encoding ${tensor.encoding}`);
    }
  }
}

function scalesOf({ name, scales, channels }: Tensor): Float32Array {
  if (scales === undefined || channels === undefined)
    throw new Error(`weights.json: ${name} lacks its scales`);
  return new Float32Array(bin, scales, channels);
}

function dequantise(values: Int8Array, scales: Float32Array, run: number, target: Float32Array): void {
  // Plain nested loops, because this is 2.5 million values on the first request's path.
  for (let n = 0; n < values.length; ) {
    for (let channel = 0; channel < scales.length; channel++) {
      const scale = scales[channel] as number;
      for (const end = n + run; n < end; n++) target[n] = (values[n] as number) * scale;
    }
  }
}

/**
 * Writes k×k kernels as matrices that slide over whole lines of a square map.
 *
 * Of each channel there is one matrix for each column x of the output. Under it lie whole lines of the
 * input; line `j` of the kernel is at line `j`, its columns begin at `stride · x − before`, and what would
 * be beyond the map's edge is left out. All else in `target` stays zero. A `turned` map has columns for
 * lines, so its kernels are turned too.
 */
function slide(
  values: Int8Array,
  scales: Float32Array,
  { side = 0, stride = 1, kernel = 0, before = 0, turned = false }: Tensor,
  target: Float32Array,
): void {
  const outputs = Math.ceil(side / stride);
  const matrix = Math.ceil(kernel / stride) * stride * side;
  const [lineStep, columnStep] = turned ? [1, kernel] : [kernel, 1];
  for (let channel = 0; channel < scales.length; channel++) {
    const scale = scales[channel] as number;
    for (let x = 0; x < outputs; x++) {
      const start = stride * x - before;
      for (let j = 0; j < kernel; j++) {
        const from = channel * kernel * kernel + j * lineStep;
        const to = (channel * outputs + x) * matrix + j * side + start;
        for (let i = 0; i < kernel; i++) {
          if (start + i < 0 || start + i >= side) continue;
          target[to + i] = (values[from + i * columnStep] as number) * scale;
        }
      }
    }
  }
}
