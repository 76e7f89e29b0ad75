/** Robust figures of small samples on a machine that does other things too. */

/** A median, with the quartiles as its spread. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  return { median: quantile(sorted, 0.5), low: quantile(sorted, 0.25), high: quantile(sorted, 0.75) };
}

export function median(values: readonly number[]): number {
  return spreadOf(values).median;
}

/** `share` of the sorted values lie below; NaN of none. Between two values it is interpolated. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (at % 1);
}

/**
 * Of two series that were taken in turns: round by round, so that a machine which slows down for a while
 * slows down both sides of a ratio.
 */
export function ratio(values: readonly number[], by: readonly number[]): Spread {
  return spreadOf(values.map((value, round) => value / (by[round] ?? Number.NaN)));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
