/**
 * photon's decoder behind a small glue of our own.
 *
 * The package's glue can be initialised once only, and every decoding failure in photon is a Rust panic,
 * which is a wasm trap: it leaks the stack frame and the input, and after some 4,000 of them the instance
 * is dead. Here the wasm file alone is used, and a trapped instance is replaced by a new one (0.5 ms).
 *
 * The struct layout and the import names are those of @cf-wasm/photon 0.4.0, which package.json pins;
 * `test/image/photon.test.ts` fails when they change.
 */
import photonWasm from '@cf-wasm/photon/photon.wasm';
import type { Pixels } from './pixels.ts';

/** The exports of photon_rs_bg.wasm that decoding needs. */
interface PhotonExports {
  readonly memory: WebAssembly.Memory;
  readonly __wbindgen_externrefs: WebAssembly.Table;
  __wbindgen_start(): void;
  __wbindgen_malloc(bytes: number, align: number): number;
  /** Takes the input over and frees it. Returns a pointer to a PhotonImage; traps on any failure. */
  photonimage_new_from_byteslice(input: number, bytes: number): number;
  __wbg_photonimage_free(image: number, owned: number): void;
}

/**
 * A PhotonImage in wasm memory, as u32 words: wasm-bindgen's borrow flag, then the fields in the order
 * rustc gave them: the pixel vector (capacity, pointer, length), width, height.
 */
const IMAGE_WORDS = 6;
const DATA_WORD = 2;
const LENGTH_WORD = 3;
const WIDTH_WORD = 4;
const HEIGHT_WORD = 5;

export type PhotonOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly trap: string };

export interface PhotonDecoder {
  /**
   * Decodes a whole picture and hands its pixels, in place in wasm memory, to `use`.
   *
   * @param bytes a file whose header has passed the limits: photon itself has none.
   * @returns what `use` made of the pixels, or the text of the trap that the bytes caused.
   */
  decode<T>(bytes: Uint8Array, use: (pixels: Pixels) => T): PhotonOutcome<T>;
  /** Bytes of wasm memory held now. It grows with the largest picture and is given back only by a trap. */
  memoryBytes(): number;
  /** Instances discarded so far because they trapped. */
  traps(): number;
}

export function createPhotonDecoder(module: WebAssembly.Module = photonWasm): PhotonDecoder {
  let exports: PhotonExports | undefined;
  let traps = 0;

  function decode<T>(bytes: Uint8Array, use: (pixels: Pixels) => T): PhotonOutcome<T> {
    exports ??= instantiate(module);
    let image: number;
    try {
      const input = exports.__wbindgen_malloc(bytes.byteLength, 1);
      new Uint8Array(exports.memory.buffer, input, bytes.byteLength).set(bytes);
      image = exports.photonimage_new_from_byteslice(input, bytes.byteLength);
    } catch (error) {
      // A trap is a RuntimeError; a stack overflow inside wasm is a RangeError. Either leaves the
      // instance's stack and heap in an unknown state.
      exports = undefined;
      traps++;
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        return { ok: false, trap: error.message };
      }
      throw error;
    }
    try {
      return { ok: true, value: use(pixelsOf(exports.memory, image)) };
    } finally {
      exports.__wbg_photonimage_free(image, 0);
    }
  }

  return {
    decode,
    memoryBytes: () => exports?.memory.buffer.byteLength ?? 0,
    traps: () => traps,
  };
}

/** The pixels of a PhotonImage without the copy that `get_raw_pixels` makes. */
function pixelsOf(memory: WebAssembly.Memory, image: number): Pixels {
  const words = new Uint32Array(memory.buffer, image, IMAGE_WORDS);
  const [data = 0, length = 0] = [words[DATA_WORD], words[LENGTH_WORD]];
  const [width = 0, height = 0] = [words[WIDTH_WORD], words[HEIGHT_WORD]];
  if (width === 0 || height === 0 || length !== width * height * 4) {
    throw new Error('photon: PhotonImage is not laid out as expected; was @cf-wasm/photon changed?');
  }
  return { data: new Uint8Array(memory.buffer, data, length), width, height };
}

/**
 * A new instance with the imports that decoding can reach.
 *
 * Most imports serve photon's canvas functions and are never called from a decode; any that is called
 * all the same throws, which ends the instance like a trap.
 */
function instantiate(module: WebAssembly.Module): PhotonExports {
  const imports: WebAssembly.Imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    const functions = imports[from] ?? {};
    functions[name] = name.startsWith('__wbindgen_init_externref_table')
      ? () => initialiseExternrefs(exports.__wbindgen_externrefs)
      : () => {
          throw new WebAssembly.RuntimeError(`photon called ${name}`);
        };
    imports[from] = functions;
  }
  // The one cast at the border to wasm: the exports are untyped, and the names are checked by a test.
  const exports = new WebAssembly.Instance(module, imports).exports as unknown as PhotonExports;
  exports.__wbindgen_start();
  return exports;
}

/** wasm-bindgen's table of JS values starts with the constants undefined, null, true and false. */
function initialiseExternrefs(table: WebAssembly.Table): void {
  const at = table.grow(4);
  table.set(0, undefined);
  for (const [i, value] of [undefined, null, true, false].entries()) table.set(at + i, value);
}
