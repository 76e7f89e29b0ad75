/** Robust statistics of small samples on a machine with other load. */

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

/**
 * The quantile below which `share` of the sorted values lie, interpolated between two values; NaN if there are none.
 */
export function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (at % 1);
}

/**
 * The ratio of two series measured in turns, computed round by round, so that a phase in which the machine is slow
 * affects both sides.
 */
export function ratio(values: readonly number[], by: readonly number[]): Spread {
  return spreadOf(values.map((value, round) => value / (by[round] ?? Number.NaN)));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
