import { describe, expect, it } from 'vitest';
import { type LabelFilter, resolveFilter } from '../../src/inference/label-filter.ts';
import { LABELS } from '../../src/inference/labels.ts';
import { nearestNames } from '../../src/inference/nearest-names.ts';
import { GROUPS } from '../../src/inference/taxonomy.ts';

function listed(filter: LabelFilter): string[] {
  const resolved = resolveFilter(filter);
  if ('unknown' in resolved) throw new Error(`unknown: ${resolved.unknown}`);
  return LABELS.filter(({ index }) => resolved.listed?.(index) ?? true).map(({ label }) => label);
}

describe('a filter', () => {
  it('takes groups by name, other name and id, in any case', () => {
    const dogs = ['n02109961', 'herding dog', 'Shepherd Dog', 'herding-dog'].map((name) =>
      listed({ include: [name] }),
    );
    expect(dogs[0]).toEqual(['Eskimo dog']);
    expect(dogs[1]).toContain('collie');
    expect(dogs[2]).toEqual(dogs[1]);
    expect(dogs[3]).toEqual(dogs[1]);
  });

  it('means all classes under a group, and all of every group', () => {
    for (const { id, classes } of GROUPS) expect(listed({ include: [id] }), id).toHaveLength(classes);
    expect(listed({ include: ['dog'] })).toHaveLength(118);
    expect(listed({ include: GROUPS.map(({ id }) => id) })).toHaveLength(1000);
  });

  it('mixes groups and classes, and takes out of one what is in another', () => {
    expect(listed({ include: ['elephant', 'tabby'] })).toEqual([
      'tusker',
      'tabby',
      'Indian elephant',
      'African elephant',
    ]);
    expect(listed({ include: ['elephant'], exclude: ['tusker'] })).toEqual([
      'Indian elephant',
      'African elephant',
    ]);
    expect(listed({ exclude: ['animal'] })).toHaveLength(602);
    expect(listed({ include: ['dog'], exclude: ['animal'] })).toEqual([]);
  });

  it('goes on meaning a class by every name that one has', () => {
    const named = Map.groupBy(
      LABELS.flatMap(({ label, names, synset }) =>
        [...new Set([label, synset, ...names].map((name) => name.toLowerCase()))].map((name) => ({
          name,
          label,
        })),
      ),
      ({ name }) => name,
    );
    for (const [name, meant] of named) {
      expect(listed({ include: [name] }), name).toEqual(meant.map(({ label }) => label));
    }
  });

  it('that asks for nothing is none', () => {
    expect(resolveFilter({})).toEqual({ listed: undefined });
    expect(listed({ include: [] })).toEqual([]);
    expect(listed({ exclude: [] })).toHaveLength(1000);
  });

  it('tells the first name that nothing has, and what is near it', () => {
    expect(resolveFilter({ include: ['dog', 'Irish seter'], exclude: ['nothing at all'] })).toEqual({
      unknown: 'Irish seter',
      nearest: ['Irish setter'],
    });
  });
});

describe('the nearest names', () => {
  it.each([
    ['retreiver', 'retriever'],
    ['dogs', 'dog'],
    [' Animals ', 'animal'],
    ['grand pian', 'grand piano'],
    ['vehical', 'vehicle'],
    ['german shepard', 'German shepherd'],
    ['kitchen ware', 'kitchenware'],
    ['chiuaua', 'Chihuahua'],
  ])('of "%s" have "%s" first', (text, expected) => {
    expect(nearestNames(text)[0]).toBe(expected);
  });

  it('are those that have it as a word', () => {
    expect(nearestNames('piano')).toEqual(['piano accordion', 'grand piano', 'upright piano']);
  });

  it('are at most three, one of each class, and groups before classes that are as near', () => {
    const nearest = nearestNames('shark');
    expect(nearest.length).toBeLessThanOrEqual(3);
    expect(nearestNames('setters')[0]).toBe('setter');
    expect(new Set(nearest).size).toBe(nearest.length);
  });

  it.each(['', ' ', 'qqqqqqqq', 'n99999999', 'x'.repeat(41), 'x'.repeat(100_000)])(
    'of "%.12s" are none',
    (text) => {
      expect(nearestNames(text)).toEqual([]);
    },
  );
});
