/** Items in SQLite. Call these functions within a transaction: they may change several rows, and the counts once. */
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { countChange } from './collection-row.ts';
import type { Change, Item, ItemPage, ListQuery, NewItem, Outcome } from './item.ts';
import type { Quotas } from './quotas.ts';
import { blob } from './schema.ts';

interface Row extends Record<string, SqlStorageValue> {
  readonly position: number;
  readonly id: string;
  readonly label: string | null;
  readonly metadata: string | null;
  readonly added: number;
}

const ROW = 'position, id, label, metadata, added';

/** Adds items, or replaces those with the same id. An item beyond a quota fails alone. */
export function addItems(sql: SqlStorage, items: readonly NewItem[], quotas: Quotas): Result<Outcome>[] {
  let [changed, taught] = [false, false];
  const outcomes = items.map((item): Result<Outcome> => {
    const before = rowOf(sql, item.id);
    const over = overQuota(sql, quotas, before, item.label ?? null);
    if (over !== undefined) return fail(over);
    if (before !== undefined && isSame(sql, before, item)) return ok('unchanged');
    write(sql, item);
    changed = true;
    taught ||= item.label !== undefined || (before?.label ?? null) !== null;
    return ok(before === undefined ? 'added' : 'replaced');
  });
  if (changed) countChange(sql, taught);
  return outcomes;
}

function write(sql: SqlStorage, { id, label, metadata, vector, fingerprint }: NewItem): void {
  sql.exec(
    `INSERT INTO items (id, label, metadata, vector, fingerprint, added) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET label = excluded.label, metadata = excluded.metadata,
       vector = excluded.vector, fingerprint = excluded.fingerprint`,
    id,
    label ?? null,
    metadata ?? null,
    blob(vector),
    fingerprint === undefined ? null : blob(fingerprint),
    Date.now(),
  );
}

function isSame(sql: SqlStorage, before: Row, item: NewItem): boolean {
  if (before.label !== (item.label ?? null) || before.metadata !== (item.metadata ?? null)) return false;
  const { vector } = sql
    .exec<{ vector: ArrayBuffer }>('SELECT vector FROM items WHERE position = ?', before.position)
    .one();
  const stored = new Int8Array(vector);
  return stored.length === item.vector.length && stored.every((value, at) => value === item.vector[at]);
}

/** @param before the existing item, if any. @param label its new label. */
function overQuota(
  sql: SqlStorage,
  quotas: Quotas,
  before: Row | undefined,
  label: string | null,
): Failure | undefined {
  const { items, labelled } = sql
    .exec<{ items: number; labelled: number }>('SELECT items, labelled FROM collection')
    .one();
  if (before === undefined && items >= quotas.items)
    return { code: 'quota_reached', of: 'items', limit: quotas.items };
  if (label === null || label === before?.label) return undefined;
  if ((before?.label ?? null) === null && labelled >= quotas.labelledItems)
    return { code: 'quota_reached', of: 'labelled_items', limit: quotas.labelledItems };
  const { known, labels } = sql
    .exec<{ known: number; labels: number }>(
      'SELECT count(*) AS labels, count(*) FILTER (WHERE label = ?) AS known FROM labels',
      label,
    )
    .one();
  return known === 0 && labels >= quotas.labels
    ? { code: 'quota_reached', of: 'labels', limit: quotas.labels }
    : undefined;
}

export function itemOf(sql: SqlStorage, id: string): Result<Item> {
  const row = rowOf(sql, id);
  return row === undefined ? fail({ code: 'item_unknown' }) : ok(item(row));
}

export function changeItem(sql: SqlStorage, id: string, change: Change, quotas: Quotas): Result<Item> {
  const before = rowOf(sql, id);
  if (before === undefined) return fail({ code: 'item_unknown' });
  const label = change.label === undefined ? before.label : change.label;
  const metadata = change.metadata === undefined ? before.metadata : change.metadata;
  const over = overQuota(sql, quotas, before, label);
  if (over !== undefined) return fail(over);
  if (label !== before.label || metadata !== before.metadata) {
    sql.exec('UPDATE items SET label = ?, metadata = ? WHERE position = ?', label, metadata, before.position);
    countChange(sql, label !== before.label);
  }
  return ok(item({ ...before, label, metadata }));
}

export function removeItem(sql: SqlStorage, id: string): Result<number> {
  const before = rowOf(sql, id);
  if (before === undefined) return fail({ code: 'item_unknown' });
  sql.exec('DELETE FROM items WHERE position = ?', before.position);
  countChange(sql, before.label !== null);
  return ok(1);
}

/** @returns how many there were. */
export function removeLabelled(sql: SqlStorage, label: string): number {
  const [counted] = sql.exec<{ items: number }>('SELECT items FROM labels WHERE label = ?', label).toArray();
  if (counted === undefined) return 0;
  sql.exec('DELETE FROM items WHERE label = ?', label);
  countChange(sql, true);
  return counted.items;
}

/** Positions only ever grow, so a page stays correct whatever is added or removed meanwhile. */
export function listItems(sql: SqlStorage, { after, label, limit }: ListQuery): ItemPage {
  // One more than requested tells whether there is a next page.
  const rows =
    label === undefined
      ? sql.exec<Row>(
          `SELECT ${ROW} FROM items WHERE position > ? ORDER BY position LIMIT ?`,
          after,
          limit + 1,
        )
      : sql.exec<Row>(
          `SELECT ${ROW} FROM items WHERE label = ? AND position > ? ORDER BY position LIMIT ?`,
          label,
          after,
          limit + 1,
        );
  const found = rows.toArray();
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(item),
    ...(found.length > limit && last !== undefined ? { after: last.position } : {}),
  };
}

/** Labels in order, each with its number of items. */
export function labelCounts(sql: SqlStorage): readonly { readonly label: string; readonly items: number }[] {
  return sql
    .exec<{ label: string; items: number }>('SELECT label, items FROM labels ORDER BY label')
    .toArray();
}

function rowOf(sql: SqlStorage, id: string): Row | undefined {
  return sql.exec<Row>(`SELECT ${ROW} FROM items WHERE id = ?`, id).toArray()[0];
}

function item({ id, label, metadata, added }: Row): Item {
  return { id, label, metadata, added };
}
