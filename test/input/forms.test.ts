/** Every form that clients send, to every route that takes a picture: the same picture, and so the same answer. */
import { describe, expect, it } from 'vitest';
import { provided } from '../pictures/provided.ts';
import { service } from '../service.ts';
import { BODIES, bytesOf, CODINGS, JSONS, ROUTES, type Route, type Sent, TEXTS } from './requests.ts';

const app = service();
const picture = provided('digital-clock.jpeg-420');

async function ask(path: string, { body, headers }: Sent): Promise<unknown> {
  const response = await app.request(path, { method: 'POST', body, headers: { ...headers } });
  const answer: unknown = await response.json();
  return response.status === 200 ? answer : { status: response.status, answer };
}

const answers = new Map<string, Promise<unknown>>();

function plain(route: Route): Promise<unknown> {
  const answer = answers.get(route.path) ?? ofPlainest(route);
  answers.set(route.path, answer);
  return answer;
}

/** The part that the route's own tests verify. */
async function ofPlainest({ path, json }: Route): Promise<unknown> {
  const body = json ? bytesOf(JSON.stringify(json(picture.toBase64()))) : picture;
  const answer = await ask(path, { body, headers: {} });
  if (!/embed|predict|infer/.test(path)) expect(JSON.stringify(answer)).toContain('"digital clock"');
  expect(answer).not.toHaveProperty('status');
  return answer;
}

describe.each(ROUTES)('$path', (route) => {
  const { path, json, onlyJson } = route;
  const bodies = onlyJson ? [] : Object.entries(BODIES).map(([name, sent]) => [name, sent(picture)] as const);
  const texts = json ? Object.entries(TEXTS) : [];
  const jsons = json ? Object.entries(JSONS) : [];

  it.each(bodies)('takes %s', async (_, sent) => {
    expect(await ask(path, sent)).toEqual(await plain(route));
  });

  it.each(texts)('takes %s', async (_, text) => {
    const body = bytesOf(JSON.stringify(json?.(text(picture))));
    expect(await ask(path, { body, headers: {} })).toEqual(await plain(route));
  });

  it.each(jsons)('takes %s', async (_, sent) => {
    expect(await ask(path, sent(JSON.stringify(json?.(picture.toBase64()))))).toEqual(await plain(route));
  });

  it.each(Object.entries(CODINGS))('takes a body in %s', async (_, coded) => {
    const body = json ? bytesOf(JSON.stringify(json(picture.toBase64()))) : picture;
    expect(await ask(path, await coded(body))).toEqual(await plain(route));
  });

  it('takes a slash at the end of its path', async () => {
    const body = json ? bytesOf(JSON.stringify(json(picture.toBase64()))) : picture;
    expect(await ask(`${path}/`, { body, headers: {} })).toEqual(await plain(route));
  });
});
