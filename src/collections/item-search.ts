/**
 * The items most like a picture: first those with the fewest differing bits, of which 128 bytes an item are in memory,
 * then their cosines by the stored vectors.
 */
import { BITS_BYTES, bitsOf } from './bits.ts';
import { isCopy } from './copies.ts';
import { CANDIDATES, candidatesOf, ranked } from './search.ts';
import { DIMENSIONS } from './vectors.ts';

export interface SearchQuery {
  /** 1024 numbers of any scale. */
  readonly embedding: Float32Array;
  /** Of the picture, where there is one: without it fewer copies are told. */
  readonly fingerprint?: Uint8Array;
  /** At most 100. */
  readonly limit: number;
  readonly minSimilarity: number;
  readonly label?: string;
}

/** The same for an item, by its own vector. */
export type SearchById = Omit<SearchQuery, 'embedding' | 'fingerprint'> & { readonly id: string };

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

/** The bits of all items of one collection, and which item each row is of. */
export interface ItemBits {
  readonly positions: number[];
  bits: Uint8Array;
}

/** Rows for which there is room at first. */
const LEAST_ROWS = 1024;

/** Reads the bits of items that `known` does not have yet: those behind its last. Rows are read one by one. */
export function readBits(
  sql: SqlStorage,
  known: ItemBits = { positions: [], bits: new Uint8Array() },
): ItemBits {
  const rows = sql.exec<{ position: number; vector: ArrayBuffer }>(
    'SELECT position, vector FROM items WHERE position > ? ORDER BY position',
    known.positions.at(-1) ?? 0,
  );
  for (const { position, vector } of rows) {
    const at = known.positions.length * BITS_BYTES;
    if (at + BITS_BYTES > known.bits.length) known.bits = grown(known.bits);
    bitsOf(new Int8Array(vector), known.bits.subarray(at, at + BITS_BYTES));
    known.positions.push(position);
  }
  return known;
}

function grown(bits: Uint8Array): Uint8Array {
  const more = new Uint8Array(Math.max(LEAST_ROWS * BITS_BYTES, 2 * bits.length));
  more.set(bits);
  return more;
}

interface Row extends Record<string, SqlStorageValue> {
  readonly position: number;
  readonly id: string;
  readonly label: string | null;
  readonly metadata: string | null;
  readonly vector: ArrayBuffer;
  readonly fingerprint: ArrayBuffer | null;
}

export function searchItems(
  sql: SqlStorage,
  { positions, bits }: ItemBits,
  { embedding, fingerprint, limit, minSimilarity, label }: SearchQuery,
): FoundItem[] {
  const wanted = label === undefined ? undefined : positionsOf(sql, label);
  const candidates = candidatesOf(embedding, Math.max(CANDIDATES, 2 * limit));
  candidates.offer(
    bits.subarray(0, positions.length * BITS_BYTES),
    // The rows are as many as the positions.
    (row) => positions[row] ?? 0,
    wanted && ((position) => wanted.has(position)),
  );
  const rows = candidates
    .positions()
    .map((position) =>
      sql
        .exec<Row>(
          'SELECT position, id, label, metadata, vector, fingerprint FROM items WHERE position = ?',
          position,
        )
        .one(),
    );
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

function positionsOf(sql: SqlStorage, label: string): ReadonlySet<number> {
  const rows = sql.exec<{ position: number }>('SELECT position FROM items WHERE label = ?', label);
  return new Set(rows.toArray().map(({ position }) => position));
}

/** What an item is searched for by: its own vector and fingerprint. */
export function itemAsQuestion(
  sql: SqlStorage,
  id: string,
): Pick<SearchQuery, 'embedding' | 'fingerprint'> | undefined {
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
