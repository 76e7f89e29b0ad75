import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readOptions } from '../src/given-options.ts';
import { optionNames } from '../src/option-names.ts';
import { classifyOptionsSchema, embedOptionsSchema } from '../src/options.ts';

function read(given: Readonly<Record<string, unknown>>, schema: z.ZodObject = classifyOptionsSchema) {
  return readOptions(schema, Object.entries(given));
}

/** The listed ones of a few indices. */
function listed(given: Readonly<Record<string, unknown>>): number[] {
  const options = readOptions(classifyOptionsSchema, Object.entries(given));
  if (!options.ok) throw new Error(JSON.stringify(options.failure));
  return [281, 282, 530].filter((index) => options.value.labels?.(index) ?? true);
}

describe('the names of options', () => {
  it('have the members that the schema has', () => {
    const { properties = {} } = z.toJSONSchema(classifyOptionsSchema, { io: 'input' });
    const members = Object.entries(properties).flatMap(([name, schema]) => [
      name,
      ...Object.keys((typeof schema === 'object' ? schema.properties : undefined) ?? {}).map(
        (member) => `${name}.${member}`,
      ),
    ]);
    expect(optionNames(classifyOptionsSchema)).toEqual(members);
  });
});

describe('a name that is nearly an option', () => {
  it.each([
    ['top-k', 'top_k'],
    ['topk', 'top_k'],
    ['topK', 'top_k'],
    ['TOP_K', 'top_k'],
    ['top.k', 'top_k'],
    ['top_l', 'top_k'],
    ['to_k', 'top_k'],
    ['top_ks', 'top_k'],
    ['minScore', 'min_score'],
    ['min-score', 'min_score'],
    ['label', 'labels'],
    ['Labels', 'labels'],
    ['labels_include', 'labels.include'],
    ['labels.Exclude', 'labels.exclude'],
    ['labelsinclude', 'labels.include'],
    ['label.include', 'labels.include'],
  ])('%s is refused, and %s named', (name, right) => {
    expect(read({ [name]: 'x' })).toEqual({
      ok: false,
      failure: {
        code: 'option_invalid',
        option: JSON.stringify(name),
        reason: `written ${right}`,
      },
    });
  });

  it('is refused in an object too', () => {
    expect(read({ labels: { includes: ['tabby'] } })).toMatchObject({
      ok: false,
      failure: { option: '"labels.includes"', reason: 'written labels.include' },
    });
  });

  it.each([
    ['encodingFormat', 'encoding_format'],
    ['normalise', 'normalize'],
  ])('%s is refused where it is one', (name, right) => {
    expect(read({ [name]: 'float' }, embedOptionsSchema)).toMatchObject({
      ok: false,
      failure: { reason: `written ${right}` },
    });
    expect(read({ [name]: 'float' })).toMatchObject({ ok: true });
  });

  it.each([
    'k',
    'top',
    'topkkk',
    'Top_kk',
    'max_results',
    'score',
    'images',
    'url',
    'normalize',
    '__proto__',
    '',
  ])('%j is ignored', (name) => {
    expect(read(JSON.parse(`{${JSON.stringify(name)}: "x"}`))).toMatchObject({
      ok: true,
      value: { top_k: 5 },
    });
  });

  it('is quoted in part where it is long', () => {
    const result = read({ [`top${'-'.repeat(100_000)}k`]: 1 });
    expect(JSON.stringify(result).length).toBeLessThan(200);
  });
});

describe('an option', () => {
  it('is its default where it is null', () => {
    const nothing = { top_k: null, min_score: null, labels: null };
    expect(read(nothing)).toMatchObject({ ok: true, value: { top_k: 5, min_score: 0 } });
    expect(read({ encoding_format: null, normalize: null }, embedOptionsSchema)).toMatchObject({
      ok: true,
      value: { encoding_format: 'float', normalize: false },
    });
    expect(listed({ labels: { include: null, exclude: ['tabby'] } })).toEqual([282, 530]);
    expect(listed({ 'labels.include': null })).toEqual([281, 282, 530]);
    expect(listed({ 'labels.include': '', 'labels.exclude': '' })).toEqual([281, 282, 530]);
  });

  it('is its default where null comes after a value', () => {
    const result = readOptions(classifyOptionsSchema, [['top_k', '3']], [['top_k', null]]);
    expect(result).toMatchObject({ ok: true, value: { top_k: 5 } });
  });

  it.each([
    { labels: { include: ['tabby', 'digital clock'] } },
    { labels: '{"include": ["tabby", "digital clock"]}' },
    { 'labels.include': 'tabby, digital clock' },
    { 'labels.include': ['tabby', 'digital clock'] },
    { labels: { exclude: ['tiger cat'] } },
    { 'labels.exclude': 'tiger cat' },
    { labels: '{"include": ["tabby", "tiger cat", "digital clock"]}', 'labels.exclude': 'tiger cat' },
  ])('is read in its spelling %j', (given) => {
    expect(listed(given)).toEqual([281, 530]);
  });

  it.each(['true', 'True', true])('is on where it is %j', (normalize) => {
    expect(read({ normalize }, embedOptionsSchema)).toMatchObject({ ok: true, value: { normalize: true } });
  });

  it.each(['false', 'False', false])('is off where it is %j', (normalize) => {
    expect(read({ normalize }, embedOptionsSchema)).toMatchObject({ ok: true, value: { normalize: false } });
  });

  it('may be repeated where it is a list', () => {
    const options = readOptions(classifyOptionsSchema, [
      ['labels.include', 'tabby'],
      ['labels.include', 'digital clock'],
    ]);
    expect(options.ok && [281, 282, 530].filter((index) => options.value.labels?.(index))).toEqual([
      281, 530,
    ]);
  });

  it.each(['{"include": [', 'tabby', '["tabby"]', '7'])('is refused where its JSON is %j', (labels) => {
    expect(read({ labels })).toMatchObject({ ok: false, failure: { option: 'labels' } });
  });
});
