/** Which classes a caller wants listed. */
import { LABELS } from './labels.ts';

/** Classes by synset, label or any of their names, in any case. */
export interface LabelFilter {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** Whether the class of an ILSVRC-2012 index may be listed. */
export type Listed = (index: number) => boolean;

/**
 * Resolves a filter. Where a name belongs to several classes ("crane"), all of them are meant.
 *
 * Scores stay what they are: a filter lists fewer classes, it does not share out the rest.
 *
 * @returns the test, or the first name that no class has.
 */
export function resolveFilter({
  include,
  exclude,
}: LabelFilter): { readonly listed: Listed } | { readonly unknown: string } {
  const unknown = [...(include ?? []), ...(exclude ?? [])].find((name) => classesNamed(name).length === 0);
  if (unknown !== undefined) return { unknown };
  const wanted = include && new Set(include.flatMap(classesNamed));
  const unwanted = new Set((exclude ?? []).flatMap(classesNamed));
  return { listed: (index) => (wanted === undefined || wanted.has(index)) && !unwanted.has(index) };
}

function classesNamed(name: string): readonly number[] {
  byName ??= indexByName();
  return byName.get(name.trim().toLowerCase()) ?? [];
}

/** Made by the first request that filters. */
let byName: Map<string, number[]> | undefined;

function indexByName(): Map<string, number[]> {
  const classes = new Map<string, number[]>();
  for (const { index, synset, label, names } of LABELS) {
    for (const name of new Set([synset, label, ...names].map((text) => text.toLowerCase()))) {
      classes.set(name, [...(classes.get(name) ?? []), index]);
    }
  }
  return classes;
}
