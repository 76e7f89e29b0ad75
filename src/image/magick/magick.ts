/**
 * ImageMagick's decoder, for pictures that other decoders have no memory for or do not read.
 *
 * Its module and glue are loaded with the first such picture: an isolate that never gets one does not pay for them. It
 * supports some 260 formats, among them programs and URLs to fetch: every read names the one format that the header has
 * shown, and a policy forbids all but those in `FORMATS`.
 */
import type { IMagickImage, IPixelCollection } from '@imagemagick/magick-wasm';
import type { ImageHeader, Size } from '../header.ts';
import type { Outcome } from '../outcome.ts';
import type { Pixels } from '../pixels.ts';
import { type MagickInstance, startMagick } from './magick-instance.ts';

type Library = typeof import('./library.ts');

/** ImageMagick's names of the formats that are used, and of the one for the warm-up. */
const FORMATS = {
  jpeg: 'JPEG',
  png: 'PNG',
  gif: 'GIF',
  webp: 'WEBP',
  bmp: 'BMP',
  tiff: 'TIFF',
  avif: 'AVIF',
  heic: 'HEIC',
} as const satisfies Partial<Record<ImageHeader['format'], string>>;

export type MagickReadable = keyof typeof FORMATS;

export function isMagickReadable(format: ImageHeader['format']): format is MagickReadable {
  return format in FORMATS;
}

export interface MagickTask {
  readonly format: MagickReadable;
  /** The file, or the one that its parts come from. It is copied once, into wasm memory. */
  readonly bytes: Uint8Array;
  /** The parts of it to read, joined; absent for all of it. */
  readonly parts?: readonly Uint8Array[];
  /** JPEG only: the picture's size when decoded at 1/`denominator`, rounded up: 1, 2, 4 or 8. */
  readonly scale?: { readonly width: number; readonly height: number; readonly denominator: number };
  /** The most bytes that wasm memory may grow to. */
  readonly limitBytes: number;
}

/**
 * libjpeg's warnings for a truncated file, or for unexpected codes or restart markers. It continues with grey or
 * misplaced blocks, which must not be classified as if they had been sent; other warnings concern harmless bytes.
 */
const DAMAGED = /premature end|bad (huffman|arithmetic) code|found marker .* instead of RST/i;

// biome-ignore format: a table of bytes
const ONE_PIXEL_GIF = Uint8Array.of(
  0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0, 1, 0, 0x80, 0, 0, 255, 255, 255, 0, 0, 0,
  0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b,
);

export interface MagickDecoder {
  /**
   * Decodes a picture and passes its pixels, in place in wasm memory, to `use`.
   *
   * Orientation and colour profiles are not applied; CMYK becomes sRGB.
   *
   * @returns the result of `use`, or not ok if the bytes cannot be read within the limit.
   */
  decode<T>(task: MagickTask, use: (pixels: Pixels) => T): Promise<Outcome<T>>;
  /**
   * Lends the wasm memory to another decoder, while none of its own pictures is in it: see `MagickInstance.lend`. It
   * must not decode anything until `use` has ended.
   *
   * @returns the result of `use`, or not ok if there is not enough memory.
   */
  lend<T>(bytes: number, use: (memory: WebAssembly.Memory) => Promise<T>): Promise<Outcome<T>>;
  /** Bytes of wasm memory held now; 0 before the first picture. */
  memoryBytes(): number;
}

/** The library keeps one global instance, so there is one for all decoders. */
let starting: Promise<MagickInstance> | undefined;
let started: MagickInstance | undefined;

/** Loads the library and the module if needed. After a failure, the next picture tries again. */
function start(): Promise<MagickInstance> {
  starting ??= load().catch((error: unknown) => {
    starting = undefined;
    throw error;
  });
  return starting;
}

async function load(): Promise<MagickInstance> {
  const [library, { default: module }] = await Promise.all([
    import('./library.ts'),
    import('../../../vendor/magick.wasm'),
  ]);
  started = await startMagick(library, module, Object.values(FORMATS), readOnePixel);
  return started;
}

