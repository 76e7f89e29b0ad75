/**
 * Heads in SQLite, by version, in rows of a size that the platform allows. `head-versions.ts` decides which are kept.
 */

import type { Examples } from './head-training.ts';
import { blob } from './schema.ts';
import { DIMENSIONS } from './vectors.ts';

/** A row may have 2 MB. */
const PART_BYTES = 1_000_000;

/** Examples in the order of their ids, so that the same ones give the same head. */
export function readExamples(sql: SqlStorage, count: number): Examples {
  const ids: string[] = [];
  const labels: string[] = [];
  const vectors = new Int8Array(count * DIMENSIONS);
  const rows = sql.exec<{ id: string; label: string; vector: ArrayBuffer }>(
    'SELECT id, label, vector FROM items WHERE label IS NOT NULL ORDER BY id',
  );
  for (const { id, label, vector } of rows) {
    vectors.set(new Int8Array(vector), ids.length * DIMENSIONS);
    ids.push(id);
    labels.push(label);
  }
  return { ids, labels, vectors };
}

/** Writes a head in place of one under the same version. */
export function writeHead(sql: SqlStorage, version: number, head: Uint8Array): void {
  removeHead(sql, version);
  for (let at = 0, part = 0; at < head.byteLength; at += PART_BYTES, part++) {
    sql.exec(
      'INSERT INTO heads (version, part, bytes) VALUES (?, ?, ?)',
      version,
      part,
      blob(head.subarray(at, at + PART_BYTES)),
    );
  }
}

export function removeHead(sql: SqlStorage, version: number): void {
  sql.exec('DELETE FROM heads WHERE version = ?', version);
}

/** @returns undefined if there is none of that version. */
export function readHead(sql: SqlStorage, version: number): Uint8Array<ArrayBuffer> | undefined {
  const { bytes } = sql
    .exec<{ bytes: number | null }>(
      'SELECT sum(length(bytes)) AS bytes FROM heads WHERE version = ?',
      version,
    )
    .one();
  if (bytes === null) return undefined;
  const head = new Uint8Array(bytes);
  let at = 0;
  for (const row of sql.exec<{ bytes: ArrayBuffer }>(
    'SELECT bytes FROM heads WHERE version = ? ORDER BY part',
    version,
  )) {
    head.set(new Uint8Array(row.bytes), at);
    at += row.bytes.byteLength;
  }
  return head;
}
