/** Which shard an item is in. It is never to change: items would not be found again. */

/** Most shards of a collection: a million items in 17 are 58,824 each, and a prime divides any hash evenly. */
export const MAX_SHARDS = 17;

const encoder = new TextEncoder();

/**
 * FNV-1a of the id in UTF-8, mixed as MurmurHash3 ends: ids that differ in their last character alone go anywhere.
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
