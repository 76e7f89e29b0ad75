/**
 * Tags of a picture: the path from the most general group towards a class, for as long as each step is likely enough.
 * The probability of a group is the sum of its classes'.
 */
import type { Listed } from './label-filter.ts';
import { labelAt } from './labels.ts';
import { GROUP_OF_CLASS, GROUPS, groupAt, groupOfClass, PARENT_OF_GROUP } from './taxonomy.ts';

/** Default least score of a tag: 243 of 300 photos have one, and 232 of these are right (`npm run eval`). */
export const DEFAULT_TAG_MIN_SCORE = 0.6;

/** Tags are likelier than this, so that no two on a level can be: there is only one path. */
export const TAG_SCORE_FLOOR = 0.5;

/** The group of what is in no other group: true of a thing, but says nothing about it. */
export const ROOF = 'object';

/** A step of the path. */
export type Step =
  | { readonly name: string; readonly score: number; readonly level: number; readonly group: string }
  | { readonly name: string; readonly score: number; readonly level: number; readonly index: number };

/**
 * The probability of each group.
 *
 * @param probabilities 1001 floats as `softmax` returns them.
 * @returns by the group's index in `GROUPS`, the sum over all classes under it.
 */
export function groupScores(probabilities: Float32Array): Float64Array {
  const sums = new Float64Array(GROUPS.length);
  // Within bounds by construction: each class has a group, and parents come before their children.
  for (let index = 0; index < GROUP_OF_CLASS.length; index++) {
    const group = GROUP_OF_CLASS[index] as number;
    sums[group] = (sums[group] as number) + (probabilities[index + 1] as number);
  }
  for (let group = sums.length - 1; group > 0; group--) {
    const parent = PARENT_OF_GROUP[group] as number;
    if (parent >= 0) sums[parent] = (sums[parent] as number) + (sums[group] as number);
  }
  return sums;
}

/**
 * The path, from general to specific: groups, and a class at its end if one is likely enough.
 *
 * @param probabilities 1001 floats as `softmax` returns them.
 * @param least the least score of each step, above 0.5 and at most 1.
 * @param listed which classes may be listed, by index; a group may if one of its classes may.
 */
export function tagPath(probabilities: Float32Array, least: number, listed?: Listed): Step[] {
  const path: Step[] = [];
  const sums = groupScores(probabilities);
  const open = listed && groupsWith(listed);
  let last = -1;
  // Children come after their parents, and no two on a level score above a half: one pass finds the path.
  for (let place = 0; place < sums.length; place++) {
    const score = sums[place] as number;
    if (score < least || PARENT_OF_GROUP[place] !== last || open?.[place] === 0) continue;
    const { id, name, level } = groupAt(place);
    path.push({ name, score, level, group: id });
    last = place;
  }
  // Only one class can be as likely, and all groups above it are in the path.
  const index = classOf(probabilities, least);
  if (index >= 0 && (listed?.(index) ?? true)) {
    const { level } = groupOfClass(index);
    path.push({
      name: labelAt(index).label,
      score: probabilities[index + 1] as number,
      level: level + 1,
      index,
    });
  }
  return path;
}

/** @returns the class with at least this score, or −1. */
function classOf(probabilities: Float32Array, least: number): number {
  for (let output = 1; output < probabilities.length; output++) {
    if ((probabilities[output] as number) >= least) return output - 1;
  }
  return -1;
}

/** The name of the most specific informative tag; null if there is none. */
export function tagOf(path: readonly Step[]): string | null {
  const last = path.at(-1);
  return last === undefined || ('group' in last && last.group === ROOF) ? null : last.name;
}

/** @returns 1 for each group, by index, that has a listed class under it. */
function groupsWith(listed: Listed): Uint8Array {
  const open = new Uint8Array(GROUPS.length);
  for (let index = 0; index < GROUP_OF_CLASS.length; index++) {
    if (!listed(index)) continue;
    for (
      let place = GROUP_OF_CLASS[index] as number;
      place >= 0 && open[place] === 0;
      place = PARENT_OF_GROUP[place] as number
    ) {
      open[place] = 1;
    }
  }
  return open;
}
