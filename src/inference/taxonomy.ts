/**
 * Groups of the classes with everyday names: at most three levels, each class in one group. Built by the pipeline in
 * `model/`, which documents their origin.
 */
import * as z from 'zod';
import taxonomy from '../../model/taxonomy.json';

export const groupSchema = z.lazy(() =>
  z
    .object({
      id: z.string().describe('Stable, as labels are.'),
      name: z.string().describe('Unique, and different from the labels of all classes.'),
      names: z.array(z.string()).readonly().describe('All names that filters accept; the first is `name`.'),
      parent: z.string().nullable().describe('Id of the group above; null on the first level.'),
      level: z.int().min(1).max(3).describe('1 is the most general.'),
      classes: z.int().min(2).describe('How many classes are under it, at any depth.'),
    })
    .readonly()
    .meta({
      id: 'Group',
      examples: [{ id: 'dog', name: 'dog', names: ['dog'], parent: 'animal', level: 2, classes: 118 }],
    }),
);

export type Group = z.infer<typeof groupSchema>;

/**
 * Changes when a class moves to another group or a group is removed; groups and names may be added without a change.
 */
export const TAXONOMY_VERSION = taxonomy.version;

/** For each class, by ILSVRC-2012 index: the index in `GROUPS` of its direct group. */
export const GROUP_OF_CLASS = Int16Array.from(taxonomy.classes);

/** For each group, by its index in `GROUPS`: the index of its parent, which is lower; −1 if there is none. */
export const PARENT_OF_GROUP = parents();

/** Parents before their children. */
export const GROUPS: readonly Group[] = counted();

/** @throws RangeError if there is no such index. */
export function groupAt(place: number): Group {
  const group = GROUPS[place];
  if (group === undefined)
    throw new RangeError(`no group ${place}: places go from 0 to ${GROUPS.length - 1}`);
  return group;
}

/** The direct group of a class. @param index 0–999. */
export function groupOfClass(index: number): Group {
  return groupAt(GROUP_OF_CLASS[index] ?? -1);
}

/** The classes under a group, at any depth. @returns ILSVRC-2012 indices in order. */
export function classesUnder(place: number): number[] {
  const under = new Uint8Array(GROUPS.length);
  for (let group = place; group < GROUPS.length; group++) {
    if (group === place || under[PARENT_OF_GROUP[group] ?? -1]) under[group] = 1;
  }
  return Array.from(GROUP_OF_CLASS.keys()).filter((index) => under[GROUP_OF_CLASS[index] ?? -1]);
}

function parents(): Int16Array {
  const places = new Map(taxonomy.groups.map(({ id }, place) => [id, place]));
  return Int16Array.from(taxonomy.groups, ({ parent }) => places.get(parent ?? '') ?? -1);
}

function counted(): Group[] {
  const classes = new Int16Array(taxonomy.groups.length);
  for (const group of GROUP_OF_CLASS) {
    for (let place = group; place >= 0; place = PARENT_OF_GROUP[place] ?? -1) {
      classes[place] = (classes[place] ?? 0) + 1;
    }
  }
  const groups: Group[] = [];
  for (const [place, { id, name, names, parent }] of taxonomy.groups.entries()) {
    const level = (groups[PARENT_OF_GROUP[place] ?? -1]?.level ?? 0) + 1;
    groups.push({ id, name, names, parent, level, classes: classes[place] ?? 0 });
  }
  return groups;
}
