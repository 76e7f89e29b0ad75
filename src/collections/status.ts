/** What a collection is like: what its owner sees of it, and in part whoever it is shared with. */
import type { CollectionRow } from './collection-row.ts';
import { decodeHead } from './head-bytes.ts';
import { type HeadReport, reportOf } from './head-report.ts';
import { headVersion, readHead } from './head-store.ts';
import { labelCounts } from './item-store.ts';

/**
 * `empty`: nothing has a label. `stale`: labelled items have changed, and the next question trains. `search_only`: it is
 * in shards, which are not trained on.
 */
export type State = 'empty' | 'stale' | 'ready' | 'search_only';

export interface Summary {
  readonly owner: string;
  readonly name: string;
  readonly shared: boolean;
  readonly state: State;
  readonly version: number;
  /** The version in which labelled items last changed; 0 where none ever had a label. */
  readonly taught: number;
  readonly embeddingSpace: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly items: number;
  readonly labelled: number;
  readonly shards: number;
}

export interface LabelCount {
  readonly label: string;
  readonly items: number;
}

export interface Status extends Summary {
  /** In order. */
  readonly labels: readonly LabelCount[];
  /** What leave-one-out says of the newest head, which may be older than the items: `trained` is its version. */
  readonly report?: HeadReport & { readonly trained: number };
}

export function summaryOf(sql: SqlStorage, row: CollectionRow): Summary {
  return summary(row, headVersion(sql));
}

export function statusOf(sql: SqlStorage, row: CollectionRow): Status {
  const trained = headVersion(sql);
  const bytes = trained === undefined ? undefined : readHead(sql, trained);
  const head = bytes && decodeHead(bytes.buffer);
  return {
    ...summary(row, head && trained),
    labels: labelCounts(sql),
    ...(head && trained !== undefined ? { report: { ...reportOf(head), trained } } : {}),
  };
}

function summary(row: CollectionRow, trained: number | undefined): Summary {
  const { owner, name, shared, version, taught, items, labelled, created, embeddingSpace, shards } = row;
  const taughtState = labelled === 0 ? 'empty' : trained === taught ? 'ready' : 'stale';
  return {
    ...{ owner, name, shared, version, taught, embeddingSpace, created, items, labelled, shards },
    state: shards > 1 ? 'search_only' : taughtState,
  };
}
