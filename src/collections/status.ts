/** What a collection is like: what its owner sees of it, and in part whoever it is shared with. */
import type { HeadReport } from './head-report.ts';

/** `empty`: nothing has a label. `stale`: labelled items have changed, and the next question trains. */
export type State = 'empty' | 'stale' | 'ready';

export interface Summary {
  readonly owner: string;
  readonly name: string;
  readonly shared: boolean;
  readonly state: State;
  readonly version: number;
  readonly embeddingSpace: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly items: number;
  readonly labelled: number;
}

export interface Status extends Summary {
  readonly labels: readonly { readonly label: string; readonly items: number }[];
  /** What leave-one-out says of the newest head, which may be older than the items: `trained` is its version. */
  readonly report?: HeadReport & { readonly trained: number };
}
