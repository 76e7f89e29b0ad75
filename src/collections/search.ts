/**
 * Two-step search: the candidates with the fewest differing bits, then their cosines.
 *
 * The first step reads 128 bytes per item, so 12.8 MB for 100,000 items; the second reads only the stored vectors of
 * the candidates. It holds nothing but the candidates: bits may be in memory or come from rows one by one, and be
 * searched in several places, whose candidates are then compared by their cosines.
 */
import { BITS_BYTES, bitsOf } from './bits.ts';
import { kernel, layOut } from './kernel.ts';
import { DIMENSIONS, storedVector, unitVector } from './vectors.ts';

/** How many are compared exactly. Of the ten nearest they contain 99 %: `npm run eval -- copies FOLDER --originals`. */
export const CANDIDATES = 128;

/** Rows of bits per call: 64 kB, which fit into the processor's cache. */
const ROWS_AT_ONCE = 512;

/** A row, by the caller's own number, and its cosine to the question: −1 to 1. */
export interface Match {
  readonly position: number;
  readonly similarity: number;
}

export interface Candidates {
  /**
   * Searches some rows.
   *
   * @param bits 128 bytes per row.
   * @param positionOf the caller's number of each row, from 0; the same row offered twice is found twice.
   * @param isWanted called only for rows that are near enough.
   */
  offer(
    bits: Uint8Array,
    positionOf: (row: number) => number,
    isWanted?: (position: number) => boolean,
  ): void;
  /** Positions of the nearest so far, the nearest first. Of equally near rows, the first ones offered. */
  positions(): number[];
}

/**
 * @param embedding what is searched for: 1024 numbers of any scale.
 * @param most how many are kept: at least the number of matches.
 * @param within most differing bits, of 1024.
 */
export function candidatesOf(
  embedding: ArrayLike<number>,
  most = CANDIDATES,
  within = Number.POSITIVE_INFINITY,
): Candidates {
  const question = bitsOf(storedVector(embedding));
  const positions: number[] = [];
  const distances: number[] = [];

  function keep(position: number, distance: number): void {
    let at = positions.length;
    while (at > 0 && (distances[at - 1] as number) > distance) at--;
    positions.splice(at, 0, position);
    distances.splice(at, 0, distance);
    if (positions.length > most) {
      positions.pop();
      distances.pop();
    }
  }

  return {
    offer(bits, positionOf, isWanted = () => true) {
      const rows = Math.floor(bits.length / BITS_BYTES);
      // Between two calls other code may use the memory; this call is not interrupted.
      const places = layOut({
        question: BITS_BYTES / 4,
        rows: (ROWS_AT_ONCE * BITS_BYTES) / 4,
        differences: ROWS_AT_ONCE,
      });
      const { memory, differences } = kernel();
      const bytes = new Uint8Array(memory.buffer);
      const found = new Int32Array(memory.buffer, places.differences.at, ROWS_AT_ONCE);
      bytes.set(question, places.question.at);
      let farthest = positions.length < most ? within + 1 : (distances[most - 1] as number);
      for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
        const count = Math.min(ROWS_AT_ONCE, rows - first);
        bytes.set(bits.subarray(first * BITS_BYTES, (first + count) * BITS_BYTES), places.rows.at);
        differences(places.question.at, places.rows.at, count, places.differences.at);
        for (let i = 0; i < count; i++) {
          const distance = found[i] as number;
          if (distance >= farthest) continue;
          const position = positionOf(first + i);
          if (!isWanted(position)) continue;
          keep(position, distance);
          if (positions.length === most) farthest = distances[most - 1] as number;
        }
      }
    },
    positions: () => [...positions],
  };
}

/**
 * The nearest of some candidates, by their vectors.
 *
 * @param embedding what is searched for: 1024 numbers of any scale.
 * @param vectors stored vectors of the candidates, concatenated, in the order of `positions`, and no others.
 * @returns all of them, the nearest first; of equally near ones, the lower position first.
 */
export function ranked(
  embedding: ArrayLike<number>,
  positions: readonly number[],
  vectors: Int8Array,
): Match[] {
  const count = positions.length;
  const places = layOut({ question: DIMENSIONS, rows: (count * DIMENSIONS) / 4, sums: 2 * count });
  unitVector(embedding, places.question.floats);
  const { memory, byteProducts } = kernel();
  new Int8Array(memory.buffer, places.rows.at, count * DIMENSIONS).set(vectors);
  byteProducts(places.question.at, places.rows.at, count, places.sums.at);
  const sums = places.sums.floats;
  return positions
    .map((position, i) => {
      const squares = sums[2 * i + 1] as number;
      return { position, similarity: squares === 0 ? 0 : (sums[2 * i] as number) / Math.sqrt(squares) };
    })
    .sort((one, other) => other.similarity - one.similarity || one.position - other.position);
}
