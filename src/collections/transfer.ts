/** Export and import of a collection. */
import { fail, ok, type Result } from '../failure.ts';
import type { Changed, Facts } from './facts.ts';
import type { Head } from './head.ts';
import { decodeHead, encodeHead } from './head-bytes.ts';
import type { HeadImport, ImportedHead } from './head-import.ts';
import type { HeadVersion } from './head-versions.ts';
import type { ExportPage, ExportQuery } from './item-export.ts';
import type { Reference } from './names.ts';
import type { AskToChange, Objects } from './objects.ts';
import type { Quotas } from './quotas.ts';
import { createShards } from './shards.ts';

/** With the longest metadata a page has 3 MB, of the 32 MiB that a call may return. */
const PAGE_ITEMS = 500;

/** An exported head. */
export interface HeadExport {
  readonly facts: Facts;
  readonly head: Head;
  readonly version: HeadVersion;
}

export interface TransferPage extends ExportPage {
  /** Whether there may be another page. */
  readonly more: boolean;
}

export interface Transfer {
  /** The head that answers now, or another kept version. Trains it if needed. */
  exportHead(reference: Reference, caller: string, version?: number): Promise<Result<HeadExport>>;
  /**
   * Items in the order in which they were added, shard by shard, one page at a time, each requested when the previous
   * one was consumed.
   *
   * @param after the id of the item before the first.
   * @returns pages, of which only the last can be a failure.
   */
  exportItems(
    reference: Reference,
    caller: string,
    after?: string,
  ): AsyncGenerator<Result<TransferPage>, void, void>;
  importHead(
    reference: Reference,
    caller: string,
    head: Head,
    told: ImportedHead['told'],
  ): Promise<Result<Changed<HeadImport>>>;
}

export function createTransfer(objects: Objects, changed: AskToChange, quotas: Quotas): Transfer {
  const shards = createShards(objects);

  const pageAt = (reference: Reference, caller: string, { after, shard }: Place) => {
    const query: ExportQuery = { after, limit: PAGE_ITEMS };
    return shards.ask<PageOf>({
      ...{ reference, caller, own: true },
      direct: (object) => object.exportItems(caller, query),
      async inShards(all) {
        const at = shard ?? (typeof after === 'string' ? all.of(after) : 0);
        const page = await all.ask(at, (object) => object.exportItems(caller, query));
        return page.ok ? ok({ ...page.value, shard: at, shards: all.numbers.length }) : page;
      },
    });
  };

  return {
    async exportHead(reference, caller, wanted) {
      // Sharing lets others classify and search. An export is the collection itself.
      if (reference.owner !== caller) {
        const seen = await objects.ofCollection(reference, (object) => object.facts(caller));
        return seen.ok ? fail({ code: 'collection_unknown' }) : seen;
      }
      const served = await objects.ofCollection(reference, (object) =>
        wanted === undefined ? object.head(caller) : object.version(caller, wanted),
      );
      if (!served.ok) return served;
      const { facts, bytes } = served.value;
      const head = decodeHead(bytes.buffer);
      if (head === undefined) return fail({ code: 'collection_newer' });
      const kept = await objects.ofCollection(reference, (object) => object.versions(caller));
      if (!kept.ok) return kept;
      const number = wanted ?? facts.active ?? facts.taught;
      const version = kept.value.value.find((one) => one.version === number);
      return version === undefined
        ? fail({ code: 'version_unknown', known: kept.value.value.map((one) => one.version) })
        : ok({ facts, head, version });
    },

    async *exportItems(reference, caller, from) {
      for (let place: Place | undefined = { after: from ?? 0 }; place !== undefined; ) {
        const page: Result<PageOf> = await pageAt(reference, caller, place);
        place = page.ok ? placeAfter(page.value) : undefined;
        yield page.ok ? ok({ ...page.value, more: place !== undefined }) : page;
      }
    },

    async importHead(reference, caller, head, told) {
      if (head.labels.length > quotas.labels)
        return fail({ code: 'quota_reached', of: 'labels', limit: quotas.labels });
      const bytes = encodeHead(head);
      return changed(reference, (object) => object.importHead(caller, { bytes, told }));
    },
  };
}

/** Where a page begins: after a position or an id, and in which shard, if there are some. */
interface Place {
  readonly after: number | string;
  readonly shard?: number;
}

interface PageOf extends ExportPage {
  readonly shard?: number;
  readonly shards?: number;
}

function placeAfter({ after, shard, shards = 1 }: PageOf): Place | undefined {
  if (after !== undefined) return { after, ...(shard === undefined ? {} : { shard }) };
  return shard !== undefined && shard + 1 < shards ? { after: 0, shard: shard + 1 } : undefined;
}
