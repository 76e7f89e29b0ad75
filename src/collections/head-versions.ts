/**
 * The heads that a collection keeps: each is a version that can be activated again. Call these functions within a
 * transaction.
 *
 * Only the newest trained one has its examples. Others keep weights and means, without ids and vectors, so that a
 * removed item is not listed among the nearest for as long as a version lives.
 */
import { type Failure, fail, ok, type Result } from '../failure.ts';
import type { Facts } from './facts.ts';
import { type Head, withoutExamples } from './head.ts';
import { decodeHead, encodeHead } from './head-bytes.ts';
import { reportOf } from './head-report.ts';
import { readHead, removeHead, writeHead } from './head-store.ts';

/** How many heads are kept. One with 200 labels has 1.6 MB without its examples. */
export const KEPT_VERSIONS = 10;

export interface HeadVersion {
  /** Version of the collection that it was trained on, or that its import created. */
  readonly version: number;
  readonly source: 'trained' | 'imported';
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly labels: number;
  /** Number of items that it was trained on; for an imported head, as it states. */
  readonly examples: number;
  /** Leave-one-out accuracy, 0–1, if there are enough examples. */
  readonly accuracy?: number;
}

interface Row extends Record<string, SqlStorageValue> {
  readonly version: number;
  readonly source: string;
  readonly created: number;
  readonly labels: number;
  readonly examples: number;
  readonly accuracy: number | null;
}

/** A separate table, so that a collection that was made without it gets it on first use. */
const TABLE = `CREATE TABLE IF NOT EXISTS versions (
  version INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  created INTEGER NOT NULL,
  labels INTEGER NOT NULL,
  examples INTEGER NOT NULL,
  accuracy REAL,
  has_examples INTEGER NOT NULL,
  active INTEGER NOT NULL
) STRICT`;

/** The activated version; undefined if the newest answers. */
export function activeVersion(sql: SqlStorage): number | undefined {
  return selected(sql, 'active = 1')[0];
}

/** The newest version that was trained here. */
export function trainedVersion(sql: SqlStorage): number | undefined {
  return selected(sql, "source = 'trained' AND has_examples = 1")[0];
}

/** The numbers of the kept versions, the newest first. */
export function keptVersions(sql: SqlStorage): number[] {
  return selected(sql, 'TRUE');
}

/** Versions that meet an SQL condition, the newest first. */
function selected(sql: SqlStorage, condition: string): number[] {
  sql.exec(TABLE);
  return sql
    .exec<{ version: number }>(`SELECT version FROM versions WHERE ${condition} ORDER BY version DESC`)
    .toArray()
    .map(({ version }) => version);
}

/** The newest first. */
export function listVersions(sql: SqlStorage): HeadVersion[] {
  sql.exec(TABLE);
  return sql
    .exec<Row>(
      'SELECT version, source, created, labels, examples, accuracy FROM versions ORDER BY version DESC',
    )
    .toArray()
    .map(({ source, accuracy, ...row }) => ({
      ...row,
      source: source === 'imported' ? 'imported' : 'trained',
      ...(accuracy === null ? {} : { accuracy }),
    }));
}

/** @returns a head without its examples, as bytes; `version_unknown` if it is not kept. */
export function versionBytes(sql: SqlStorage, version: number): Result<Uint8Array<ArrayBuffer>> {
  sql.exec(TABLE);
  const [row] = sql
    .exec<{ has_examples: number }>('SELECT has_examples FROM versions WHERE version = ?', version)
    .toArray();
  const bytes = row && readHead(sql, version);
  if (bytes === undefined) return fail(unknownVersion(sql));
  const whole = row?.has_examples === 1 ? decodeHead(bytes.buffer) : undefined;
  return ok(whole === undefined ? bytes : encodeHead(withoutExamples(whole)));
}

function unknownVersion(sql: SqlStorage): Failure {
  return { code: 'version_unknown', known: keptVersions(sql) };
}

/** Stores a head that was trained on the present items, and deletes versions beyond the limit. */
export function keepTrained(sql: SqlStorage, version: number, head: Head): void {
  const { accuracy } = reportOf(head);
  dropExamples(sql);
  keep(sql, head, {
    version,
    source: 'trained',
    labels: head.labels.length,
    examples: head.ids.length,
    ...(accuracy === undefined ? {} : { accuracy: accuracy.value }),
  });
}

/** Stores an imported head, and answers with it. @param examples the number that it states. */
export function keepImported(
  sql: SqlStorage,
  version: number,
  head: Head,
  told: Pick<HeadVersion, 'examples' | 'accuracy'>,
): void {
  keep(sql, head, { version, source: 'imported', labels: head.labels.length, ...told });
  point(sql, version);
}

function keep(sql: SqlStorage, head: Head, version: Omit<HeadVersion, 'created'>): void {
  sql.exec(TABLE);
  writeHead(sql, version.version, encodeHead(head));
  sql.exec(
    `INSERT INTO versions (version, source, created, labels, examples, accuracy, has_examples, active)
     VALUES (?, ?, ?, ?, ?, ?, ?, 0)
     ON CONFLICT (version) DO UPDATE SET has_examples = excluded.has_examples`,
    version.version,
    version.source,
    Date.now(),
    version.labels,
    version.examples,
    version.accuracy ?? null,
    head.ids.length > 0 ? 1 : 0,
  );
  for (const old of selected(sql, 'active = 0').slice(KEPT_VERSIONS)) drop(sql, old);
}

/** Removes the examples from the heads that have them. */
function dropExamples(sql: SqlStorage): void {
  for (const version of selected(sql, 'has_examples = 1')) {
    const head = decodeHead((readHead(sql, version) ?? new Uint8Array()).buffer);
    if (head === undefined) drop(sql, version);
    else {
      writeHead(sql, version, encodeHead(withoutExamples(head)));
      sql.exec('UPDATE versions SET has_examples = 0 WHERE version = ?', version);
    }
  }
}

/**
 * Pins a version, which then answers whatever is taught, or returns to the newest. @returns whether that is a change.
 */
export function activate(sql: SqlStorage, version: number | undefined): Result<boolean> {
  const before = activeVersion(sql);
  if (version !== undefined && !keptVersions(sql).includes(version)) return fail(unknownVersion(sql));
  point(sql, version);
  return ok(before !== version);
}

function point(sql: SqlStorage, version: number | undefined): void {
  sql.exec('UPDATE versions SET active = (version = ?)', version ?? -1);
}

/** Deletes a version. If it was the active one, the newest answers. @returns whether it was. */
export function dropVersion(sql: SqlStorage, version: number): Result<boolean> {
  if (!keptVersions(sql).includes(version)) return fail(unknownVersion(sql));
  const wasActive = activeVersion(sql) === version;
  drop(sql, version);
  return ok(wasActive);
}

/** Removes what versions contain of changed items. @param before the collection before the change. */
export function forgetWhatIsGone(
  sql: SqlStorage,
  before: Pick<Facts, 'taught'>,
  after: Pick<Facts, 'taught' | 'labelled' | 'active'>,
): void {
  if (after.labelled === 0) {
    // Nothing is left of what they were trained on. Imported heads contain nothing of it.
    for (const version of selected(sql, "source = 'trained'")) drop(sql, version);
  } else if (after.active !== undefined && after.taught !== before.taught) {
    // No training will remove them, because no classification needs one.
    dropExamples(sql);
  }
}

function drop(sql: SqlStorage, version: number): void {
  removeHead(sql, version);
  sql.exec('DELETE FROM versions WHERE version = ?', version);
}
