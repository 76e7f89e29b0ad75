/**
 * Runs ImageMagick's wasm with a bound on its memory, which is reset for every picture.
 *
 * The package's glue takes a compiled module, but does not expose the memory that it creates. So while the glue starts,
 * `WebAssembly.Instance` is replaced, to get the memory and the one import that grows it. With these
 * - memory grows by what is requested: the glue would add a fifth, which is never given back;
 * - growing beyond the bound fails inside, like an unsuccessful allocation of the decoder. The module itself has the
 * largest bound as its maximum (`scripts/vendor/memory-maximum.mjs`);
 * - a file of several parts is joined where it is read, without a copy outside;
 * - before every picture, the memory is reset to its state after the start. A decoder is C code that may leak, fragment
 * its heap, or be interrupted by a trap: none of that survives the picture, and the cost of a picture does not depend
 * on those before it. Starting a new instance instead would not do, because dropped memories are collected too late.
 *
 * The names are those of @imagemagick/magick-wasm 0.0.43, which package.json pins. If they change, `start` throws and
 * `test/image/magick.test.ts` fails.
 */
type Library = typeof import('./library.ts');

export interface MagickInstance {
  readonly library: Library;
  /** Bytes of wasm memory held now. It grows with the costliest picture and never shrinks. */
  memoryBytes(): number;
  /** Resets the memory to its state after the start, and lets it grow up to `limitBytes`. */
  reset(limitBytes: number): void;
  /** Whether it would have had to grow further since the last reset. */
  hasRunOut(): boolean;
  /**
   * Makes the next blob that the library reads consist of these parts, whatever it was given: it requires one array of
   * their total length, which is then overwritten in wasm memory.
   */
  readNext(parts: readonly Uint8Array[]): void;
  /**
   * The memory, lent to another decoder until the next reset: at least this large, and zeroed.
   *
   * @returns undefined if there is not enough.
   */
  lend(bytes: number): WebAssembly.Memory | undefined;
}

const WASM_PAGE_BYTES = 65_536;

/** Import that requests a larger memory: emscripten_resize_heap(bytes). */
const RESIZE = 'db';
/** Exports emscripten_stack_get_current and _emscripten_stack_restore. */
const STACK_GET = 'Bo';
const STACK_SET = 'Ao';
/** Export MagickImage_ReadBlob(settings, data, offset, bytes, exception). */
const READ_BLOB = '$h';

/** Saved state of the start: the parts of memory that are not all zero, in pieces of this size. */
const PIECE_BYTES = 4096;

/**
 * Reads only files of the named formats, takes no memory elsewhere (a pixel cache on "disk" would be the isolate's own
 * memory again), and follows no path, delegate or filter.
 */
function policy(formats: readonly string[]): string {
  const coders = `{${formats.join(',')}}`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<policymap>',
    '<policy domain="coder" rights="none" pattern="*"/>',
    `<policy domain="coder" rights="read" pattern="${coders}"/>`,
    ...['delegate', 'filter'].map((domain) => `<policy domain="${domain}" rights="none" pattern="*"/>`),
    ...['map', 'disk'].map((name) => `<policy domain="resource" name="${name}" value="0"/>`),
    '</policymap>',
  ].join('\n');
}

/**
 * Starts an instance. Nothing here waits for I/O, so requests may share the promise.
 *
 * @param formats ImageMagick's names of the formats that may be read.
 * @param warmUp makes the library do its one-time work, so that it is not repeated after every reset.
 */
export async function startMagick(
  library: Library,
  module: WebAssembly.Module,
  formats: readonly string[],
  warmUp: (library: Library) => void,
): Promise<MagickInstance> {
  let limitBytes = Number.POSITIVE_INFINITY;
  let hasRunOut = false;
  let started: Exports | undefined;
  let grow: (bytes: number) => boolean = () => false;
  let nextParts: readonly Uint8Array[] = [];
  const Instance = WebAssembly.Instance;
  function BoundedInstance(given: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
    const bounded = boundGrowth(
      imports,
      () => limitBytes,
      () => {
        hasRunOut = true;
      },
    );
    const instance = new Instance(given, bounded.imports);
    started = exportsOf(instance);
    bounded.watch(started.memory);
    grow = bounded.grow;
    return { exports: joiningParts(instance.exports, started.memory, () => nextParts) };
  }
  Object.assign(WebAssembly, { Instance: BoundedInstance });
  let ready: Promise<void>;
  try {
    // The glue creates its instance before it first waits.
    ready = library.initializeImageMagick(module, configuration(policy(formats)));
  } finally {
    WebAssembly.Instance = Instance;
  }
  await ready;
  if (started === undefined) throw new Error('magick-wasm: its glue makes no instance; was it changed?');
  const exports = started;
  warmUp(library);
  const stack = exports.stackGet();
  const restore = remember(exports.memory);
  return {
    library,
    memoryBytes: () => exports.memory.buffer.byteLength,
    reset(bytes) {
      limitBytes = bytes;
      nextParts = [];
      hasRunOut = false;
      restore();
      exports.stackSet(stack);
    },
    hasRunOut: () => hasRunOut,
    readNext(parts) {
      nextParts = parts;
    },
    lend(bytes) {
      limitBytes = bytes;
      // Grown through the glue, which would otherwise continue with views of the old memory.
      if (bytes > exports.memory.buffer.byteLength && !grow(bytes)) return undefined;
      new Uint8Array(exports.memory.buffer).fill(0);
      return exports.memory;
    },
  };
}

