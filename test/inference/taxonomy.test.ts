import { describe, expect, it } from 'vitest';
import file from '../../model/taxonomy.json';
import { LABELS, labelAt } from '../../src/inference/labels.ts';
import { ROOF } from '../../src/inference/tags.ts';
import { classesUnder, GROUP_OF_CLASS, GROUPS, groupAt, groupOfClass } from '../../src/inference/taxonomy.ts';

const CLASSES = Array.from({ length: 1000 }, (_, index) => index);
const places = Array.from(GROUPS.keys());

function placeOf(id: string): number {
  return GROUPS.findIndex((group) => group.id === id);
}

describe('the groups', () => {
  it('have every class in exactly one place', () => {
    expect(file.classes).toHaveLength(1000);
    const direct = places.map((place) => CLASSES.filter((index) => GROUP_OF_CLASS[index] === place));
    expect(direct.flat().sort((a, b) => a - b)).toEqual(CLASSES);
    const tops = places.filter((place) => groupAt(place).parent === null);
    expect(tops.flatMap(classesUnder).sort((a, b) => a - b)).toEqual(CLASSES);
  });

  it('have at least two classes each, as many as they say, and fewer than the group above', () => {
    for (const [place, { id, parent, classes }] of GROUPS.entries()) {
      expect(classesUnder(place), id).toHaveLength(classes);
      expect(classes, id).toBeGreaterThanOrEqual(2);
      if (parent !== null) expect(classes, id).toBeLessThan(groupAt(placeOf(parent)).classes);
    }
  });

  it('stand behind the group above, one level deeper, at most three', () => {
    for (const [place, { id, parent, level }] of GROUPS.entries()) {
      const above = parent === null ? undefined : placeOf(parent);
      expect(above ?? -1, id).toBeLessThan(place);
      expect(level, id).toBe(above === undefined ? 1 : groupAt(above).level + 1);
      expect(level, id).toBeLessThanOrEqual(3);
    }
  });

  it('have names of their own, which no class has', () => {
    const ofClasses = new Set(
      LABELS.flatMap(({ label, synset, names }) => [label, synset, ...names]).map((name) =>
        name.toLowerCase(),
      ),
    );
    const ofGroups = GROUPS.flatMap(({ id, names }) => [...new Set([id, ...names])]);
    expect(ofGroups.filter((name) => ofClasses.has(name.toLowerCase()))).toEqual([]);
    expect(new Set(ofGroups).size).toBe(ofGroups.length);
    for (const { id, name, names } of GROUPS) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(names[0]).toBe(name);
    }
  });

  it.each([
    ['Irish setter', ['setter', 'dog', 'animal']],
    ['tabby', ['cat', 'animal']],
    ['pizza', ['meal', 'food']],
    ['crane (machine)', ['object']],
    ['crane (bird)', ['wading-bird', 'bird', 'animal']],
    ['web site', ['document', 'object']],
  ])('put %s where people look for it', (label, expected) => {
    const index = LABELS.findIndex((row) => row.label === label);
    const path = [];
    for (let id: string | null = groupOfClass(index).id; id !== null; id = groupAt(placeOf(id)).parent) {
      path.push(id);
    }
    expect(path).toEqual(expected);
    expect(labelAt(index).group).toBe(expected[0]);
  });

  it('have the roof on the first level', () => {
    expect(groupAt(placeOf(ROOF))).toMatchObject({ level: 1, parent: null });
    expect(() => groupAt(GROUPS.length)).toThrow(RangeError);
    expect(() => groupOfClass(1000)).toThrow(RangeError);
  });
});
