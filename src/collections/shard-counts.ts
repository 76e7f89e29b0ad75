/**
 * The version and the counts that each shard has last reported, in the collection's own object.
 *
 * A shard's version only goes up, so reports may arrive in any order and more than once. The collection's version is
 * the sum of the shards' changes. If a caller disconnects between a shard's answer and this update, the counts lag
 * behind until the shard changes again or the status is requested; that caller got no answer.
 */
import type { Facts } from './facts.ts';

/** A shard by its number, and its report. */
export type ShardFacts = Pick<Facts, 'version' | 'items' | 'labelled'> & { readonly shard: number };

/** Call it within a transaction. */
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
