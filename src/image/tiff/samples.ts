/** Reads a row's numbers of any depth, as levels from 0 to 255 or as stored. */
import type { TiffHeader } from '../header.ts';
import { halfAt, threeByteFloatAt } from './small-floats.ts';

/** Writes a row's numbers to every `step`-th position of `to`, from `first` on. */
export type Unpack = (
  row: Uint8Array,
  count: number,
  to: Uint8Array | Uint16Array,
  first: number,
  step: number,
) => void;

type Kind = Pick<TiffHeader, 'bitDepth' | 'sampleFormat'> & {
  readonly bits: readonly number[];
  readonly littleEndian: boolean;
};

/**
 * Levels: the full range of unsigned numbers, and 0 to 1 for floating-point numbers, as in ImageMagick; the profile
 * says which curve they follow.
 *
 * Bytes are read as unsigned whatever the file says, as Pillow and ImageMagick do, because most files that declare them
 * signed are wrong. Of longer signed numbers, negative ones are black, and others are read as if unsigned, as in
 * libvips.
 *
 * @param kind `bits` of the numbers in order, repeated as needed.
 */
export function levelsOf(kind: Kind): Unpack {
  const { bitDepth, sampleFormat, bits } = kind;
  if (sampleFormat === 'float') return floats(bitDepth / 8, kind.littleEndian);
  if (!bits.every((one) => one === bitDepth) || bitDepth % 8 !== 0) return packed(bits, 255);
  if (bitDepth === 8) return copied;
  const bytes = bitDepth / 8;
  // Three bytes are not a machine word: they are stored like bits, the highest first.
  const littleEndian = kind.littleEndian && bytes !== 3;
  const top = littleEndian ? bytes - 1 : 0;
  const second = littleEndian ? bytes - 2 : 1;
  const negative = sampleFormat === 'signed' ? 0x8000 : 0x1_0000;
  return (row, count, to, first, step) => {
    // Within bounds: a row has this many numbers. Two of their bytes determine the level.
    for (let i = 0, at = 0, place = first; i < count; i++, at += bytes, place += step) {
      const value = ((row[at + top] as number) << 8) | (row[at + second] as number);
      to[place] = value < negative ? (value * 255 + 32_768) >>> 16 : 0;
    }
  };
}

function copied(
  row: Uint8Array,
  count: number,
  to: Uint8Array | Uint16Array,
  first: number,
  step: number,
): void {
  for (let i = 0, place = first; i < count; i++, place += step) to[place] = row[i] as number;
}

/** Unsigned numbers as stored: indices of a palette, Lab. */
export function valuesOf({ bits, bitDepth, littleEndian }: Kind): Unpack {
  const isWhole = bits.every((one) => one === bitDepth);
  if (isWhole && bitDepth === 8) return copied;
  if (!isWhole || bitDepth !== 16) return packed(bits);
  const [high, low] = littleEndian ? [1, 0] : [0, 1];
  return (row, count, to, first, step) => {
    for (let i = 0, place = first; i < count; i++, place += step) {
      to[place] = ((row[2 * i + high] as number) << 8) | (row[2 * i + low] as number);
    }
  };
}

/**
 * Bit-packed numbers of up to 16 bits each, the highest bit first whatever the byte order.
 *
 * @param white what the largest number becomes; without it they are not scaled.
 */
function packed(bits: readonly number[], white?: number): Unpack {
  const [first = 8] = bits;
  if ([1, 2, 4].includes(first) && bits.every((one) => one === first)) return ofParts(first, white);
  const scales = bits.map((one) => (white === undefined ? 1 : white / (2 ** one - 1)));
  const half = white === undefined ? 0 : 0.5;
  return (row, count, to, first, step) => {
    let hold = 0;
    let held = 0;
    for (let i = 0, at = 0, component = 0, place = first; i < count; i++, place += step) {
      const width = bits[component] as number;
      for (; held < width; held += 8) hold = ((hold << 8) | (row[at++] as number)) & 0xff_ffff;
      held -= width;
      const value = (hold >>> held) & ((1 << width) - 1);
      to[place] = value * (scales[component] as number) + half;
      component = component + 1 === bits.length ? 0 : component + 1;
    }
  };
}

/** Numbers of 1, 2 or 4 bits, several in a byte. */
function ofParts(bits: number, white?: number): Unpack {
  const most = 2 ** bits - 1;
  const values = Uint8Array.from({ length: most + 1 }, (_, i) =>
    white === undefined ? i : (i * white) / most,
  );
  return (row, count, to, first, step) => {
    for (let i = 0, at = 0, place = first; i < count; at++) {
      // Within bounds: a row has this many numbers.
      const byte = row[at] as number;
      for (let shift = 8 - bits; shift >= 0 && i < count; shift -= bits, i++, place += step) {
        to[place] = values[(byte >>> shift) & most] as number;
      }
    }
  };
}

function floats(bytes: number, littleEndian: boolean): Unpack {
  return (row, count, to, first, step) => {
    const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
    for (let i = 0, place = first; i < count; i++, place += step) {
      const value = floatAt(view, i * bytes, bytes, littleEndian);
      // NaN is black.
      to[place] = value > 0 ? Math.min(value, 1) * 255 + 0.5 : 0;
    }
  };
}

function floatAt(view: DataView, at: number, bytes: number, littleEndian: boolean): number {
  if (bytes === 8) return view.getFloat64(at, littleEndian);
  if (bytes === 4) return view.getFloat32(at, littleEndian);
  return bytes === 2 ? halfAt(view, at, littleEndian) : threeByteFloatAt(view, at, littleEndian);
}
