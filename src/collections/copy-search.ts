/**
 * Which older item an item is a copy of.
 *
 * The bits choose whom to look at: those that differ in no more than `NEAR_BITS`, and of them the nearest. So among few
 * items hardly a row is read for one that has no copy, and among many no more than `MOST_LOOKED_AT`.
 */
import { isCopy, NEAR_BITS } from './copies.ts';
import type { BitsBlock } from './item-bits.ts';
import { candidatesOf, ranked } from './search.ts';
import { DIMENSIONS } from './vectors.ts';

/** Of 100,000 different photos some two hundred are within `NEAR_BITS`, and hardly a copy is farther than the nearest of them. */
const MOST_LOOKED_AT = 32;

/** Where an item stands among others: by its place in its own object, and elsewhere by when it was added and its id. */
export interface Age {
  /** Undefined where the item is in another object. */
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

/** The item that another one is a copy of: of all that it is a copy of, the one that was added first. */
export interface Original {
  readonly id: string;
  readonly label: string | null;
  /** Cosine of the embeddings: −1 to 1. */
  readonly similarity: number;
  readonly added: number;
}

/** What of an item says whether it is a copy, and of which. */
export interface CopyRow extends Record<string, SqlStorageValue> {
  readonly position: number;
  readonly id: string;
  readonly label: string | null;
  readonly vector: ArrayBuffer;
  readonly fingerprint: ArrayBuffer | null;
  readonly added: number;
}

/** Two items of one millisecond in two objects are ordered by their ids: any order will do, if it stays the same. */
export function isOlder(one: Age, other: Age): boolean {
  if (one.position !== undefined && other.position !== undefined) return one.position < other.position;
  return one.added < other.added || (one.added === other.added && one.id < other.id);
}

/**
 * Only items that were added before count, so that the same items have the same originals whenever it is asked, and of
 * two copies one is the original of the other and never both.
 *
 * @param blocks the bits of all items.
 * @returns one for each question, undefined where it is a copy of none.
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
  // Blocks outside, because each may have to be read.
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
