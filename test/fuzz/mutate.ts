/** Mutations of files. Each takes a whole file and returns another. */

import type { Field } from './anatomy.ts';
import { repairChecksums } from './checksums.ts';
import { anatomyOf } from './pieces.ts';
import type { Random } from './random.ts';
import type { Seed } from './seeds.ts';

export interface Mutant {
  readonly bytes: Uint8Array;
  /** The mutations applied, for the report of a failure. */
  readonly recipe: string;
}

type Mutation = (bytes: Uint8Array, random: Random, seed: Seed, other: Seed) => Uint8Array;

const EXTREMES = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
];
/** Sizes just above and far above the limits, and odd ones. */
const SIZES = [0, 1, 2, 255, 257, 4096, 16_385, 20_000, 65_500, 65_501, 65_535, 0x7fff_ffff, 0xffff_ffff];
/** A megabyte of repetition shows no more than some kilobytes do. */
const MAX_COPY_BYTES = 64 * 1024;

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'bit flips': (bytes, random) => {
    const flipped = bytes.slice();
    for (let flips = 1 + random.below(8); flips > 0; flips--) {
      const at = random.below(flipped.length);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8));
    }
    return flipped;
  },
  'byte sets': (bytes, random) => {
    const set = bytes.slice();
    for (let sets = 1 + random.below(16); sets > 0; sets--) set[random.below(set.length)] = random.below(256);
    return set;
  },
  // The headers, which chance alone would seldom hit in a large file.
  'header bytes': (bytes, random) => {
    const set = bytes.slice();
    for (let sets = 1 + random.below(4); sets > 0; sets--) {
      set[random.below(Math.min(600, set.length))] = random.below(256);
    }
    return set;
  },
  truncation: (bytes, random) => bytes.slice(0, 1 + random.below(bytes.length - 1)),
  'zero run': (bytes, random) => {
    const start = random.below(bytes.length);
    return bytes.slice().fill(0, start, start + 1 + random.below(512));
  },
  'piece twice': (bytes, random, { format }) => {
    const { start, end } = random.pick(anatomyOf(format, bytes).pieces);
    const piece = bytes.subarray(start, Math.min(end, start + MAX_COPY_BYTES));
    const times = 1 + random.below(3);
    return joined(bytes.subarray(0, end), ...Array.from({ length: times }, () => piece), bytes.subarray(end));
  },
  'piece removed': (bytes, random, { format }) => {
    const { start, end } = random.pick(anatomyOf(format, bytes).pieces);
    return joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  'pieces swapped': (bytes, random, { format }) => {
    const { pieces } = anatomyOf(format, bytes);
    const [one, two] = [random.pick(pieces), random.pick(pieces)].toSorted((a, b) => a.start - b.start);
    if (one === undefined || two === undefined || one.end > two.start) return bytes.slice(0, -1);
    return joined(
      bytes.subarray(0, one.start),
      bytes.subarray(two.start, two.end),
      bytes.subarray(one.end, two.start),
      bytes.subarray(one.start, one.end),
      bytes.subarray(two.end),
    );
  },
  'length lies': (bytes, random, { format }) => lie(bytes, random, anatomyOf(format, bytes).fields, 'length'),
  'dimension lies': (bytes, random, { format }) =>
    lie(bytes, random, anatomyOf(format, bytes).fields, 'dimension'),
  splice: (bytes, random, _, other) =>
    joined(
      bytes.subarray(0, random.below(bytes.length)),
      other.bytes.subarray(random.below(other.bytes.length)),
    ),
  // Pieces of the other file in this one: a scan for another frame, a profile in the wrong place.
  transplant: (bytes, random, { format }, other) => {
    const { end } = random.pick(anatomyOf(format, bytes).pieces);
    const piece = random.pick(anatomyOf(other.format, other.bytes).pieces);
    const given = other.bytes.subarray(piece.start, Math.min(piece.end, piece.start + MAX_COPY_BYTES));
    return joined(bytes.subarray(0, end), given, bytes.subarray(end));
  },
};

const TWO_FILES = ['splice', 'transplant'];
const NAMES = Object.keys(MUTATIONS);

/** One mutation, sometimes two; the checksums of every other PNG are corrected. */
export function mutate(seed: Seed, other: Seed, random: Random): Mutant {
  const first = random.pick(NAMES);
  let bytes = MUTATIONS[first]?.(seed.bytes, random, seed, other) ?? seed.bytes;
  let recipe = `${seed.name}, ${first}${TWO_FILES.includes(first) ? ` with ${other.name}` : ''}`;
  if (random.below(4) === 0 && bytes.length > 64) {
    // After the first mutation the structure is unknown, so the second does not depend on it.
    const second = random.pick(['bit flips', 'byte sets', 'truncation', 'zero run']);
    bytes = MUTATIONS[second]?.(bytes, random, seed, other) ?? bytes;
    recipe += `, ${second}`;
  }
  if (random.below(2) === 0) bytes = repairChecksums(bytes);
  return { bytes, recipe };
}

function lie(bytes: Uint8Array, random: Random, fields: readonly Field[], says: Field['says']): Uint8Array {
  const lied = bytes.slice();
  const view = new DataView(lied.buffer);
  const { at, bytes: width, little } = random.pick(fields.filter((field) => field.says === says));
  const truth = {
    1: () => view.getUint8(at),
    2: () => view.getUint16(at, little),
    4: () => view.getUint32(at, little),
  }[width]();
  const near = [truth + 1, truth - 1, truth * 2, truth >>> 1];
  const value = random.pick([...near, ...near, ...(says === 'dimension' ? SIZES : EXTREMES)]);
  if (width === 1) view.setUint8(at, value);
  else if (width === 2) view.setUint16(at, value, little);
  else view.setUint32(at, value, little);
  return lied;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
