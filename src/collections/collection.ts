/**
 * The Durable Object: one for each collection or each of its shards, and one for each owner's list of them. It is thin:
 * what it stores and how is in the files beside it, and each method is one transaction, so that what was answered is
 * there after any end of the process, and what was not answered is there as a whole or not at all.
 *
 * What the collection is comes from `stored-collection.ts`, and what is done with its items from `item-object.ts`: the
 * methods of an object are those of one class. Here are its heads, and the list.
 *
 * It knows embeddings, not pictures and not HTTP. Failures are values, which survive RPC as they are.
 */
import { ok, type Result } from '../failure.ts';
import { changed, factsOf, own, usable, withItems } from './access.ts';
import { countChange } from './collection-row.ts';
import type { Changed, Facts } from './facts.ts';
import { type HeadImport, type ImportedHead, importHead } from './head-import.ts';
import { activate, dropVersion, type HeadVersion, listVersions, versionBytes } from './head-versions.ts';
import { ItemObject } from './item-object.ts';
import { dropName, listNames, reserveName } from './owner-list.ts';
import { trainedHead } from './trained-head.ts';

/** A head with the collection that it is of. */
export interface ServedHead {
  readonly facts: Facts;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export class Collection extends ItemObject {
  // ── The list of an owner's collections

  reserve(name: string, limit: number): Result<undefined> {
    return this.ctx.storage.transactionSync(() => reserveName(this.ctx.storage.sql, name, limit));
  }

  names(): readonly string[] {
    return listNames(this.ctx.storage.sql);
  }

  drop(name: string): void {
    dropName(this.ctx.storage.sql, name);
  }

  // ── What it has learnt

  /** The head to answer with: the version that was activated, or else that of the labelled items as they are. */
  head(caller: string): Result<ServedHead> {
    const row = withItems(usable(this.ctx.storage.sql, caller));
    if (!row.ok) return row;
    const { active } = row.value;
    return active === undefined ? this.train(caller) : this.version(caller, active);
  }

  /** A version that is kept. */
  version(caller: string, version: number): Result<ServedHead> {
    const row = withItems(usable(this.ctx.storage.sql, caller));
    if (!row.ok) return row;
    const bytes = versionBytes(this.ctx.storage.sql, version);
    return bytes.ok ? ok({ facts: factsOf(row.value), bytes: bytes.value }) : bytes;
  }

  versions(owner: string): Result<Changed<HeadVersion[]>> {
    const row = own(this.ctx.storage.sql, owner);
    return row.ok ? changed(this.ctx.storage.sql, owner, listVersions(this.ctx.storage.sql)) : row;
  }

  /** @param version undefined for the newest, whatever it is. */
  activate(owner: string, version: number | undefined): Result<Changed<HeadVersion[]>> {
    return this.change(owner, (sql) => counted(sql, activate(sql, version)));
  }

  forgetVersion(owner: string, version: number): Result<Changed<HeadVersion[]>> {
    return this.change(owner, (sql) => counted(sql, dropVersion(sql, version)));
  }

  /** Answers with a head from elsewhere. The same one again is no change. */
  importHead(owner: string, imported: ImportedHead): Result<Changed<HeadImport>> {
    return this.change(owner, (sql) => importHead(sql, imported));
  }

  /**
   * The head of the labelled items as they are. It is trained where there is none: an object has one thread and nothing
   * here waits, so other requests meanwhile find it ready.
   */
  train(caller: string): Result<ServedHead> {
    const row = withItems(usable(this.ctx.storage.sql, caller));
    if (!row.ok) return row;
    const head = trainedHead(this.ctx.storage, row.value);
    return head.ok ? ok({ facts: factsOf(row.value), bytes: head.value }) : head;
  }
}

/** The versions that are left. @param changes whether another one answers. */
function counted(sql: SqlStorage, changes: Result<boolean>): Result<HeadVersion[]> {
  if (!changes.ok) return changes;
  if (changes.value) countChange(sql, false);
  return ok(listVersions(sql));
}
