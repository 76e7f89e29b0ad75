/** Whole TIFF files of any kind, from the numbers of each pixel. */
import type { Size } from './scenes.ts';
import { type ByteOrder, bigTiff, LONG, SHORT, type TiffField, tiff } from './tiff.ts';
import { deflated, lzw, packedBits, reversedBits } from './tiff-codes.ts';

export type Compression = 'none' | 'packbits' | 'lzw' | 'old-lzw' | 'deflate';

const COMPRESSIONS = { none: 1, packbits: 32773, lzw: 5, 'old-lzw': 5, deflate: 8 } as const;

export interface TiffPicture extends Size {
  readonly photometric: number;
  /** Bits of each component. */
  readonly bits: readonly number[];
  /** 1 unsigned, 2 signed, 3 floating-point. */
  readonly sampleFormat?: 1 | 2 | 3;
  readonly extraSamples?: readonly number[];
  /** All components of a pixel. */
  readonly pixel: (x: number, y: number) => readonly number[];
  readonly fields?: readonly TiffField[];
}

export interface TiffLayout {
  readonly order?: ByteOrder;
  readonly planar?: boolean;
  readonly compression?: Compression;
  /** 2 horizontal, 3 floating-point. */
  readonly predictor?: 1 | 2 | 3;
  readonly lowestBitFirst?: boolean;
  readonly tile?: Size;
  readonly rowsPerStrip?: number;
  readonly isBig?: boolean;
}

export async function tiffFile(picture: TiffPicture, layout: TiffLayout = {}): Promise<Uint8Array> {
  const { width, height, bits, photometric, sampleFormat = 1, extraSamples = [], pixel } = picture;
  const { order = 'II', planar = false, compression = 'none', predictor = 1, tile } = layout;
  const rowsPerStrip = layout.rowsPerStrip ?? height;
  const segment = tile ?? { width, height: rowsPerStrip };
  const planes = planar ? bits.map((_, i) => [i]) : [bits.map((_, i) => i)];
  const segments: Uint8Array[] = [];
  for (const components of planes) {
    for (let top = 0; top < height; top += segment.height) {
      for (let left = 0; left < width; left += segment.width) {
        const rows = tile ? tile.height : Math.min(rowsPerStrip, height - top);
        const stored = Array.from({ length: rows }, (_, y) => {
          const numbers = Array.from({ length: segment.width }, (_, x) => {
            // Data beyond the picture must make no difference.
            const inside = left + x < width && top + y < height;
            const all = inside ? pixel(left + x, top + y) : bits.map(() => 1);
            return components.map((i) => all[i] ?? 0);
          });
          const own = components.map((i) => bits[i] ?? 0);
          return row(numbers, own, sampleFormat === 3, predictor, order === 'II');
        });
        segments.push(await compressed(joined(stored), compression, layout.lowestBitFirst ?? false));
      }
    }
  }
  return fileOf(segments, layout, [
    short(256, width),
    short(257, height),
    short(258, ...bits),
    short(259, COMPRESSIONS[compression]),
    short(262, photometric),
    short(277, bits.length),
    short(284, planar ? 2 : 1),
    ...(layout.lowestBitFirst ? [short(266, 2)] : []),
    ...(predictor === 1 ? [] : [short(317, predictor)]),
    ...(tile ? [short(322, tile.width), short(323, tile.height)] : [short(278, rowsPerStrip)]),
    ...(extraSamples.length === 0 ? [] : [short(338, ...extraSamples)]),
    ...(sampleFormat === 1 ? [] : [short(339, ...bits.map(() => sampleFormat))]),
    ...(picture.fields ?? []),
  ]);
}

/** A file: a directory with these fields and the places of the segments, followed by the segments. */
export function fileOf(
  segments: readonly Uint8Array[],
  { order = 'II', tile, isBig = false }: TiffLayout,
  fields: readonly TiffField[],
): Uint8Array {
  const write = isBig ? bigTiff : tiff;
  const directory = (start: number) => {
    let at = start;
    const offsets = segments.map(({ length }) => {
      at += length;
      return at - length;
    });
    const counts = segments.map(({ length }) => length);
    const [offsetsTag, countsTag] = tile ? [324, 325] : [273, 279];
    const all = [...fields, long(offsetsTag, ...offsets), long(countsTag, ...counts)];
    return write(
      order,
      all.sort((one, other) => one.tag - other.tag),
    );
  };
  return joined([directory(directory(0).length), ...segments]);
}