function configuration(policyXml: string) {
  const log = { fileName: 'log.xml', data: '<logmap/>' };
  const policyFile = { fileName: 'policy.xml', data: policyXml };
  return {
    log,
    policy: policyFile,
    *all() {
      yield log;
      yield policyFile;
    },
  };
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  stackGet(): number;
  stackSet(to: number): void;
}

function exportsOf({ exports }: WebAssembly.Instance): Exports {
  const memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  const [stackGet, stackSet] = [exports[STACK_GET], exports[STACK_SET]];
  if (memory === undefined || typeof stackGet !== 'function' || typeof stackSet !== 'function') {
    throw new Error('magick-wasm: its exports are not those expected; was it changed?');
  }
  return { memory, stackGet: () => Number(stackGet()), stackSet: (to) => void stackSet(to) };
}

/** The exports, where the one that reads a blob first overwrites it with the parts. */
function joiningParts(
  exports: WebAssembly.Exports,
  memory: WebAssembly.Memory,
  nextParts: () => readonly Uint8Array[],
): WebAssembly.Exports {
  const readBlob = exports[READ_BLOB];
  if (typeof readBlob !== 'function') {
    throw new Error('magick-wasm: its exports are not those expected; was it changed?');
  }
  const joining = (settings: number, data: number, ...rest: readonly number[]): unknown => {
    let at = data;
    for (const part of nextParts()) {
      new Uint8Array(memory.buffer, at, part.byteLength).set(part);
      at += part.byteLength;
    }
    return readBlob(settings, data, ...rest);
  };
  return { ...exports, [READ_BLOB]: joining };
}

/**
 * Grows the memory by whole pages to what the wasm requests, but not beyond the limit.
 *
 * @param ranOut called if it would have to.
 */
function boundGrowth(imports: WebAssembly.Imports, limitBytes: () => number, ranOut: () => void) {
  const [from, functions] = Object.entries(imports)[0] ?? ['', {}];
  const resize = functions[RESIZE];
  if (typeof resize !== 'function') {
    throw new Error('magick-wasm: its imports are not those expected; was it changed?');
  }
  let wantedBytes = 0;
  const noting = (bytes: number) => {
    wantedBytes = bytes >>> 0;
    return resize(bytes);
  };
  return {
    imports: { ...imports, [from]: { ...functions, [RESIZE]: noting } },
    /** Whether the memory has that size now. */
    grow: (bytes: number): boolean => Boolean(noting(bytes)),
    watch(memory: WebAssembly.Memory): void {
      const grow = memory.grow.bind(memory);
      // Called by the glue's resize, which treats an exception as a memory that cannot grow.
      memory.grow = () => {
        if (wantedBytes > limitBytes()) {
          ranOut();
          throw new RangeError('magick-wasm: more memory than is allowed');
        }
        return grow(Math.ceil((wantedBytes - memory.buffer.byteLength) / WASM_PAGE_BYTES));
      };
    },
  };
}

/** @returns a function that restores the memory's present contents. */
function remember(memory: WebAssembly.Memory): () => void {
  const now = new Uint8Array(memory.buffer);
  const pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  let start = 0;
  let end = 0;
  const keep = () => {
    if (end > start) pieces.push({ at: start, bytes: now.slice(start, end) });
  };
  for (let at = 0; at < now.length; at += PIECE_BYTES) {
    if (now.subarray(at, at + PIECE_BYTES).every((byte) => byte === 0)) continue;
    if (at !== end) {
      keep();
      start = at;
    }
    end = at + PIECE_BYTES;
  }
  keep();
  return () => {
    const bytes = new Uint8Array(memory.buffer);
    // Memory beyond was never touched at the start, and the allocator assumes zeros there.
    bytes.fill(0, 0, end);
    for (const piece of pieces) bytes.set(piece.bytes, piece.at);
  };
}
