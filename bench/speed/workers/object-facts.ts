/** What is asked of the parts that search through objects, and what they answer beside their time. */

/** What is asked for, as JSON. */
export interface ObjectsQuestion {
  readonly items: number;
  readonly shards: number;
  /** Which rows `fill` adds. */
  readonly from?: number;
  readonly until?: number;
  /** Bytes that the isolate may hold. */
  readonly budget?: number;
  /** Whether items that are added are looked for among the others. */
  readonly copies?: boolean;
}

export interface ObjectsFacts {
  readonly heldBytes: number;
  /** Of the ten nearest by looking at all vectors, those that were found: 0–1. */
  readonly recall?: number;
  /** Items of the largest shard. */
  readonly largest?: number;
  readonly databaseBytes?: number;
  /** Items that a page of duplicates looks at. */
  readonly part?: number;
}
