/**
 * dav1d as the package ogv has it: one AV1 picture of 8 bits in 4:2:0, decoded in a memory that is lent for it.
 *
 * `scripts/vendor.mjs` has taken the module's own memory out. An instance is made for each picture in a memory
 * of zeroes, and what the picture takes is gone with the next loan.
 *
 * The package names its imports and exports by single letters, and its JavaScript says what they are.
 */
import module from '../../../vendor/av1.wasm';
import { type Sequence, sequenceOf } from './sequence-header.ts';

/** The planes in place, in the memory that was lent: valid until the next loan. */
export interface Planes extends Sequence {
  /** Y, U and V, a byte a sample; U and V of half the width and height, rounded up. */
  readonly planes: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** Bytes from row to row. */
  readonly strides: readonly [number, number, number];
  /** Bytes of memory up to the last that was written. */
  readonly takenBytes: () => number;
}

interface Exports {
  /** Constructors. */
  i(): void;
  /** ogv_video_decoder_init. */
  j(): void;
  /** ogv_video_decoder_process_frame. */
  n(data: number, dataBytes: number): number;
  /** malloc. */
  q(bytes: number): number;
}

/** Of ogvjs_callback_frame: each plane and its stride, width and height of luma and chroma made even, and the picture's. */
type Frame = readonly number[];
const FRAME_NUMBERS = 16;

/**
 * @param memory all zero. The decoder takes no more than there is.
 * @param data an AV1 temporal unit: the data of an `av01` item.
 * @returns undefined when it holds no picture of at most `maxPixels`, none that fits the memory, or none of
 *   8 bits in 4:2:0.
 */
export function decodeAv1(
  memory: WebAssembly.Memory,
  data: Uint8Array,
  maxPixels: number,
): Planes | undefined {
  const sequence = sequenceOf(data);
  if (sequence === undefined || sequence.width * sequence.height > maxPixels) return undefined;
  let frame: Frame | undefined;
  try {
    const exports = instantiate(memory, (first) => {
      frame ??= first;
    });
    exports.i();
    exports.j();
    const at = exports.q(data.byteLength);
    if (at === 0) return undefined;
    new Uint8Array(memory.buffer, at, data.byteLength).set(data);
    exports.n(at, data.byteLength);
  } catch (error) {
    // A trap, or the engine's own stack overflow: the instance is dropped in any case.
    if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
    return undefined;
  }
  return frame && planesOf(memory, sequence, frame);
}

function planesOf({ buffer }: WebAssembly.Memory, sequence: Sequence, frame: Frame): Planes | undefined {
  if (frame.length !== FRAME_NUMBERS) {
    throw new Error('av1.wasm: the picture is not handed out as expected; was it changed?');
  }
  const [y = 0, yStride = 0, u = 0, uStride = 0, v = 0, vStride = 0, , , , , width = 0, height = 0] = frame;
  if (width !== sequence.width || height !== sequence.height) return undefined;
  const halfHeight = Math.ceil(height / 2);
  return {
    ...sequence,
    planes: [
      new Uint8Array(buffer, y, yStride * height),
      new Uint8Array(buffer, u, uStride * halfHeight),
      new Uint8Array(buffer, v, vStride * halfHeight),
    ],
    strides: [yStride, uStride, vStride],
    takenBytes: () => new Uint8Array(buffer).findLastIndex((byte) => byte !== 0) + 1,
  };
}

/** One that is called by what goes wrong ends the instance. */
function ends(what: string) {
  return () => {
    throw new WebAssembly.RuntimeError(`av1.wasm: ${what}`);
  };
}

function instantiate(memory: WebAssembly.Memory, frame: (numbers: Frame) => void): Exports {
  const a = {
    memory,
    // It only writes what went wrong, and would then try the same data again and again.
    a: ends('fd_write'),
    b: ends('abort'),
    c: ends('fd_seek'),
    // emscripten_resize_heap: there is what was lent.
    d: () => 0,
    e: ends('fd_close'),
    // emscripten_memcpy_js
    f: (to: number, from: number, bytes: number) => {
      new Uint8Array(memory.buffer).copyWithin(to, from, from + bytes);
    },
    g: (...numbers: number[]) => frame(numbers),
  };
  // The one cast at the border to wasm: the exports are untyped.
  return new WebAssembly.Instance(module, { a }).exports as unknown as Exports;
}
