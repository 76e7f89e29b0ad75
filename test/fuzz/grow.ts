/** Mutations that make a file cost more for its bytes: repeated pieces, and larger counts. */
import { anatomyOf } from './pieces.ts';
import type { Random } from './random.ts';
import type { Format } from './seeds.ts';

/** No file becomes longer than this. */
export const MAX_GROWN_BYTES = 2 ** 20;
const MAX_TIMES = 4096;

type Growth = (bytes: Uint8Array, random: Random, format: Format) => Uint8Array;

const GROWTHS: Readonly<Record<string, Growth>> = {
  'piece many times': (bytes, random, format) => {
    const { start, end } = random.pick(anatomyOf(format, bytes).pieces);
    return repeated(bytes, start, end, random);
  },
  'pieces many times': (bytes, random, format) => {
    const { pieces } = anatomyOf(format, bytes);
    const [first, last] = [random.pick(pieces), random.pick(pieces)];
    return repeated(bytes, Math.min(first.start, last.start), Math.max(first.end, last.end), random);
  },
  'range many times': (bytes, random) => {
    const start = random.below(bytes.length);
    return repeated(bytes, start, start + 1 + random.below(64), random);
  },
  'number larger': (bytes, random, format) => {
    const { at, bytes: width, little } = random.pick(anatomyOf(format, bytes).fields);
    const grown = bytes.slice();
    const view = new DataView(grown.buffer);
    const larger = (value: number, most: number) =>
      Math.min(most, value * random.pick([2, 4, 16]) + random.below(3));
    if (width === 1) view.setUint8(at, larger(view.getUint8(at), 0xff));
    else if (width === 2) view.setUint16(at, larger(view.getUint16(at, little), 0xffff), little);
    else view.setUint32(at, larger(view.getUint32(at, little), 0xffff_ffff), little);
    return grown;
  },
  // Bytes that compressed streams use for long runs, and coders for no output.
  'run of a byte': (bytes, random) => {
    const start = random.below(bytes.length);
    return bytes
      .slice()
      .fill(random.pick([0, 0, 0xff, 0x55, 0x80, 1]), start, start + 1 + random.below(4096));
  },
  'bytes changed': (bytes, random) => {
    const changed = bytes.slice();
    for (let sets = 1 + random.below(6); sets > 0; sets--) {
      changed[random.below(Math.min(800, changed.length))] = random.below(256);
    }
    return changed;
  },
};

export const GROWTH_NAMES = Object.keys(GROWTHS);

/** @returns the file itself if its structure cannot be followed any more. */
export function grow(name: string, bytes: Uint8Array, random: Random, format: Format): Uint8Array {
  try {
    return (GROWTHS[name]?.(bytes, random, format) ?? bytes).slice(0, MAX_GROWN_BYTES);
  } catch (error) {
    if (error instanceof RangeError || (error instanceof Error && error.message === 'nothing to pick from'))
      return bytes;
    throw error;
  }
}

function repeated(bytes: Uint8Array, start: number, end: number, random: Random): Uint8Array {
  const piece = bytes.subarray(start, end);
  if (piece.length === 0) return bytes;
  const most = Math.floor((MAX_GROWN_BYTES - bytes.length) / piece.length);
  const times = Math.max(0, Math.min(most, 2 ** random.below(Math.log2(MAX_TIMES) + 1)));
  const copies = Array.from({ length: times }, () => piece);
  return new Uint8Array(Buffer.concat([bytes.subarray(0, end), ...copies, bytes.subarray(end)]));
}
