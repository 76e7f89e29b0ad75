/**
 * Filters one edge of a block (RFC 6386 §15): eight or sixteen lines of samples, each separately.
 *
 * `at` is the first sample after the edge; `across` leads from a sample to the next in its line, `along` from line to
 * line. A line is filtered unless it differs by more than `edge` across the edge, or by more than `interior` between
 * neighbours, because then there is an edge in the picture. If it differs by more than `variance` next to the edge,
 * only the two nearest samples are changed.
 *
 * `samples` clamp what is stored in them. All reads are within bounds: a band has four samples and lines before every
 * edge that is filtered.
 */

function gap(one: number, other: number): number {
  return one > other ? one - other : other - one;
}

/** The value as a signed byte. */
function clamp(value: number): number {
  return value < -128 ? -128 : value > 127 ? 127 : value;
}

/** An eighth, rounded, of a clamped change; the other side of the edge gets `eighth(change - 1)`. */
function eighth(change: number): number {
  return change > 123 ? 15 : (change + 4) >> 3;
}

/** The simple filter (§15.2), for luma only. */
export function smoothSimply(
  samples: Uint8ClampedArray,
  at: number,
  across: number,
  along: number,
  count: number,
  edge: number,
): void {
  for (let i = 0, q0 = at; i < count; i++, q0 += along) {
    const before = samples[q0 - across] as number;
    const behind = samples[q0] as number;
    const outer = (samples[q0 - 2 * across] as number) - (samples[q0 + across] as number);
    if (2 * gap(before, behind) + (gap(outer, 0) >> 1) > edge) continue;
    const change = clamp(clamp(outer) + 3 * (behind - before));
    samples[q0] = behind - eighth(change);
    samples[q0 - across] = before + eighth(change - 1);
  }
}

/** The normal filter between macroblocks (§15.3): three samples on each side. */
export function smoothOutside(
  samples: Uint8ClampedArray,
  at: number,
  across: number,
  along: number,
  count: number,
  edge: number,
  interior: number,
  variance: number,
): void {
  for (let i = 0, q0 = at; i < count; i++, q0 += along) {
    const p1 = samples[q0 - 2 * across] as number;
    const before = samples[q0 - across] as number;
    const behind = samples[q0] as number;
    const q1 = samples[q0 + across] as number;
    if (2 * gap(before, behind) + (gap(p1, q1) >> 1) > edge) continue;
    const p2 = samples[q0 - 3 * across] as number;
    const q2 = samples[q0 + 2 * across] as number;
    if (!isCalm(samples, q0, across, interior, p2, p1, before, behind, q1, q2)) continue;
    const change = clamp(clamp(p1 - q1) + 3 * (behind - before));
    if (gap(p1, before) > variance || gap(q1, behind) > variance) {
      samples[q0] = behind - eighth(change);
      samples[q0 - across] = before + eighth(change - 1);
      continue;
    }
    const most = (27 * change + 63) >> 7;
    const less = (18 * change + 63) >> 7;
    const least = (9 * change + 63) >> 7;
    samples[q0 - 3 * across] = p2 + least;
    samples[q0 - 2 * across] = p1 + less;
    samples[q0 - across] = before + most;
    samples[q0] = behind - most;
    samples[q0 + across] = q1 - less;
    samples[q0 + 2 * across] = q2 - least;
  }
}

/** The normal filter between subblocks (§15.3): two samples on each side. */
export function smoothInside(
  samples: Uint8ClampedArray,
  at: number,
  across: number,
  along: number,
  count: number,
  edge: number,
  interior: number,
  variance: number,
): void {
  for (let i = 0, q0 = at; i < count; i++, q0 += along) {
    const p1 = samples[q0 - 2 * across] as number;
    const before = samples[q0 - across] as number;
    const behind = samples[q0] as number;
    const q1 = samples[q0 + across] as number;
    if (2 * gap(before, behind) + (gap(p1, q1) >> 1) > edge) continue;
    const p2 = samples[q0 - 3 * across] as number;
    const q2 = samples[q0 + 2 * across] as number;
    if (!isCalm(samples, q0, across, interior, p2, p1, before, behind, q1, q2)) continue;
    const varies = gap(p1, before) > variance || gap(q1, behind) > variance;
    const change = clamp((varies ? clamp(p1 - q1) : 0) + 3 * (behind - before));
    const most = eighth(change);
    samples[q0] = behind - most;
    samples[q0 - across] = before + eighth(change - 1);
    if (varies) continue;
    const half = (most + 1) >> 1;
    samples[q0 - 2 * across] = p1 + half;
    samples[q0 + across] = q1 - half;
  }
}

function isCalm(
  samples: Uint8ClampedArray,
  q0: number,
  across: number,
  interior: number,
  p2: number,
  p1: number,
  before: number,
  behind: number,
  q1: number,
  q2: number,
): boolean {
  return (
    gap(p1, before) <= interior &&
    gap(q1, behind) <= interior &&
    gap(p2, p1) <= interior &&
    gap(q2, q1) <= interior &&
    gap(samples[q0 - 4 * across] as number, p2) <= interior &&
    gap(samples[q0 + 3 * across] as number, q2) <= interior
  );
}
