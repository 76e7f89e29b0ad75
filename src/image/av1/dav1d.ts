/**
 * dav1d as packaged by ogv: decodes AV1 pictures of 8 bits in memory that is lent for them.
 *
 * The installation (`scripts/vendor/av1.mjs`) makes the module import its memory, exports its stack pointer, and makes
 * it return pictures of all layouts. An instance is created for each loan, in zeroed memory, and discarded with it.
 *
 * The package names its imports and exports by single letters; its JavaScript says what they are.
 */
import module from '../../../vendor/av1.wasm';
import { type Sequence, sequenceOf } from './sequence-header.ts';

/** A picture in place, in the lent memory: valid until the next is decoded. */
export interface Av1Picture extends Sequence {
  /** Y, U and V, one byte per sample; only Y for grey. */
  readonly planes: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** Bytes from row to row. */
  readonly strides: readonly [number, number, number];
}

export interface Av1Decoder {
  /**
   * @param data an AV1 temporal unit: the data of an `av01` item.
   * @returns undefined if it holds no picture of at most `maxPixels` that fits the memory and has 8 bits. The decoder
   *   must not be used any more then.
   */
  decode(data: Uint8Array, maxPixels: number): Av1Picture | undefined;
  /** Bytes of memory up to the last one written. */
  takenBytes(): number;
  /** Bytes of the stack up to the farthest one written. */
  stackBytes(): number;
}

interface Exports {
  readonly stack: WebAssembly.Global;
  /** Constructors. */
  i(): void;
  /** ogv_video_decoder_init. */
  j(): void;
  /** ogv_video_decoder_process_frame. */
  n(data: number, dataBytes: number): number;
  /** malloc. */
  q(bytes: number): number;
  /** free. */
  o(at: number): void;
}

/**
 * Arguments of ogvjs_callback_frame: each plane with its stride, width and height of luma and chroma rounded up to
 * even, and the picture's own.
 */
type Frame = readonly number[];
const FRAME_NUMBERS = 16;

/**
 * The module was built with a stack of 64 KiB above its data, so an overflow writes over tables and nothing traps. Loop
 * restoration alone, which slow encoders use, takes 283 KiB.
 */
const STACK_BYTES = 512 * 1024;
const STACK_ALIGNMENT = 16;
/** At the end of the stack, with values that code rarely writes, so that an overflow is noticed. */
const GUARD_BYTES = 1024;
const GUARD = 0xa5;

/**
 * @param memory zeroed. The decoder takes no more than there is.
 * @param stackBytes dav1d was never seen to use more than 283 KiB.
 * @returns undefined if there is not even room for the stack.
 */
export function openAv1(memory: WebAssembly.Memory, stackBytes = STACK_BYTES): Av1Decoder | undefined {
  let frame: Frame | undefined;
  let exports: Exports;
  let stack: Stack | undefined;
  try {
    exports = instantiate(memory, (last) => {
      frame = last;
    });
    exports.i();
    stack = ownStack(memory, exports, stackBytes);
    if (stack === undefined) return undefined;
    exports.j();
  } catch (error) {
    return undefinedIfOfWasm(error);
  }
  const { isWhole, usedBytes } = stack;
  return {
    decode(data, maxPixels) {
      const sequence = sequenceOf(data);
      if (sequence === undefined || sequence.width * sequence.height > maxPixels) return undefined;
      frame = undefined;
      try {
        const at = exports.q(data.byteLength);
        if (at === 0) return undefined;
        new Uint8Array(memory.buffer, at, data.byteLength).set(data);
        exports.n(at, data.byteLength);
        exports.o(at);
      } catch (error) {
        return undefinedIfOfWasm(error);
      }
      return frame && isWhole() ? pictureOf(memory, sequence, frame) : undefined;
    },
    takenBytes: () => new Uint8Array(memory.buffer).findLastIndex((byte) => byte !== 0) + 1,
    stackBytes: usedBytes,
  };
}

interface Stack {
  /** Whether nothing was written beyond its end. */
  isWhole(): boolean;
  usedBytes(): number;
}

/** Moves the stack to memory from the module's own allocator. */
function ownStack({ buffer }: WebAssembly.Memory, exports: Exports, stackBytes: number): Stack | undefined {
  const bytes = GUARD_BYTES + stackBytes;
  const start = exports.q(bytes);
  if (start === 0) return undefined;
  exports.stack.value = start + bytes - ((start + bytes) % STACK_ALIGNMENT);
  const guard = new Uint8Array(buffer, start, GUARD_BYTES).fill(GUARD);
  const stack = new Uint8Array(buffer, start + GUARD_BYTES, stackBytes);
  return {
    isWhole: () => guard.every((byte) => byte === GUARD),
    usedBytes: () => stackBytes - stack.findIndex((byte) => byte !== 0),
  };
}

/** A trap, or the engine's own stack overflow: the instance is dropped in either case. */
function undefinedIfOfWasm(error: unknown): undefined {
  if (!(error instanceof WebAssembly.RuntimeError || error instanceof RangeError)) throw error;
  return undefined;
}

function pictureOf({ buffer }: WebAssembly.Memory, sequence: Sequence, frame: Frame): Av1Picture | undefined {
  if (frame.length !== FRAME_NUMBERS) {
    throw new Error('av1.wasm: the picture is not handed out as expected; was it changed?');
  }
  const [y = 0, yStride = 0, u = 0, uStride = 0, v = 0, vStride = 0, , , , , width = 0, height = 0] = frame;
  if (width !== sequence.width || height !== sequence.height) return undefined;
  const differenceRows = sequence.isGrey ? 0 : Math.ceil(height / sequence.down);
  return {
    ...sequence,
    planes: [
      new Uint8Array(buffer, y, yStride * height),
      new Uint8Array(buffer, u, uStride * differenceRows),
      new Uint8Array(buffer, v, vStride * differenceRows),
    ],
    strides: [yStride, uStride, vStride],
  };
}

/** An import that is called only on errors; it ends the instance. */
function ends(what: string) {
  return () => {
    throw new WebAssembly.RuntimeError(`av1.wasm: ${what}`);
  };
}

function instantiate(memory: WebAssembly.Memory, frame: (numbers: Frame) => void): Exports {
  const a = {
    memory,
    // It only prints the error; the decoder would then retry the same data for ever.
    a: ends('fd_write'),
    b: ends('abort'),
    c: ends('fd_seek'),
    // emscripten_resize_heap: the memory stays as lent.
    d: () => 0,
    e: ends('fd_close'),
    // emscripten_memcpy_js
    f: (to: number, from: number, bytes: number) => {
      new Uint8Array(memory.buffer).copyWithin(to, from, from + bytes);
    },
    g: (...numbers: number[]) => frame(numbers),
  };
  // The only cast at the boundary to wasm: the exports are untyped.
  return new WebAssembly.Instance(module, { a }).exports as unknown as Exports;
}
