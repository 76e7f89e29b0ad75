import { describe, expect, it } from 'vitest';
import type { Classification } from '../../src/answer.ts';
import type { Label } from '../../src/inference/labels.ts';
import type { Group } from '../../src/inference/taxonomy.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post, service } from '../service.ts';

const app = service();
const web = provided('spider-web.jpeg-420');
const clock = provided('digital-clock.jpeg-420');

async function get<T>(path: string): Promise<T> {
  const response = await app.request(path);
  expect(response.status).toBe(200);
  return response.json();
}

async function classify(body: Uint8Array, query = ''): Promise<Classification> {
  const response = await app.request(`/v1/classify?${query}`, post(body));
  expect(response.status, await response.clone().text()).toBe(200);
  return response.json();
}

async function refusal(query: string): Promise<string> {
  const response = await app.request(`/v1/classify?${query}`, post(clock));
  expect(response.status).toBe(400);
  const { code, detail } = await response.json<{ code: string; detail: string }>();
  expect(code).toBe('option_invalid');
  return detail;
}

describe('the groups', () => {
  it('are listed with the same members each, and may be asked for with a condition', async () => {
    const response = await app.request('/v1/groups');
    const groups = await response.json<Group[]>();
    expect(groups.find(({ id }) => id === 'herding-dog')).toEqual({
      id: 'herding-dog',
      name: 'herding dog',
      names: ['herding dog', 'shepherd dog', 'sheepdog'],
      parent: 'dog',
      level: 3,
      classes: 15,
    });
    for (const group of groups) {
      expect(Object.keys(group)).toEqual(['id', 'name', 'names', 'parent', 'level', 'classes']);
    }
    const headers = { 'if-none-match': response.headers.get('etag') ?? '' };
    expect((await app.request('/v1/groups', { headers })).status).toBe(304);
  });

  it('are named by every class, and every prediction', async () => {
    const ids = new Set((await get<Group[]>('/v1/groups')).map(({ id }) => id));
    const labels = await get<Label[]>('/v1/labels');
    expect(labels.every(({ group }) => ids.has(group))).toBe(true);
    const { predictions } = await classify(clock, 'top_k=1000');
    for (const { index, group } of predictions) expect(group).toBe(labels[index]?.group);
  });

  it('have a version, in the model card and in every answer', async () => {
    const { taxonomy } = await get<{ taxonomy: string }>('/v1/model');
    expect(taxonomy).toMatch(/^\d+$/);
    expect((await classify(clock)).taxonomy).toBe(taxonomy);
  });
});

describe('tags', () => {
  it('lead from general to special, each with what it is', async () => {
    const { tags, tag } = await classify(clock);
    expect(tags).toEqual([
      { name: 'object', score: expect.any(Number), level: 1, group: 'object' },
      { name: 'measuring instrument', score: expect.any(Number), level: 2, group: 'measuring-instrument' },
      { name: 'clock or watch', score: expect.any(Number), level: 3, group: 'clock-or-watch' },
      { name: 'digital clock', score: expect.any(Number), level: 4, index: 530 },
    ]);
    expect(tag).toBe('digital clock');
    const scores = tags.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('score what the predictions under them score together', async () => {
    const { predictions, tags } = await classify(clock, 'top_k=1000');
    const object = tags.find(({ group }) => group === 'clock-or-watch');
    const under = predictions.filter(({ group }) => group === 'clock-or-watch');
    const sum = under.reduce((total, { score }) => total + score, 0);
    expect(object?.score).toBeCloseTo(sum, 5);
  });

  it('are the fewer the more is asked of them, whatever is asked of predictions', async () => {
    const best = (await classify(clock)).predictions[0]?.score ?? 0;
    const stricter = await classify(
      clock,
      `tag_min_score=${Math.min(1, best + 0.00001)}&top_k=1&min_score=1`,
    );
    expect(stricter.predictions).toEqual([]);
    expect(stricter.tags.at(-1)?.name).not.toBe('digital clock');
    expect((await classify(clock, 'tag_min_score=0.51')).tag).toBe('digital clock');
  });

  it.each(['0.5', '0', '1.01', 'NaN', '', 'much'])(
    'want a score above 0.5 and at most 1: "%s"',
    async (score) => {
      const detail = await refusal(`tag_min_score=${score}`);
      expect(detail).toBe('tag_min_score must be a number above 0.5 and at most 1.');
    },
  );

  it('come with every picture of a batch, and every line', async () => {
    const form = new FormData();
    for (const picture of [clock, web]) form.append('image', new File([picture], 'a.jpg'));
    const response = await app.request(
      '/v1/batch?tag_min_score=0.51',
      post(form, { accept: 'application/x-ndjson' }),
    );
    const lines = (await response.text()).trimEnd().split('\n');
    const tags = lines.map((line) => (JSON.parse(line) as { result: Classification }).result.tag);
    expect(tags).toEqual(['digital clock', 'spider web']);
  });
});

describe('a filter by groups', () => {
  it('lists the classes of the groups, and says how likely they are together', async () => {
    const answer = await classify(clock, 'labels.include=clock-or-watch,dog&top_k=1000');
    expect(answer.predictions).toHaveLength(118 + 7);
    const sum = answer.predictions.reduce((total, { score }) => total + score, 0);
    expect(answer.labels_score).toBeCloseTo(sum, 4);
    expect(answer.labels_score).toBeGreaterThan(0.5);
    expect(answer.tag).toBe('digital clock');
  });

  it('lists no tag that no listed class is under', async () => {
    const { tags, tag, labels_score } = await classify(clock, 'labels.exclude=measuring%20instrument');
    expect(tags.map(({ name }) => name)).toEqual(['object']);
    expect(tag).toBeNull();
    expect(labels_score).toBeLessThan(0.5);
    const dogs = await classify(clock, 'labels.include=dog');
    expect([dogs.tags, dogs.tag]).toEqual([[], null]);
    expect(dogs.labels_score).toBeLessThan(0.1);
  });

  it('says nothing of a score where there is none', async () => {
    expect(await classify(clock)).not.toHaveProperty('labels_score');
    expect((await classify(clock, 'labels.exclude=tench')).labels_score).toBeGreaterThan(0.9);
  });

  it('tells what a name that nothing has may be meant for', async () => {
    expect(await refusal('labels.include=dog,Irish%20seter')).toBe(
      'labels must be synsets or names of classes or groups, and "Irish seter" is none (did you mean Irish setter?): ' +
        'see /v1/labels and /v1/groups.',
    );
    expect(await refusal('labels.exclude=qqqqqq')).toBe(
      'labels must be synsets or names of classes or groups, and "qqqqqq" is none: see /v1/labels and /v1/groups.',
    );
  });

  it('takes the same in JSON', async () => {
    const body = JSON.stringify({
      image: clock.toBase64(),
      labels: { include: ['Timepiece'] },
      tag_min_score: 0.7,
    });
    const answer = await app.request('/v1/classify', post(body, { 'content-type': 'application/json' }));
    expect(await answer.json<Classification>()).toMatchObject({
      tag: 'digital clock',
      predictions: [{}, {}, {}, {}, {}],
    });
  });
});

it('the classifier knows nothing of groups', async () => {
  const seen = await classifier.see(clock);
  expect(seen.ok && Object.keys(seen.value).sort()).toEqual([
    'decoder',
    'embedding',
    'fingerprint',
    'image',
    'logits',
  ]);
});
