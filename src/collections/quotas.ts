/** What one owner may have. */
export interface Quotas {
  readonly collections: number;
  /** Of one collection, as are the next two. */
  readonly items: number;
  readonly labels: number;
  readonly labelledItems: number;
}
