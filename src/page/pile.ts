/**
 * Pictures in a page, searched for copies and nearest neighbours by the same rules as a collection's items. The service
 * stores none of them.
 */
import { BITS_BYTES, bitsOf } from '../collections/bits.ts';
import { isCopy } from '../collections/copies.ts';
import { candidatesOf, type Match, ranked } from '../collections/search.ts';
import { DIMENSIONS, storedVector } from '../collections/vectors.ts';
import { fingerprintOf, THUMBNAIL_SIDE } from '../image/fingerprint.ts';
import { INPUT_SIDE } from '../image/resample/taps.ts';

export interface Neighbour extends Match {
  /** Whether the two are the same photo, perhaps edited. */
  readonly copy: boolean;
}

export interface Pile {
  /**
   * @param embedding 1024 numbers of any scale.
   * @param fingerprint 8 bytes; undefined if the browser cannot draw the picture.
   * @returns its position, which identifies it from then on.
   */
  add(embedding: Float32Array, fingerprint?: Uint8Array): number;
  remove(position: number): void;
  /** The pictures most similar to one, the most similar first. */
  nearest(position: number, count: number): Neighbour[];
  /**
   * Groups of two or more pictures that are copies of each other, or of a copy, in the order in which they were added.
   */
  groups(): number[][];
}

interface Entry {
  readonly vector: Int8Array;
  readonly fingerprint: Uint8Array | undefined;
}

/** Red, green and blue by ITU-R BT.601, as in the resize's kernel, which makes the Worker's thumbnails. */
const LUMA = [0.299, 0.587, 0.114];

/** Positions in the first allocation of bits, which is doubled when it is full. */
const FIRST_ROOM = 64;

export function createPile(): Pile {
  /** By position; undefined if it was removed. */
  const entries: (Entry | undefined)[] = [];
  /** Pairs of copies. */
  let pairs: [number, number][] = [];
  let bits = new Uint8Array(FIRST_ROOM * BITS_BYTES);

  function matchesOf(position: number): Neighbour[] {
    const own = entries[position];
    if (own === undefined) return [];
    const candidates = candidatesOf(own.vector);
    candidates.offer(
      bits.subarray(0, entries.length * BITS_BYTES),
      (row) => row,
      (row) => row !== position && entries[row] !== undefined,
    );
    const positions = candidates.positions();
    const vectors = new Int8Array(positions.length * DIMENSIONS);
    for (const [i, other] of positions.entries()) {
      vectors.set(entries[other]?.vector ?? new Int8Array(DIMENSIONS), i * DIMENSIONS);
    }
    return ranked(own.vector, positions, vectors).map((match) => ({
      ...match,
      copy: isCopy(match.similarity, own.fingerprint, entries[match.position]?.fingerprint),
    }));
  }

  return {
    add(embedding, fingerprint) {
      const vector = storedVector(embedding);
      const position = entries.push({ vector, fingerprint }) - 1;
      if (entries.length * BITS_BYTES > bits.length) {
        const larger = new Uint8Array(2 * bits.length);
        larger.set(bits);
        bits = larger;
      }
      bitsOf(vector, bits.subarray(position * BITS_BYTES, (position + 1) * BITS_BYTES));
      for (const match of matchesOf(position)) if (match.copy) pairs.push([match.position, position]);
      return position;
    },
    remove(position) {
      entries[position] = undefined;
      pairs = pairs.filter((pair) => !pair.includes(position));
    },
    nearest: (position, count) => matchesOf(position).slice(0, count),
    groups: () => connected(pairs),
  };
}

/** Connected components of the pairs. */
function connected(pairs: readonly (readonly [number, number])[]): number[][] {
  const groupOf = new Map<number, number[]>();
  for (const [one, other] of pairs) {
    const first = groupOf.get(one) ?? [one];
    const second = groupOf.get(other) ?? [other];
    if (first === second) continue;
    const both = [...first, ...second];
    for (const position of both) groupOf.set(position, both);
  }
  return [...new Set(groupOf.values())]
    .map((group) => group.sort((one, other) => one - other))
    .sort(([one = 0], [other = 0]) => one - other);
}

/**
 * The perceptual hash of a canvas.
 *
 * @param pixels RGBA, 224×224: the part of the picture that the network looks at.
 */
export function fingerprintOfPixels(pixels: Uint8ClampedArray): Uint8Array {
  const thumbnail = new Float32Array(THUMBNAIL_SIDE * THUMBNAIL_SIDE);
  const block = INPUT_SIDE / THUMBNAIL_SIDE;
  for (let y = 0, at = 0; y < INPUT_SIDE; y++) {
    const row = Math.floor(y / block) * THUMBNAIL_SIDE;
    for (let x = 0; x < INPUT_SIDE; x++, at += 4) {
      const place = row + Math.floor(x / block);
      let grey = thumbnail[place] as number;
      for (const [channel, weight] of LUMA.entries()) grey += weight * (pixels[at + channel] as number);
      thumbnail[place] = grey;
    }
  }
  return fingerprintOf(thumbnail);
}
