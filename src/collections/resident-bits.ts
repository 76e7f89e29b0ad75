/**
 * Accounts for the bits that stay in memory for search: one account for all objects of an isolate.
 *
 * Objects of a class may share an isolate and its 128 MB, and cannot tell. This account owns what they hold, and evicts
 * objects that were not searched for a while when another needs the room. A collection without room is read from its
 * database, one block at a time, with the same answers. An object in use is never evicted by another: of many that do
 * not fit together, each search would evict what the next one needs.
 *
 * The budget is a setting, 16 MiB by default, enough for 120,000 items. Of an isolate's 122 MiB, one that decodes
 * pictures at their limits takes 103.3 (`src/image/ways/account.ts`), which leaves room for this and little else.
 * Objects may or may not share an isolate with requests, so the default is no more; and a training, which takes 24 MiB
 * with its examples, scores and head, may run at the same time.
 */
import { type BitsBlock, bitsBlocks, grownBlocks, RESIDENT_ITEM_BYTES } from './item-bits.ts';

/** After this time without a search, it may be evicted for another. */
export const IDLE_MILLISECONDS = 60_000;

/**
 * An object as the account knows it. After a restart another one has the same id and inherits nothing, because what was
 * in memory may not have been stored.
 */
export interface Holder {
  readonly id: string;
  /** Goes up when an item is removed or gets another vector. New items may be added at any time. */
  rewrites: number;
}

interface Held {
  readonly holder: Holder;
  /** Version of the collection at which the blocks covered all its items. */
  readonly version: number;
  readonly rewrites: number;
  readonly blocks: readonly BitsBlock[];
  readonly bytes: number;
  usedAt: number;
}

/** By id, in the order of last use. */
const accounts = new Map<string, Held>();

export interface Asked {
  readonly holder: Holder;
  readonly version: number;
  readonly items: number;
  /** Bytes that all objects together may hold. */
  readonly budget: number;
}

/** The bits of all present items, for immediate use. */
export function residentBits(
  sql: SqlStorage,
  { holder, version, items, budget }: Asked,
  now = Date.now(),
): Iterable<BitsBlock> {
  const { id } = holder;
  const last = accounts.get(id);
  const before = last?.holder === holder ? last : undefined;
  const bytes = items * RESIDENT_ITEM_BYTES;
  // The budget is checked first, because it may have been lowered.
  if (!makeRoom(id, bytes, budget, now)) {
    accounts.delete(id);
    return bitsBlocks(sql);
  }
  const blocks = before?.version === version ? before.blocks : newBlocks(sql, holder, before);
  accounts.delete(id);
  accounts.set(id, { holder, version, rewrites: holder.rewrites, blocks, bytes, usedAt: now });
  return blocks;
}

function newBlocks(sql: SqlStorage, { rewrites }: Holder, before: Held | undefined): readonly BitsBlock[] {
  return before?.rewrites === rewrites
    ? [...grownBlocks(sql, before.blocks)]
    : [...bitsBlocks(sql, byStamp(before))];
}

/** For a deleted collection, whose versions start again. */
export function dropResidentBits({ id }: Holder): void {
  accounts.delete(id);
}

/** Bytes held by all objects of the isolate. */
export function heldBytes(): number {
  return [...accounts.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** @returns whether there is room for this many bytes of this object in addition to others. */
function makeRoom(id: string, bytes: number, budget: number, now: number): boolean {
  let others = heldBytes() - (accounts.get(id)?.bytes ?? 0);
  for (const [other, { bytes: theirs, usedAt }] of accounts) {
    if (others + bytes <= budget) return true;
    if (other === id || now - usedAt < IDLE_MILLISECONDS) continue;
    accounts.delete(other);
    others -= theirs;
  }
  return others + bytes <= budget;
}

function byStamp(held: Held | undefined): ReadonlyMap<number, BitsBlock> {
  return new Map(held?.blocks.flatMap((block) => (block.stamp === undefined ? [] : [[block.stamp, block]])));
}
