/** Items with everything that is stored of them, in the order in which they were added. */
import { fail, ok, type Result } from '../failure.ts';

export interface ExportQuery {
  /** The page begins after this position, or after the item with this id. */
  readonly after: number | string;
  readonly limit: number;
}

export interface ExportedItem {
  readonly id: string;
  readonly label: string | null;
  /** JSON. */
  readonly metadata: string | null;
  /** 1024 bytes, signed. */
  readonly vector: ArrayBuffer;
  /** 8 bytes, if there was a picture. */
  readonly fingerprint: ArrayBuffer | null;
  /** Milliseconds since 1970. */
  readonly added: number;
}

export interface ExportPage {
  /** Number of all items. */
  readonly embeddingSpace: string;
  readonly items: readonly ExportedItem[];
  /** Where the next page begins; undefined if there is none. */
  readonly after?: number;
}

interface Row extends Record<string, SqlStorageValue>, ExportedItem {
  readonly position: number;
}

/** @returns `item_unknown` if the page is to begin after an item that does not exist. */
export function exportItems(
  sql: SqlStorage,
  embeddingSpace: string,
  { after, limit }: ExportQuery,
): Result<ExportPage> {
  const from = typeof after === 'number' ? after : positionOf(sql, after);
  if (from === undefined) return fail({ code: 'item_unknown' });
  // One more than requested tells whether there is a next page.
  const rows = sql
    .exec<Row>(
      `SELECT position, id, label, metadata, vector, fingerprint, added FROM items
       WHERE position > ? ORDER BY position LIMIT ?`,
      from,
      limit + 1,
    )
    .toArray();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return ok({
    embeddingSpace,
    items: page.map(({ position: _, ...item }) => item),
    ...(rows.length > limit && last !== undefined ? { after: last.position } : {}),
  });
}

function positionOf(sql: SqlStorage, id: string): number | undefined {
  const [row] = sql.exec<{ position: number }>('SELECT position FROM items WHERE id = ?', id).toArray();
  return row?.position;
}
