/** The CPU time that a picture takes, computed from its header, in units of `image/ways/time.ts`. */
import { planFor } from '../image/prepare.ts';
import type { UnitLimits } from '../image/ways/time.ts';

/** The cost of a picture that its header refuses. */
const REFUSED_UNITS = 0.1;

/** The cost of its first way: the next is tried only if that fails. */
export function unitsOf(bytes: Uint8Array, limits: UnitLimits): number {
  const plan = planFor(bytes, limits);
  if (!plan.ok) return REFUSED_UNITS;
  const { units, ways } = plan.value;
  return units + (ways[0]?.units ?? 0);
}
