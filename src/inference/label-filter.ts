/** Which classes to list. */
import { LABELS } from './labels.ts';
import { nearestNames } from './nearest-names.ts';
import { classesUnder, GROUPS } from './taxonomy.ts';

/** Classes by synset, label or any of their names, and groups by id or any of their names, case-insensitive. */
export interface LabelFilter {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** Whether the class of an ILSVRC-2012 index may be listed. */
export type Listed = (index: number) => boolean;

export interface UnknownName {
  readonly unknown: string;
  /** Names that it may have been meant for, the likeliest first. */
  readonly nearest: readonly string[];
}

/**
 * Resolves a filter. A name of several classes ("crane") means all of them; a group means all classes under it.
 *
 * Scores do not change: a filter lists fewer classes, and does not redistribute the rest.
 *
 * @returns the test, or undefined for an empty filter; or the first name that does not exist.
 */
export function resolveFilter({
  include,
  exclude,
}: LabelFilter): { readonly listed: Listed | undefined } | UnknownName {
  if (include === undefined && exclude === undefined) return { listed: undefined };
  const unknown = [...(include ?? []), ...(exclude ?? [])].find((name) => classesNamed(name).length === 0);
  if (unknown !== undefined) return { unknown, nearest: nearestNames(unknown) };
  const open = new Uint8Array(LABELS.length).fill(include ? 0 : 1);
  for (const name of include ?? []) for (const index of classesNamed(name)) open[index] = 1;
  for (const name of exclude ?? []) for (const index of classesNamed(name)) open[index] = 0;
  return { listed: (index) => open[index] === 1 };
}

function classesNamed(name: string): readonly number[] {
  byName ??= indexByName();
  return byName.get(name.trim().toLowerCase()) ?? [];
}

/** Built by the first request that filters. */
let byName: Map<string, readonly number[]> | undefined;

function indexByName(): Map<string, readonly number[]> {
  const classes = new Map<string, readonly number[]>();
  for (const { index, synset, label, names } of LABELS) {
    for (const name of new Set([synset, label, ...names].map((text) => text.toLowerCase()))) {
      classes.set(name, [...(classes.get(name) ?? []), index]);
    }
  }
  for (const [place, { id, names }] of GROUPS.entries()) {
    const under = classesUnder(place);
    for (const name of [id, ...names].map((text) => text.toLowerCase())) {
      // The name of a class always means that class.
      if (!classes.has(name)) classes.set(name, under);
    }
  }
  return classes;
}
