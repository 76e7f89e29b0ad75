/** The status of a collection, for its owner, and in part for callers with whom it is shared. */
import type { CollectionRow } from './collection-row.ts';
import type { Head } from './head.ts';
import { decodeHead } from './head-bytes.ts';
import { type HeadReport, reportOf } from './head-report.ts';
import { readHead } from './head-store.ts';
import { trainedVersion } from './head-versions.ts';
import { labelCounts } from './item-store.ts';

/**
 * `empty`: no item has a label. `stale`: labelled items have changed, and the next classification trains. `ready`:
 * there is a head to answer with, such as an activated one. `search_only`: it has shards, which are not trained on.
 */
export type State = 'empty' | 'stale' | 'ready' | 'search_only';

export interface Summary {
  readonly owner: string;
  readonly name: string;
  readonly shared: boolean;
  readonly state: State;
  readonly version: number;
  /** The version in which labelled items last changed; 0 if none ever had a label. */
  readonly taught: number;
  readonly embeddingSpace: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly items: number;
  readonly labelled: number;
  readonly shards: number;
  /** The activated version; missing if the newest answers. */
  readonly active?: number;
}

export interface LabelCount {
  readonly label: string;
  readonly items: number;
}

export interface Status extends Summary {
  /** In order. */
  readonly labels: readonly LabelCount[];
  /** Leave-one-out results of the newest head, which may be older than the items: `trained` is its version. */
  readonly report?: HeadReport & { readonly trained: number };
}

export function summaryOf(sql: SqlStorage, row: CollectionRow): Summary {
  return summary(row, trainedVersion(sql));
}

export function statusOf(sql: SqlStorage, row: CollectionRow): Status {
  const trained = trainedVersion(sql);
  const head = headOf(sql, trained);
  return {
    ...summary(row, head && trained),
    labels: withLabelsOf(headOf(sql, row.active), labelCounts(sql)),
    ...(head && trained !== undefined ? { report: { ...reportOf(head), trained } } : {}),
  };
}

function headOf(sql: SqlStorage, version: number | undefined): Head | undefined {
  const bytes = version === undefined ? undefined : readHead(sql, version);
  return bytes && decodeHead(bytes.buffer);
}

/** Includes labels that the collection answers with although no item has them. */
function withLabelsOf(active: Head | undefined, counts: readonly LabelCount[]): readonly LabelCount[] {
  const known = new Set(counts.map(({ label }) => label));
  const others = (active?.labels ?? []).filter((label) => !known.has(label));
  return [...counts, ...others.map((label) => ({ label, items: 0 }))].sort((one, other) =>
    one.label < other.label ? -1 : 1,
  );
}

function summary(row: CollectionRow, trained: number | undefined): Summary {
  const { owner, name, shared, version, taught, items, labelled, created, embeddingSpace, shards, active } =
    row;
  const taughtState = labelled === 0 ? 'empty' : trained === taught ? 'ready' : 'stale';
  const state = active === undefined ? taughtState : 'ready';
  return {
    ...{ owner, name, shared, version, taught, embeddingSpace, created, items, labelled, shards },
    state: shards > 1 ? 'search_only' : state,
    ...(active === undefined ? {} : { active }),
  };
}
