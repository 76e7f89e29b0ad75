/** Suggests what an unknown name was probably meant for. */
import leven from 'leven';
import { LABELS } from './labels.ts';
import { GROUPS } from './taxonomy.ts';

/** More would not be read. */
const MOST = 3;

/** Longer names than this are not typing errors, and each costs a comparison with some two thousand. */
const LONGEST = 40;

/** Distance of a name from one of its own words: the same as of one typing error. */
const ONE_OF_ITS_WORDS = 1;

/**
 * Names of classes and groups that become the text by changing at most a third of the letters, or that contain it as a
 * word: "retreiver" is nearest to "retriever", "piano" to "grand piano".
 *
 * @returns at most three, the nearest first, one of each class or group; empty if nothing is near.
 */
export function nearestNames(text: string): string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '' || wanted.length > LONGEST) return [];
  named ??= allNames();
  const furthest = Math.max(1, Math.floor(wanted.length / 3));
  return named
    .map((names) => nearestOf(names, wanted, furthest))
    .filter(({ distance }) => distance <= furthest)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, MOST)
    .map(({ name }) => name);
}

interface Name {
  readonly name: string;
  readonly lower: string;
  readonly words: readonly string[];
}

/** Names of each group, then of each class; built by the first request that needs them. */
let named: readonly (readonly Name[])[] | undefined;

function allNames(): Name[][] {
  const names = [...GROUPS.map((group) => group.names), ...LABELS.map((row) => [row.label, ...row.names])];
  return names.map((own) =>
    own.map((name) => {
      const lower = name.toLowerCase();
      return { name, lower, words: lower.split(/[^\p{L}\p{N}]+/u) };
    }),
  );
}

function nearestOf(names: readonly Name[], wanted: string, furthest: number) {
  let nearest = { name: '', distance: Number.POSITIVE_INFINITY };
  for (const { name, lower, words } of names) {
    const distance = words.includes(wanted) ? ONE_OF_ITS_WORDS : distanceOf(lower, wanted, furthest);
    if (distance < nearest.distance) nearest = { name, distance };
  }
  return nearest;
}

function distanceOf(name: string, wanted: string, furthest: number): number {
  // The length alone rules out most names.
  if (Math.abs(name.length - wanted.length) > furthest) return Number.POSITIVE_INFINITY;
  return leven(name, wanted, { maxDistance: furthest + 1 });
}
