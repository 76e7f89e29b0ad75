/**
 * Whether memory grows: its minimum in each of several windows, and the slope of these.
 *
 * Garbage stays until it is collected, so a single figure says little; the minimum of a window is what was left after a
 * collection. A leak raises that minimum in every window.
 */

export interface Sample {
  readonly answered: number;
  readonly mebibytes: number;
}

export interface Growth {
  /** The minimum of each window, in MiB. */
  readonly floors: readonly number[];
  readonly max: number;
  /** KiB by which the minimum rises with each request. */
  readonly slope: number;
}

const WINDOWS = 5;
/** After this share of the requests, code is compiled and memories have their working size. */
const WARM_SHARE = 0.25;
const KIB_IN_MIB = 1024;

/** @returns undefined if there are too few samples. */
export function growthOf(samples: readonly Sample[]): Growth | undefined {
  const end = samples.at(-1)?.answered ?? 0;
  const warm = WARM_SHARE * end;
  const width = (end - warm) / WINDOWS;
  const windows = Array.from({ length: WINDOWS }, (_, i) =>
    samples
      .filter(({ answered }) => answered >= warm + i * width && answered <= warm + (i + 1) * width)
      .map(({ mebibytes }) => mebibytes),
  );
  if (windows.some((window) => window.length === 0)) return undefined;
  const floors = windows.map((window) => Math.min(...window));
  const max = Math.max(...samples.map(({ mebibytes }) => mebibytes));
  return { floors, max, slope: (KIB_IN_MIB * slopeOf(floors)) / width };
}

/** Least squares through values at 0, 1, 2 … */
function slopeOf(values: readonly number[]): number {
  const centre = (values.length - 1) / 2;
  const [above, below] = values.reduce(
    ([sum, squares], value, i) => [sum + (i - centre) * value, squares + (i - centre) ** 2],
    [0, 0],
  );
  return above / below;
}
