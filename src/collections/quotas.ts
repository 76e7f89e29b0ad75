/** The quotas of one owner. */
export interface Quotas {
  readonly collections: number;
  /** Items of one collection; the next two are per collection as well. */
  readonly items: number;
  readonly labels: number;
  readonly labelledItems: number;
}
