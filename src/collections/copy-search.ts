/**
 * Finds the older item that an item is a copy of.
 *
 * The bits select the candidates: those that differ in no more than `NEAR_BITS`, and of these the nearest. So among few
 * items hardly a row is read for an item without a copy, and among many at most `MOST_LOOKED_AT`.
 */
import { isCopy, NEAR_BITS } from './copies.ts';
import type { BitsBlock } from './item-bits.ts';
import { candidatesOf, ranked } from './search.ts';
import { DIMENSIONS } from './vectors.ts';

/** Of 100,000 different photos some two hundred are within `NEAR_BITS`, and hardly a copy is farther than the nearest of them. */
const MOST_LOOKED_AT = 32;

/**
 * The position of an item among others: in its own object by its position, elsewhere by the time it was added and its
 * id.
 */
export interface Age {
  /** Undefined if the item is in another object. */
  readonly position?: number;
  /** Milliseconds since 1970. */
  readonly added: number;
  readonly id: string;
}

/** An item whose original is sought. */
export interface CopyQuestion {
  readonly age: Age;
  readonly vector: Int8Array;
  readonly fingerprint?: Uint8Array;
}

/** The item that another is a copy of; of several, the one that was added first. */
export interface Original {
  readonly id: string;
  readonly label: string | null;
  /** Cosine of the embeddings: −1 to 1. */
  readonly similarity: number;
  readonly added: number;
}

/** What determines whether an item is a copy, and of which. */
export interface CopyRow extends Record<string, SqlStorageValue> {
  readonly position: number;
  readonly id: string;
  readonly label: string | null;
  readonly vector: ArrayBuffer;
  readonly fingerprint: ArrayBuffer | null;
  readonly added: number;
}

/** Two items of the same millisecond in different objects are ordered by id: any stable order will do. */
export function isOlder(one: Age, other: Age): boolean {
  if (one.position !== undefined && other.position !== undefined) return one.position < other.position;
  return one.added < other.added || (one.added === other.added && one.id < other.id);
}

/**
 * Only items that were added before count, so that the same items always have the same originals, and of two copies
 * exactly one is the original.
 *
 * @param blocks the bits of all items.
 * @returns one for each question, undefined if it is not a copy.
 */
export function originalsOf(
  sql: SqlStorage,
  blocks: Iterable<BitsBlock>,
  questions: readonly CopyQuestion[],
): (Original | undefined)[] {
  const sought = questions.map((question) => {
    const embedding = Float32Array.from(question.vector);
    return { question, embedding, near: candidatesOf(embedding, MOST_LOOKED_AT, NEAR_BITS) };
  });
  // Blocks in the outer loop, because each may have to be read.
  for (const { positions, bits } of blocks) {
    for (const { question, near } of sought) {
      const { position: own = Number.POSITIVE_INFINITY } = question.age;
      // There are as many positions as rows.
      near.offer(
        bits,
        (row) => positions[row] ?? 0,
        (position) => position < own,
      );
    }
  }
  return sought.map(({ question, embedding, near }) =>
    oldestCopy(rowsOf(sql, near.positions()), embedding, question),
  );
}

function rowsOf(sql: SqlStorage, positions: readonly number[]): readonly CopyRow[] {
  return positions.map((position) =>
    sql
      .exec<CopyRow>(
        'SELECT position, id, label, vector, fingerprint, added FROM items WHERE position = ?',
        position,
      )
      .one(),
  );
}

function oldestCopy(
  rows: readonly CopyRow[],
  embedding: Float32Array,
  { age, fingerprint }: CopyQuestion,
): Original | undefined {
  const older = rows.filter((row) => isOlder(row, age));
  if (older.length === 0) return undefined;
  const vectors = new Int8Array(older.length * DIMENSIONS);
  for (const [index, { vector }] of older.entries()) vectors.set(new Int8Array(vector), index * DIMENSIONS);
  const indexes = [...older.keys()];
  let oldest: (Original & Age) | undefined;
  for (const { position: index, similarity } of ranked(embedding, indexes, vectors)) {
    const row = older[index];
    if (row === undefined || (oldest !== undefined && isOlder(oldest, row))) continue;
    const theirs = row.fingerprint === null ? undefined : new Uint8Array(row.fingerprint);
    if (isCopy(similarity, fingerprint, theirs)) oldest = { ...row, similarity };
  }
  if (oldest === undefined) return undefined;
  const { id, label, similarity, added } = oldest;
  return { id, label, similarity, added };
}
