/**
 * The bits of all items of a collection, in blocks: those in memory, those that an earlier search has stored, and for
 * the rest bits computed from the items' vectors.
 *
 * Reading the vectors of 100,000 items takes 100 MB, their bits 13; and an object that is idle for some seconds loses
 * its memory. So a full block is stored (`bits` in `schema.ts`), and triggers delete it as soon as one of its items is
 * removed. Positions only ever grow: no item is added to a full block.
 */
import { BITS_BYTES, bitsOf } from './bits.ts';
import { blob } from './schema.ts';

/** Items of a block: 68 kB in memory and in a row. A block that is not full is rebuilt after a change, in a few ms. */
export const BLOCK_ITEMS = 512;

const POSITION_BYTES = Float64Array.BYTES_PER_ELEMENT;

/** Bytes of an item, in memory. */
export const RESIDENT_ITEM_BYTES = BITS_BYTES + POSITION_BYTES;

export interface BitsBlock {
  /** Identifies the stored block, if it is stored: another one has another stamp. */
  readonly stamp?: number;
  /** The item of each row of bits. */
  readonly positions: Float64Array;
  /** 128 bytes per row. */
  readonly bits: Uint8Array;
}

interface Written extends Record<string, SqlStorageValue> {
  readonly stamp: number;
  readonly first: number;
  readonly last: number;
}

/**
 * The blocks that remain valid if only new items were added: the last of them may have had room for more.
 *
 * @param known all blocks that there were.
 */
export function* grownBlocks(sql: SqlStorage, known: readonly BitsBlock[]): Generator<BitsBlock, void, void> {
  const last = known.at(-1);
  const isOpen = last !== undefined && last.stamp === undefined;
  const full = isOpen ? known.slice(0, -1) : known;
  yield* full;
  const after = full.length === 0 ? 0 : lastOf(sql);
  yield* madeBlocks(sql, after, undefined, isOpen ? last : undefined);
}

/** The position up to which blocks are stored. */
function lastOf(sql: SqlStorage): number {
  return sql.exec<{ last: number | null }>('SELECT max(last) AS last FROM bits').one().last ?? 0;
}

/**
 * Stores blocks that have become full, so that the first search after adding many items need not read them all: it has
 * seconds of CPU time, and a million items would take more.
 */
export function writeBlocks(sql: SqlStorage): void {
  const after = lastOf(sql);
  const { behind } = sql
    .exec<{ behind: number }>(
      'SELECT count(*) AS behind FROM (SELECT 1 FROM items WHERE position > ? LIMIT ?)',
      after,
      BLOCK_ITEMS,
    )
    .one();
  if (behind < BLOCK_ITEMS) return;
  for (const _ of madeBlocks(sql, after));
}

/** @param known blocks in memory by their stamps. */
export function* bitsBlocks(
  sql: SqlStorage,
  known: ReadonlyMap<number, BitsBlock> = new Map(),
): Generator<BitsBlock, void, void> {
  const written = sql.exec<Written>('SELECT stamp, first, last FROM bits ORDER BY first').toArray();
  let after = 0;
  for (const { stamp, first, last } of written) {
    if (first > after + 1) yield* madeBlocks(sql, after, first);
    yield known.get(stamp) ?? readBlock(sql, stamp);
    after = last;
  }
  yield* madeBlocks(sql, after);
}

function readBlock(sql: SqlStorage, stamp: number): BitsBlock {
  const { positions, bits } = sql
    .exec<{ positions: ArrayBuffer; bits: ArrayBuffer }>(
      'SELECT positions, bits FROM bits WHERE stamp = ?',
      stamp,
    )
    .one();
  return { stamp, positions: new Float64Array(positions), bits: new Uint8Array(bits) };
}

/**
 * @param before the first position that is in a block already; undefined if there is none.
 * @param begun the beginning of the first of them.
 */
function* madeBlocks(
  sql: SqlStorage,
  after: number,
  before?: number,
  begun?: BitsBlock,
): Generator<BitsBlock, void, void> {
  let start = begun;
  for (let begin = after; ; ) {
    const block = madeBlock(sql, begin, before, start);
    start = undefined;
    const isFull = block.positions.length === BLOCK_ITEMS;
    // Up to the next block, so that the gaps of removed items are scanned only once.
    const last = isFull ? block.positions.at(-1) : before && before - 1;
    const isWritten = last !== undefined && last > begin;
    yield isWritten ? { ...block, stamp: writeBlock(sql, block, begin + 1, last) } : block;
    if (!isFull) return;
    begin = last ?? begin;
  }
}

function madeBlock(
  sql: SqlStorage,
  after: number,
  before = Number.MAX_SAFE_INTEGER,
  begun?: BitsBlock,
): BitsBlock {
  const known = begun?.positions.length ?? 0;
  // Row by row: whole blocks of vectors would be half a megabyte of garbage each.
  const rows = sql.exec<{ position: number; vector: ArrayBuffer }>(
    'SELECT position, vector FROM items WHERE position > ? AND position < ? ORDER BY position LIMIT ?',
    begun?.positions.at(-1) ?? after,
    before,
    BLOCK_ITEMS - known,
  );
  const positions = new Float64Array(BLOCK_ITEMS);
  const bits = new Uint8Array(BLOCK_ITEMS * BITS_BYTES);
  if (begun !== undefined) {
    positions.set(begun.positions);
    bits.set(begun.bits);
  }
  let count = known;
  for (const { position, vector } of rows) {
    bitsOf(new Int8Array(vector), bits.subarray(count * BITS_BYTES, (count + 1) * BITS_BYTES));
    positions[count++] = position;
  }
  return count === BLOCK_ITEMS
    ? { positions, bits }
    : { positions: positions.slice(0, count), bits: bits.slice(0, count * BITS_BYTES) };
}

function writeBlock(sql: SqlStorage, { positions, bits }: BitsBlock, first: number, last: number): number {
  const { stamp } = sql
    .exec<{ stamp: number }>(
      'INSERT INTO bits (first, last, positions, bits) VALUES (?, ?, ?, ?) RETURNING stamp',
      first,
      last,
      blob(new Uint8Array(positions.buffer, positions.byteOffset, positions.byteLength)),
      blob(bits),
    )
    .one();
  return stamp;
}
