/** The quotas of one owner. */
export interface Quotas {
  readonly collections: number;
  /** Of one collection, like the next two. */
  readonly items: number;
  readonly labels: number;
  readonly labelledItems: number;
}
