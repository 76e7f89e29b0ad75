/** Imports a head, which answers although the items that it was trained on are not there. */
import { fail, ok, type Result } from '../failure.ts';
import { countChange } from './collection-row.ts';
import { decodeHead } from './head-bytes.ts';
import { readHead } from './head-store.ts';
import { activate, type HeadVersion, keepImported, listVersions } from './head-versions.ts';

export interface ImportedHead {
  /** As `encodeHead` makes it, without examples. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Facts about the head that it does not contain. */
  readonly told: Pick<HeadVersion, 'examples' | 'accuracy'>;
}

export interface HeadImport {
  readonly version: number;
  readonly status: 'imported' | 'unchanged';
}

/** Keeps it as a version and activates that. If it is kept already, activates it. Runs within a transaction. */
export function importHead(sql: SqlStorage, { bytes, told }: ImportedHead): Result<HeadImport> {
  const head = decodeHead(bytes.buffer);
  if (head === undefined) return fail({ code: 'internal' });
  const same = listVersions(sql).find(
    ({ version, source }) => source === 'imported' && isSame(readHead(sql, version), bytes),
  );
  if (same !== undefined) {
    const changed = activate(sql, same.version);
    if (!changed.ok) return changed;
    if (changed.value) countChange(sql, false);
    return ok({ version: same.version, status: 'unchanged' });
  }
  countChange(sql, false);
  const { version } = sql.exec<{ version: number }>('SELECT version FROM collection').one();
  keepImported(sql, version, head, told);
  return ok({ version, status: 'imported' });
}

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one?.length === other.length && one.every((byte, at) => byte === other[at]);
}
