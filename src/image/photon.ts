/**
 * photon's decoder with a small glue of our own.
 *
 * The package's glue can be initialised only once, and every decoding failure in photon is a Rust panic, which is a
 * wasm trap. Such a panic comes after the decoder has freed its memory: measured over 60,000 damaged files of every
 * format, it leaks the input and 240 bytes of the 1 MiB stack, and nothing else. So the input is freed here and the
 * instance is kept, until its stack has lost `MAX_PANICS` times that. Any other trap ends the instance at once, and so
 * does a picture without enough memory, because nothing that it took is freed.
 *
 * The memory is ours and bounded, and is zeroed for the next instance. Dropped memories would be collected too late: 90
 * MB of them accumulated under a stream of broken files, where the whole isolate has 128. `scripts/vendor/photon.mjs`
 * describes the changes to the module.
 *
 * The struct layout and the import names are those of @cf-wasm/photon 0.4.0, which package.json pins;
 * `test/image/photon.test.ts` fails if they change.
 */
import photonWasm from '../../vendor/photon.wasm';
import type { Outcome } from './outcome.ts';
import type { Pixels } from './pixels.ts';
import { PHOTON_MEMORY_BYTES } from './ways/account.ts';

/** The exports of photon_rs_bg.wasm that decoding needs. */
interface PhotonExports {
  /** 1 once the memory could not grow. */
  readonly growthFailed: WebAssembly.Global;
  readonly __wbindgen_externrefs: WebAssembly.Table;
  __wbindgen_start(): void;
  __wbindgen_malloc(bytes: number, align: number): number;
  __wbindgen_free(pointer: number, bytes: number, align: number): void;
  /** Takes ownership of the input and frees it. Returns a pointer to a PhotonImage; traps on any failure. */
  photonimage_new_from_byteslice(input: number, bytes: number): number;
  __wbg_photonimage_free(image: number, owned: number): void;
}

/**
 * A PhotonImage in wasm memory, as u32 words: wasm-bindgen's borrow flag, then the fields in rustc's order: the pixel
 * vector (capacity, pointer, length), width, height.
 */
const IMAGE_WORDS = 6;
const DATA_WORD = 2;
const LENGTH_WORD = 3;
const WIDTH_WORD = 4;
const HEIGHT_WORD = 5;

const PAGE_BYTES = 65_536;
/** Pages of the module itself: its data and its stack. */
const FIRST_PAGES = 21;

/** A Rust panic's trap, in V8's words. */
const PANIC = 'unreachable';

/** 1,000 × 240 bytes: a quarter of the stack, which photon's own decoders leave almost unused. */
const MAX_PANICS = 1000;

export interface PhotonDecoder {
  /**
   * Decodes a whole picture and passes its pixels, in place in wasm memory, to `use`.
   *
   * @param file the file, in parts to be joined, whose header has passed the limits, because photon itself has none.
   * @returns the result of `use`, or not ok if photon cannot read the bytes, or not in its memory.
   */
  decode<T>(file: readonly Uint8Array[], use: (pixels: Pixels) => T): Outcome<T>;
  /** Counts of memory, traps and instances, for the account and for tests. */
  stats(): PhotonStats;
}

export interface PhotonStats {
  /** Bytes of wasm memory held now. It grows with the largest picture and never shrinks. */
  readonly memoryBytes: number;
  /** Files that made photon trap. */
  readonly traps: number;
  /** Instances created. */
  readonly instances: number;
}

interface Instance {
  readonly exports: PhotonExports;
  panics: number;
}

/** @param limitBytes the most that its memory may grow to. */
export function createPhotonDecoder(limitBytes = PHOTON_MEMORY_BYTES): PhotonDecoder {
  let memory: WebAssembly.Memory | undefined;
  let current: Instance | undefined;
  let instances = 0;
  let traps = 0;

  function ownMemory(): WebAssembly.Memory {
    memory ??= new WebAssembly.Memory({ initial: FIRST_PAGES, maximum: limitBytes / PAGE_BYTES });
    return memory;
  }

  function instance(): Instance {
    if (current === undefined) {
      if (instances > 0) new Uint8Array(ownMemory().buffer).fill(0);
      current = { exports: instantiate(ownMemory()), panics: 0 };
      instances++;
    }
    return current;
  }

  /** The decoded image's address, or the outcome for a file that made photon trap. */
  function open(file: readonly Uint8Array[]): Outcome<number> {
    const used = instance();
    const { exports } = used;
    const bytes = file.reduce((sum, part) => sum + part.byteLength, 0);
    let input: number | undefined;
    exports.growthFailed.value = 0;
    try {
      input = copyIn(exports, ownMemory(), file, bytes);
      return { ok: true, value: exports.photonimage_new_from_byteslice(input, bytes) };
    } catch (error) {
      if (!isTrap(error)) throw error;
      traps++;
      used.panics++;
      if (exports.growthFailed.value === 1) {
        current = undefined;
        return { ok: false, limitBytes };
      }
      if (input !== undefined && error.message === PANIC && used.panics < MAX_PANICS) {
        exports.__wbindgen_free(input, bytes, 1);
        return { ok: false };
      }
      current = undefined;
      // Earlier files may have caused any other trap: the file gets a fresh instance.
      return error.message !== PANIC && used.panics > 1 ? open(file) : { ok: false };
    }
  }

  return {
    decode(file, use) {
      const image = open(file);
      if (!image.ok) return image;
      const { exports } = instance();
      try {
        return { ok: true, value: use(pixelsOf(ownMemory(), image.value)) };
      } finally {
        exports.__wbg_photonimage_free(image.value, 0);
      }
    },
    stats: () => ({ memoryBytes: memory?.buffer.byteLength ?? 0, traps, instances }),
  };
}

/** A trap is a RuntimeError; the engine's own stack overflow inside wasm is a RangeError. */
function isTrap(error: unknown): error is Error {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

function copyIn(
  exports: PhotonExports,
  memory: WebAssembly.Memory,
  file: readonly Uint8Array[],
  bytes: number,
): number {
  const input = exports.__wbindgen_malloc(bytes, 1);
  let at = input;
  for (const part of file) {
    new Uint8Array(memory.buffer, at, part.byteLength).set(part);
    at += part.byteLength;
  }
  return input;
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
 * A new instance, in zeroed memory, with the imports that decoding can reach.
 *
 * Most imports serve photon's canvas functions and are never called while decoding; any that is called nevertheless
 * throws, which ends the instance like a trap.
 */
function instantiate(memory: WebAssembly.Memory): PhotonExports {
  const imports: WebAssembly.Imports = { lent: { memory } };
  for (const { module: from, name, kind } of WebAssembly.Module.imports(photonWasm)) {
    if (kind !== 'function') continue;
    const functions = imports[from] ?? {};
    functions[name] = name.startsWith('__wbindgen_init_externref_table')
      ? () => initialiseExternrefs(exports.__wbindgen_externrefs)
      : () => {
          throw new WebAssembly.RuntimeError(`photon called ${name}`);
        };
    imports[from] = functions;
  }
  // The only cast at the boundary to wasm: the exports are untyped, and a test checks the names.
  const exports = new WebAssembly.Instance(photonWasm, imports).exports as unknown as PhotonExports;
  exports.__wbindgen_start();
  return exports;
}

/** wasm-bindgen's table of JS values starts with the constants undefined, null, true and false. */
function initialiseExternrefs(table: WebAssembly.Table): void {
  const at = table.grow(4);
  table.set(0, undefined);
  for (const [i, value] of [undefined, null, true, false].entries()) table.set(at + i, value);
}
