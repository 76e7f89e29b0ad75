/**
 * How much of what search looks through stays in memory: one account for all objects of an isolate.
 *
 * Objects of a class may share an isolate and its 128 MB, and cannot tell. What an object holds belongs to this account,
 * which takes it from those that were not asked for a while when another has need of the room; a collection that finds
 * none is read from its database, a block at a time, and has the same answers. One that is in use is never put out by
 * another: of many that do not fit together, each search would throw out what the next one wants.
 *
 * The budget is a setting, 16 MiB by default, which is 120,000 items. Of an isolate's 122 MiB one that decodes pictures at
 * their limits takes 104.5 (`src/image/ways/account.ts`), which leaves room for this and little else. Nothing says whether
 * an isolate of objects answers requests too, so it is no more; and a training may run beside it, which takes 24 MiB with
 * its examples, scores and head.
 */
import { type BitsBlock, bitsBlocks, grownBlocks, RESIDENT_ITEM_BYTES } from './item-bits.ts';

/** Unused for so long, it may be taken for another. */
export const IDLE_MILLISECONDS = 60_000;

/**
 * An object as the account knows it. After a restart there is another one under the same id, which takes nothing over:
 * what was in memory may not have been stored.
 */
export interface Holder {
  readonly id: string;
  /** Goes up when an item is removed or has another vector. New items may come at any time. */
  rewrites: number;
}

interface Held {
  readonly holder: Holder;
  /** Of the collection, when the blocks were those of all its items. */
  readonly version: number;
  readonly rewrites: number;
  readonly blocks: readonly BitsBlock[];
  readonly bytes: number;
  usedAt: number;
}

/** By ids, in the order of their last use. */
const accounts = new Map<string, Held>();

export interface Asked {
  readonly holder: Holder;
  readonly version: number;
  readonly items: number;
  /** Bytes that all objects together may hold. */
  readonly budget: number;
}

/** The bits of all items as they are, to be gone through at once. */
export function residentBits(
  sql: SqlStorage,
  { holder, version, items, budget }: Asked,
  now = Date.now(),
): Iterable<BitsBlock> {
  const { id } = holder;
  const last = accounts.get(id);
  const before = last?.holder === holder ? last : undefined;
  const bytes = items * RESIDENT_ITEM_BYTES;
  // The budget is asked first: it may be less than it was.
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

/** For a collection that is deleted: its versions begin anew. */
export function dropResidentBits({ id }: Holder): void {
  accounts.delete(id);
}

/** Bytes that are held now by all objects of the isolate. */
export function heldBytes(): number {
  return [...accounts.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** @returns whether there is room for so many bytes of this one, beside others. */
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
