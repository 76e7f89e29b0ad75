/** The shard of an item. It must never change, because items would not be found again. */

/** Most shards of a collection: a million items in 17 are 58,824 each, and a prime distributes any hash evenly. */
export const MAX_SHARDS = 17;

const encoder = new TextEncoder();

/**
 * FNV-1a of the id in UTF-8, with MurmurHash3's finalizer, so that ids with a common beginning are spread evenly.
 *
 * @returns 0 to `shards` − 1.
 */
export function shardOf(id: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (const byte of encoder.encode(id)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % shards;
}
