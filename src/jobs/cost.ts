/** What a picture takes of an invocation's CPU, told from its header: in units of `image/ways/time.ts`. */
import { planFor } from '../image/prepare.ts';
import type { UnitLimits } from '../image/ways/time.ts';

/** What is refused by its header. */
const REFUSED_UNITS = 0.1;

/** By the first of its ways: the next is tried only if that fails. */
export function unitsOf(bytes: Uint8Array, limits: UnitLimits): number {
  const plan = planFor(bytes, limits);
  if (!plan.ok) return REFUSED_UNITS;
  const { units, ways } = plan.value;
  return units + (ways[0]?.units ?? 0);
}
