import { describe, expect, it } from 'vitest';
import type { Classification } from '../../src/answer.ts';
import { provided, providedNames } from '../pictures/provided.ts';
import { post, service } from '../service.ts';

const app = service();

async function classify(body: Uint8Array, query = ''): Promise<Classification> {
  const response = await app.request(`/v1/classify${query}`, post(body));
  expect(response.status, await response.clone().text()).toBe(200);
  return response.json();
}

describe('what is in a picture', () => {
  it.each(providedNames().filter((name) => name.startsWith('crossword.')))('names %s', async (name) => {
    const answer = await classify(provided(name));
    expect(answer.predictions[0]).toMatchObject({
      label: 'crossword puzzle',
      index: 918,
      synset: 'n06785654',
      names: ['crossword puzzle', 'crossword'],
    });
    expect(answer.image).toMatchObject({ width: 320, height: 240, format: name.split(/[.-]/)[1] });
  });

  it.each([
    ['digital-clock.jpeg-420', 'digital clock'],
    ['golf-ball.jpeg-420', 'golf ball'],
    ['spider-web.jpeg-420', 'spider web'],
    ['portrait.jpeg-420', 'spider web'],
    ['large.jpeg-420', 'spider web'],
  ])('names %s', async (name, label) => {
    const { predictions } = await classify(provided(name));
    expect(predictions[0]?.label).toBe(label);
    expect(predictions[0]?.score).toBeGreaterThan(0.5);
  });

  it('answers as documented, and nothing more', async () => {
    const answer = await classify(provided('golf-ball.jpeg-420'));
    expect(Object.keys(answer)).toEqual(['predictions', 'tags', 'tag', 'taxonomy', 'image', 'model']);
    expect(answer.predictions).toHaveLength(5);
    expect(Object.keys(answer.predictions[0] ?? {})).toEqual([
      'label',
      'score',
      'index',
      'synset',
      'names',
      'group',
    ]);
    expect(answer.image).toEqual({ format: 'jpeg', width: 320, height: 240, orientation: 1 });
    expect(answer.model).toEqual({ name: 'mobilenet_v3_small_100_224', version: '1.1.0' });
    const scores = answer.predictions.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it.each(['', 'text/plain', 'application/json', 'image/gif', 'application/x-www-form-urlencoded'])(
    'sniffs the bytes whatever the content type says: "%s"',
    async (type) => {
      const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
      const response = await app.request('/v1/classify', post(provided('golf-ball.jpeg-420'), headers));
      expect(response.status).toBe(200);
      expect(await response.json<Classification>()).toMatchObject({ image: { format: 'jpeg' } });
    },
  );
});

describe('options', () => {
  const body = provided('golf-ball.jpeg-420');

  it.each([1, 2, 1000])('lists %d predictions', async (k) => {
    expect((await classify(body, `?top_k=${k}`)).predictions).toHaveLength(k);
  });

  it('leaves out what scores less than min_score', async () => {
    const { predictions } = await classify(body, '?top_k=1000&min_score=0.01');
    expect(predictions.length).toBeGreaterThan(0);
    expect(predictions.every(({ score }) => score >= 0.01)).toBe(true);
    expect((await classify(body, '?min_score=1')).predictions).toEqual([]);
  });

  it('lists all classes once and background never', async () => {
    const { predictions } = await classify(body, '?top_k=1000');
    expect(new Set(predictions.map(({ index }) => index)).size).toBe(1000);
    const sum = predictions.reduce((total, { score }) => total + score, 0);
    expect(sum).toBeGreaterThan(0.9);
    expect(sum).toBeLessThanOrEqual(1.0005);
  });

  it('lists the classes that are included, by synset, label or any name', async () => {
    const { predictions } = await classify(body, '?labels.include=n03445777,CRANE,snoek');
    expect(predictions.map(({ index }) => index).sort((a, b) => a - b)).toEqual([134, 389, 517, 574]);
  });

  it('leaves out the classes that are excluded, at the same scores', async () => {
    const all = await classify(body, '?top_k=3');
    const { predictions } = await classify(body, '?top_k=2&labels.exclude=golf%20ball');
    expect(predictions).toEqual(all.predictions.slice(1));
  });

  it.each([
    ['top_k=0', 'top_k'],
    ['top_k=1001', 'top_k'],
    ['top_k=10000', 'top_k'],
    ['top_k=1.5', 'top_k'],
    ['top_k=', 'top_k'],
    ['top_k=five', 'top_k'],
    ['min_score=-0.1', 'min_score'],
    ['min_score=1.1', 'min_score'],
    ['min_score=NaN', 'min_score'],
    ['labels.include=nothing', 'labels'],
  ])('refuses %s by name', async (query, option) => {
    const response = await app.request(`/v1/classify?${query}`, post(body));
    expect(response.status).toBe(400);
    const problem = await response.json<{ code: string; detail: string }>();
    expect(problem.code).toBe('option_invalid');
    expect(problem.detail).toContain(option);
  });
});