export function createMagickDecoder(): MagickDecoder {
  return {
    async decode(task, use) {
      const { library, reset, readNext, hasRunOut } = await start();
      // From here on nothing waits, so no other picture can come between the reset and the last pixel.
      reset(task.limitBytes);
      const file = standIn(task);
      if (task.parts !== undefined) readNext(task.parts);
      const outcome = read(library, { ...task, bytes: file }, use);
      return !outcome.ok && hasRunOut() ? { ok: false, limitBytes: task.limitBytes } : outcome;
    },
    async lend(bytes, use) {
      const memory = (await start()).lend(bytes);
      return memory === undefined ? { ok: false, limitBytes: bytes } : { ok: true, value: await use(memory) };
    },
    memoryBytes: () => started?.memoryBytes() ?? 0,
  };
}

/** An array as long as the parts together, which overwrite it in wasm memory. A few bytes may have been inserted. */
function standIn({ bytes, parts }: MagickTask): Uint8Array {
  if (parts === undefined) return bytes;
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  return length <= bytes.byteLength ? bytes.subarray(0, length) : new Uint8Array(length);
}

function read<T>(library: Library, task: MagickTask, use: (pixels: Pixels) => T): Outcome<T> {
  const settings = new library.MagickReadSettings({
    format: FORMATS[task.format],
    frameIndex: 0,
    frameCount: 1,
  });
  if (task.scale !== undefined) {
    const { width, height, denominator } = task.scale;
    // libjpeg gets the largest denominator that keeps both sides at least this long.
    const least = [width, height].map((side) => Math.floor(side / denominator)).join('x');
    settings.setDefine('JPEG', 'size', least);
  }
  // HEIC and AVIF: as stored, like all others.
  settings.setDefine(FORMATS.heic, 'preserve-orientation', 'true');
  // Nothing is disposed of: the next reset does that, also after a failure.
  const image = library.MagickImage.create();
  let complete = true;
  image.onWarning = ({ error }) => {
    complete &&= !DAMAGED.test(error.message);
  };
  try {
    image.read(task.bytes, settings);
    if (image.colorSpace === library.ColorSpace.CMYK) image.colorSpace = library.ColorSpace.sRGB;
  } catch (error) {
    if (!isOfTheFile(library, error)) throw error;
    return { ok: false };
  }
  if (!complete) return { ok: false };
  const extent = task.scale && extentOf(task.scale, image);
  return {
    ok: true,
    value: image.getPixels((pixels) =>
      use({ ...pixelsOf(library, image, pixels), ...(extent && { extent }) }),
    ),
  };
}

/** See `Pixels.extent`. If a file contains another picture than its header says, nothing is known of it. */
function extentOf(
  { width, height, denominator }: NonNullable<MagickTask['scale']>,
  decoded: IMagickImage,
): Size | undefined {
  const extent = { width: width / denominator, height: height / denominator };
  const isAsStated = decoded.width === Math.ceil(extent.width) && decoded.height === Math.ceil(extent.height);
  return isAsStated ? extent : undefined;
}

/** An error reported by the decoder, a trap (a RuntimeError), or the engine's own stack overflow in wasm. */
function isOfTheFile(library: Library, error: unknown): boolean {
  return [library.MagickError, WebAssembly.RuntimeError, RangeError].some((kind) => error instanceof kind);
}

/** The pixels in place, without the copy that `toByteArray` makes. */
function pixelsOf(library: Library, { width, height }: IMagickImage, pixels: IPixelCollection): Pixels {
  const { Red, Green, Blue, Alpha } = library.PixelChannel;
  const data = pixels.getReadOnlyArea(0, 0, width, height);
  const [red, green, blue, alpha] = [Red, Green, Blue, Alpha].map((channel) =>
    pixels.getChannelIndex(channel),
  );
  const grey = green === -1 || green === red;
  if (red !== 0 || (!grey && (green !== 1 || blue !== 2)) || alpha === undefined) {
    throw new Error('magick-wasm: pixels are not laid out as expected; was it changed?');
  }
  const bytesPerPixel = data.byteLength / (width * height);
  return { data, width, height, layout: { bytesPerPixel, grey, ...(alpha > 0 ? { alpha } : {}) } };
}

/** One white pixel, decoded only so that the library reads its tables and the policy once. */
function readOnePixel(library: Library): void {
  const settings = new library.MagickReadSettings({ format: FORMATS.gif });
  library.MagickImage.create().read(ONE_PIXEL_GIF, settings);
}
