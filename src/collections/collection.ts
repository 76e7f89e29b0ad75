/**
 * The Durable Object: one for each collection or each of its shards, and one for each owner's list of them. The files
 * beside it implement what it stores and how. Each method is one transaction, so that what was acknowledged survives
 * any end of the process, and what was not is stored completely or not at all.
 *
 * It inherits the collection from `stored-collection.ts` and operations on items from `item-object.ts`, because the
 * methods of an object are those of one class. This file adds its heads, and the list.
 *
 * It knows embeddings, but neither pictures nor HTTP. Failures are values, which survive RPC.
 */
import { ok, type Result } from '../failure.ts';
import { changed, factsOf, own, usable, withItems } from './access.ts';
import { countChange } from './collection-row.ts';
import type { Changed, Facts } from './facts.ts';
import { type HeadImport, type ImportedHead, importHead } from './head-import.ts';
import {
  activate,
  dropVersion,
  type HeadVersion,
  keptVersions,
  listVersions,
  versionBytes,
} from './head-versions.ts';
import { ItemObject } from './item-object.ts';
import { dropName, listNames, reserveName } from './owner-list.ts';
import { trainedHead } from './trained-head.ts';

/** A head with its collection. */
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

  /** The head to answer with: the activated version, or else that of the present labelled items. */
  head(caller: string): Result<ServedHead> {
    const row = withItems(usable(this.ctx.storage.sql, caller));
    if (!row.ok) return row;
    const { active } = row.value;
    return active === undefined ? this.train(caller) : this.version(caller, active);
  }

  /** A kept version. */
  version(caller: string, version: number): Result<ServedHead> {
    const row = withItems(usable(this.ctx.storage.sql, caller));
    if (!row.ok) return row;
    const bytes = versionBytes(this.ctx.storage.sql, version);
    return bytes.ok ? ok({ facts: factsOf(row.value), bytes: bytes.value }) : bytes;
  }

  /** The numbers that `version` knows, the newest first. */
  keptVersions(caller: string): Result<readonly number[]> {
    const row = withItems(usable(this.ctx.storage.sql, caller));
    return row.ok ? ok(keptVersions(this.ctx.storage.sql)) : row;
  }

  versions(owner: string): Result<Changed<HeadVersion[]>> {
    const row = own(this.ctx.storage.sql, owner);
    return row.ok ? changed(this.ctx.storage.sql, owner, listVersions(this.ctx.storage.sql)) : row;
  }

  /** @param version undefined for the newest. */
  activate(owner: string, version: number | undefined): Result<Changed<HeadVersion[]>> {
    return this.change(owner, (sql) => counted(sql, activate(sql, version)));
  }

  forgetVersion(owner: string, version: number): Result<Changed<HeadVersion[]>> {
    return this.change(owner, (sql) => counted(sql, dropVersion(sql, version)));
  }

  /** Imports a head and answers with it. Importing the same one again changes nothing. */
  importHead(owner: string, imported: ImportedHead): Result<Changed<HeadImport>> {
    return this.change(owner, (sql) => importHead(sql, imported));
  }

  /**
   * The head of the present labelled items. Trains it if there is none: an object has one thread and nothing here
   * waits, so concurrent requests then find it ready.
   */
  train(caller: string): Result<ServedHead> {
    const row = withItems(usable(this.ctx.storage.sql, caller));
    if (!row.ok) return row;
    const head = trainedHead(this.ctx.storage, row.value);
    return head.ok ? ok({ facts: factsOf(row.value), bytes: head.value }) : head;
  }
}

/** The remaining versions. @param changes whether another one answers. */
function counted(sql: SqlStorage, changes: Result<boolean>): Result<HeadVersion[]> {
  if (!changes.ok) return changes;
  if (changes.value) countChange(sql, false);
  return ok(listVersions(sql));
}
