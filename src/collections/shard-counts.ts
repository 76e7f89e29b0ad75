/**
 * What the head of a collection in shards knows of them: the version and the counts that each has answered last.
 *
 * A shard's version only goes up, so that answers may come in any order and more than once. The collection's version is
 * the sum of what the shards have changed. A caller that goes away between a shard's answer and this leaves the head
 * behind until the shard changes again or the status is asked for; it has not been answered to.
 */
import type { Facts } from './facts.ts';

/** A shard by its number, and what it has answered. */
export type ShardFacts = Pick<Facts, 'version' | 'items' | 'labelled'> & { readonly shard: number };

/** To run within a transaction. */
export function noteShards(sql: SqlStorage, shards: readonly ShardFacts[]): void {
  let news = false;
  for (const { shard, version, items, labelled } of shards) {
    const { rowsWritten } = sql.exec(
      `INSERT INTO shards (number, version, items, labelled) VALUES (?, ?, ?, ?)
       ON CONFLICT (number) DO UPDATE
         SET version = excluded.version, items = excluded.items, labelled = excluded.labelled
         WHERE excluded.version > version`,
      shard,
      version,
      items,
      labelled,
    );
    news ||= rowsWritten > 0;
  }
  if (news)
    // Each begins at version 1, as the collection does.
    sql.exec(
      `UPDATE collection SET (version, items, labelled) =
         (SELECT 1 + sum(version - 1), sum(items), sum(labelled) FROM shards)`,
    );
}
