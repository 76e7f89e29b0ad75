/**
 * The items most similar to a picture: first by the fewest differing bits, 128 bytes per item, then by cosines of the
 * stored vectors.
 */
import { isCopy } from './copies.ts';
import type { BitsBlock } from './item-bits.ts';
import { CANDIDATES, candidatesOf, ranked } from './search.ts';
import { DIMENSIONS } from './vectors.ts';

export interface SearchQuery {
  /** 1024 numbers of any scale. */
  readonly embedding: Float32Array;
  /** The picture's, if there is one: without it fewer copies are found. */
  readonly fingerprint?: Uint8Array;
  /** At most 100. */
  readonly limit: number;
  readonly minSimilarity: number;
  readonly label?: string;
  /** How many are compared by their vectors; by default as many as one object needs. */
  readonly candidates?: number;
}

/** The same for an item, by its own vector. */
export type SearchById = Omit<SearchQuery, 'embedding' | 'fingerprint'> & { readonly id: string };

/** What is needed to search for an item that is elsewhere. */
export type ItemQuestion = Pick<SearchQuery, 'embedding' | 'fingerprint'>;

export interface FoundItem {
  readonly id: string;
  readonly label: string | null;
  /** JSON. */
  readonly metadata: string | null;
  /** Cosine of the embeddings: −1 to 1. */
  readonly similarity: number;
  /** Whether it is the same photo, perhaps edited. */
  readonly copy: boolean;
}

interface Row extends Record<string, SqlStorageValue> {
  readonly position: number;
  readonly id: string;
  readonly label: string | null;
  readonly metadata: string | null;
  readonly vector: ArrayBuffer;
  readonly fingerprint: ArrayBuffer | null;
}

/** @param blocks the bits of all items. */
export function searchItems(
  sql: SqlStorage,
  blocks: Iterable<BitsBlock>,
  { embedding, fingerprint, limit, minSimilarity, label, candidates: most }: SearchQuery,
): FoundItem[] {
  const wanted = label === undefined ? undefined : positionsOf(sql, label);
  const candidates = candidatesOf(embedding, most ?? candidatesFor(limit));
  for (const { bits, positions } of blocks) {
    candidates.offer(
      bits,
      // There are as many positions as rows.
      (row) => positions[row] ?? 0,
      wanted && ((position) => wanted.has(position)),
    );
  }
  // One statement for all of them.
  const rows = sql
    .exec<Row>(
      `SELECT position, id, label, metadata, vector, fingerprint FROM items
       WHERE position IN (SELECT value FROM json_each(?))`,
      JSON.stringify(candidates.positions()),
    )
    .toArray();
  const vectors = new Int8Array(rows.length * DIMENSIONS);
  for (const [index, { vector }] of rows.entries()) vectors.set(new Int8Array(vector), index * DIMENSIONS);
  const byPosition = new Map(rows.map((row) => [row.position, row]));
  return ranked(
    embedding,
    rows.map(({ position }) => position),
    vectors,
  )
    .filter(({ similarity }) => similarity >= minSimilarity)
    .slice(0, limit)
    .flatMap(({ position, similarity }) => {
      const row = byPosition.get(position);
      if (row === undefined) return [];
      const { id, label: its, metadata, fingerprint: theirs } = row;
      const copy = isCopy(similarity, fingerprint, theirs === null ? undefined : new Uint8Array(theirs));
      return [{ id, label: its, metadata, similarity, copy }];
    });
}

/** How many must be compared by their vectors to find the nearest. */
export function candidatesFor(limit: number): number {
  return Math.max(CANDIDATES, 2 * limit);
}

function positionsOf(sql: SqlStorage, label: string): ReadonlySet<number> {
  const rows = sql.exec<{ position: number }>('SELECT position FROM items WHERE label = ?', label);
  return new Set(rows.toArray().map(({ position }) => position));
}

/** What is needed to search for an item: its vector and fingerprint. */
export function itemAsQuestion(sql: SqlStorage, id: string): ItemQuestion | undefined {
  const [row] = sql
    .exec<{ vector: ArrayBuffer; fingerprint: ArrayBuffer | null }>(
      'SELECT vector, fingerprint FROM items WHERE id = ?',
      id,
    )
    .toArray();
  if (row === undefined) return undefined;
  const embedding = Float32Array.from(new Int8Array(row.vector));
  return { embedding, ...(row.fingerprint === null ? {} : { fingerprint: new Uint8Array(row.fingerprint) }) };
}

/** The items most similar to another one, which is not among them. @returns undefined if that one does not exist. */
export function searchLike(
  sql: SqlStorage,
  blocks: Iterable<BitsBlock>,
  { id, ...asked }: SearchById,
): FoundItem[] | undefined {
  const question = itemAsQuestion(sql, id);
  if (question === undefined) return undefined;
  const found = searchItems(sql, blocks, { ...asked, ...question, limit: asked.limit + 1 });
  return withoutItem(found, id).slice(0, asked.limit);
}

export function withoutItem(found: readonly FoundItem[], id: string): FoundItem[] {
  return found.filter((one) => one.id !== id);
}
