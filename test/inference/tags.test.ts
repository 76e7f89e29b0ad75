import { describe, expect, it } from 'vitest';
import { LABELS } from '../../src/inference/labels.ts';
import { LOGIT_COUNT } from '../../src/inference/softmax.ts';
import { groupScores, tagOf, tagPath } from '../../src/inference/tags.ts';
import { classesUnder, GROUPS } from '../../src/inference/taxonomy.ts';

/** 1001 probabilities: those of the given labels, and the rest on background. */
function scores(labels: Record<string, number>): Float32Array {
  const all = new Float32Array(LOGIT_COUNT);
  all[0] = 1;
  for (const [label, score] of Object.entries(labels)) {
    all[indexOf(label) + 1] = score;
    all[0] -= score;
  }
  return all;
}

function indexOf(label: string): number {
  const index = LABELS.findIndex((row) => row.label === label);
  if (index < 0) throw new Error(`no class ${label}`);
  return index;
}

/** Flat noise, and a few classes that stand out, different ones each time. */
function random(seed: number): Float32Array {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const all = Float32Array.from({ length: LOGIT_COUNT }, () => next() ** 40);
  const sum = all.reduce((total, value) => total + value, 0);
  return all.map((value) => value / sum);
}

const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);

describe('the score of a group', () => {
  it('is the sum of its classes, background never among them', () => {
    const probabilities = random(7);
    const sums = groupScores(probabilities);
    expect(sums).toHaveLength(GROUPS.length);
    for (const place of GROUPS.keys()) {
      const sum = classesUnder(place).reduce((total, index) => total + (probabilities[index + 1] ?? 0), 0);
      expect(sums[place], GROUPS[place]?.id).toBeCloseTo(sum, 10);
    }
    expect(groupScores(scores({}))).toEqual(new Float64Array(GROUPS.length));
  });
});

describe('tags', () => {
  it('lead from general to special, down to a class', () => {
    const path = tagPath(scores({ 'Irish setter': 0.9, tabby: 0.05 }), 0.6);
    expect(path.map(({ name, level }) => [name, level])).toEqual([
      ['animal', 1],
      ['dog', 2],
      ['setter', 3],
      ['Irish setter', 4],
    ]);
    expect(path[0]).toMatchObject({ group: 'animal', score: expect.closeTo(0.95, 6) });
    expect(path[3]).toMatchObject({ index: indexOf('Irish setter'), score: expect.closeTo(0.9, 6) });
    expect(path[3]).not.toHaveProperty('group');
    expect(tagOf(path)).toBe('Irish setter');
  });

  it('end where nothing is likely enough: many breeds make a dog', () => {
    const breeds = { 'Irish setter': 0.2, boxer: 0.2, pug: 0.2, beagle: 0.2, tabby: 0.15 };
    const path = tagPath(scores(breeds), 0.6);
    expect(path.map(({ name }) => name)).toEqual(['animal', 'dog']);
    expect(tagOf(path)).toBe('dog');
    expect(tagPath(scores(breeds), 0.9).map(({ name }) => name)).toEqual(['animal']);
    expect(tagPath(scores(breeds), 0.96)).toEqual([]);
  });

  it('are none where the picture may be anything, and background is nothing', () => {
    expect(tagPath(scores({ tabby: 0.3, pizza: 0.3, laptop: 0.3 }), 0.51)).toEqual([]);
    expect(tagPath(scores({}), 0.51)).toEqual([]);
    expect(tagOf([])).toBeNull();
  });

  it('name a class that is in no group but the first level', () => {
    const path = tagPath(scores({ bubble: 0.8 }), 0.6);
    expect(path.map(({ name, level }) => [name, level])).toEqual([
      ['object', 1],
      ['bubble', 2],
    ]);
    expect(tagOf(path)).toBe('bubble');
  });

  it('say nothing by an object alone', () => {
    const path = tagPath(scores({ bubble: 0.4, laptop: 0.4 }), 0.6);
    expect(path.map(({ name }) => name)).toEqual(['object']);
    expect(tagOf(path)).toBeNull();
    expect(tagOf(tagPath(scores({ tabby: 0.4, ostrich: 0.4 }), 0.6))).toBe('animal');
  });

  it.each([0.500001, 0.6, 0.75, 1])('are all groups and classes of at least %d, and no other', (least) => {
    for (const seed of SEEDS) {
      const probabilities = random(seed);
      const groups = Array.from(groupScores(probabilities), (score, place) => ({
        name: GROUPS[place]?.name,
        score,
      }));
      const classes = LABELS.map(({ label, index }) => ({
        name: label,
        score: probabilities[index + 1] ?? 0,
      }));
      const likely = [...groups, ...classes].filter(({ score }) => score >= least).map(({ name }) => name);
      expect(tagPath(probabilities, least).map(({ name }) => name)).toEqual(likely);
    }
  });

  it('keep to what may be listed', () => {
    const probabilities = scores({ 'Irish setter': 0.7, boxer: 0.2 });
    const without = (...labels: string[]) => {
      const unwanted = new Set(labels.map(indexOf));
      return tagPath(probabilities, 0.6, (index) => !unwanted.has(index)).map(({ name }) => name);
    };
    expect(without('Irish setter')).toEqual(['animal', 'dog', 'setter']);
    expect(without('Irish setter', 'English setter', 'Gordon setter')).toEqual(['animal', 'dog']);
    expect(tagPath(probabilities, 0.6, () => false)).toEqual([]);
  });
});
