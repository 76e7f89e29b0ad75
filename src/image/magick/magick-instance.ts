/**
 * ImageMagick's wasm with a bound on its memory, and with a memory that is as new for every picture.
 *
 * The package's glue takes a compiled module, but says nothing of the memory it makes. So while the glue
 * starts, `WebAssembly.Instance` is ours: it lays hands on the memory and on the one import that grows it.
 * With them
 * - memory grows by what is asked for: the glue would add a fifth, which is never given back;
 * - growing beyond the bound fails inside, as an allocation of the decoder's that did not succeed. The module itself
 *   has the largest bound for a maximum (`scripts/vendor.mjs`);
 * - a file of several parts is joined where it is read, without a copy of it outside;
 * - the memory is put back to how it was after the start, before every picture. A decoder is C code that
 *   may leak, fragment its heap, or be left half-way by a trap: none of that outlives the picture, and what
 *   a picture costs does not depend on those before it. Memory that has been dropped with its instance is
 *   collected too late to start anew instead.
 *
 * The names are those of @imagemagick/magick-wasm 0.0.43, which package.json pins; `start` throws, and
 * `test/image/magick.test.ts` says so, when they change.
 */
type Library = typeof import('./library.ts');

export interface MagickInstance {
  readonly library: Library;
  /** Bytes of wasm memory held now. It grows with the costliest picture and never shrinks. */
  memoryBytes(): number;
  /** Makes the memory as it was after the start, and lets it grow up to `limitBytes` and no further. */
  reset(limitBytes: number): void;
  /** Whether it would have had to grow further since the last reset. */
  hasRunOut(): boolean;
  /**
   * Has the next blob that the library reads be these parts, one after the other, whatever it was given: it wants one
   * array as long as them all, which is then written over in wasm memory.
   */
  readNext(parts: readonly Uint8Array[]): void;
  /**
   * The memory, lent to another decoder until the next reset: at least so large, and all zero.
   *
   * @returns undefined when it cannot be had.
   */
  lend(bytes: number): WebAssembly.Memory | undefined;
}

const WASM_PAGE_BYTES = 65_536;

/** Import that asks for a larger memory: emscripten_resize_heap(bytes). */
const RESIZE = 'db';
/** Exports emscripten_stack_get_current and _emscripten_stack_restore. */
const STACK_GET = 'Bo';
const STACK_SET = 'Ao';
/** Export MagickImage_ReadBlob(settings, data, offset, bytes, exception). */
const READ_BLOB = '$h';

/** What of the start is kept: the parts of memory that are not all zero, in pieces of this size. */
const PIECE_BYTES = 4096;

/**
 * Reads no file but those named by format, takes no memory elsewhere (a pixel cache on "disk" would be the
 * isolate's own memory once more), and follows no path, delegate or filter.
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
 * Starts an instance. Nothing here waits on I/O, so requests may share the promise.
 *
 * @param formats ImageMagick's names of the formats that may be read.
 * @param warmUp has the library do its once-only work, so that it is not done again after every reset.
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
    // The glue makes its instance before it first waits.
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
      // Grown by the glue, which otherwise would go on with views of the memory as it was.
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

/** The exports, with the one that reads a blob writing the parts over it first. */
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
 * Has the memory grow by whole pages to what the wasm asks for, and not beyond the limit.
 *
 * @param ranOut is called when it would have to.
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
    /** Whether the memory is that large now. */
    grow: (bytes: number): boolean => Boolean(noting(bytes)),
    watch(memory: WebAssembly.Memory): void {
      const grow = memory.grow.bind(memory);
      // Called by the glue's resize: it takes an exception for a memory that cannot grow.
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

/** @returns a function that makes the memory's contents what they are now. */
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
    // What lies behind was never touched at the start: the allocator takes nothing there to be zero.
    bytes.fill(0, 0, end);
    for (const piece of pieces) bytes.set(piece.bytes, piece.at);
  };
}