export function short(tag: number, ...values: readonly number[]): TiffField {
  return { tag, type: SHORT, values };
}

export function long(tag: number, ...values: readonly number[]): TiffField {
  return { tag, type: LONG, values };
}

function row(
  pixels: readonly (readonly number[])[],
  bits: readonly number[],
  isFloat: boolean,
  predictor: number,
  little: boolean,
): Uint8Array {
  const depth = bits[0] ?? 8;
  const predicted = predictor === 2 ? differences(pixels, depth, isFloat) : pixels;
  if (isFloat) {
    // Floating-point numbers are predicted byte by byte, the most significant first.
    const bytes = joined(pixels.flat().map((value) => float(value, depth, predictor !== 3 && little)));
    return predictor === 3 ? byteDifferences(bytes, depth / 8, bits.length) : bytes;
  }
  if (depth % 8 === 0 && depth !== 24 && bits.every((one) => one === depth)) {
    return joined(predicted.flat().map((value) => integer(value, depth / 8, little)));
  }
  const text = predicted
    .flatMap((pixel) => pixel.map((value, i) => value.toString(2).padStart(bits[i] ?? 0, '0')))
    .join('');
  const bytes = new Uint8Array(Math.ceil(text.length / 8));
  return bytes.map((_, i) => Number.parseInt(text.slice(8 * i, 8 * i + 8).padEnd(8, '0'), 2));
}

function differences(pixels: readonly (readonly number[])[], depth: number, isFloat: boolean): number[][] {
  if (isFloat) throw new Error('floating-point numbers are predicted as such');
  return pixels.map((pixel, x) =>
    pixel.map((value, i) => {
      const before = pixels[x - 1]?.[i] ?? 0;
      return Number(BigInt.asUintN(depth, BigInt(value) - BigInt(before)));
    }),
  );
}

function byteDifferences(bytes: Uint8Array, bytesPerSample: number, step: number): Uint8Array {
  const samples = bytes.length / bytesPerSample;
  const apart = bytes.map((_, i) => bytes[(i % samples) * bytesPerSample + Math.floor(i / samples)] ?? 0);
  return apart.map((byte, i) => byte - (apart[i - step] ?? 0));
}

function integer(value: number, bytes: number, little: boolean): Uint8Array {
  const big = BigInt.asUintN(8 * bytes, BigInt(value));
  const all = Uint8Array.from({ length: bytes }, (_, i) => Number((big >> BigInt(8 * i)) & 255n));
  return little ? all : all.reverse();
}

/** Of 16, 24, 32 or 64 bits; 24 as in Adobe's technical note. Zero or normal numbers only. */
function float(value: number, depth: number, little: boolean): Uint8Array {
  const bytes = new Uint8Array(depth / 8);
  const view = new DataView(bytes.buffer);
  if (depth === 64) view.setFloat64(0, value);
  else if (depth === 32) view.setFloat32(0, value);
  else if (value !== 0) {
    const [exponentBits, fractionBits] = depth === 16 ? [5, 10] : [7, 16];
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    const fraction = Math.floor((Math.abs(value) / 2 ** exponent - 1) * 2 ** fractionBits);
    const stored =
      (value < 0 ? 2 ** (depth - 1) : 0) +
      (exponent + 2 ** (exponentBits - 1) - 1) * 2 ** fractionBits +
      fraction;
    bytes.set(integer(stored, depth / 8, false));
  }
  return little ? bytes.reverse() : bytes;
}

async function compressed(
  bytes: Uint8Array,
  compression: Compression,
  lowestBitFirst: boolean,
): Promise<Uint8Array> {
  const codes = await coded(bytes, compression);
  return lowestBitFirst ? reversedBits(codes) : codes;
}

async function coded(bytes: Uint8Array, compression: Compression): Promise<Uint8Array> {
  switch (compression) {
    case 'none':
      return bytes;
    case 'packbits':
      return packedBits(bytes);
    case 'lzw':
      return lzw(bytes);
    case 'old-lzw':
      return lzw(bytes, true);
    case 'deflate':
      return deflated(bytes);
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
