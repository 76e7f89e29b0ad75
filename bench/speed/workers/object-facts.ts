/** Requests and answers of the parts that search through objects. */

/** The request, as JSON. */
export interface ObjectsQuestion {
  readonly items: number;
  readonly shards: number;
  /** Range of rows that `fill` adds. */
  readonly from?: number;
  readonly until?: number;
  /** Bytes that the isolate may hold. */
  readonly budget?: number;
  /** Whether added items are compared with the others to find copies. */
  readonly copies?: boolean;
}

export interface ObjectsFacts {
  readonly heldBytes: number;
  /** Share of the ten nearest, by comparing all vectors, that the search found: 0–1. */
  readonly recall?: number;
  /** Items of the largest shard. */
  readonly largest?: number;
  readonly databaseBytes?: number;
  /** Items that a page of duplicates covers. */
  readonly part?: number;
}
