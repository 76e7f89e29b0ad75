import { describe, expect, it } from 'vitest';
import type { LabelScore } from '../../src/http/dialects/predictions.ts';
import { softmax } from '../../src/inference/softmax.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post, service } from '../service.ts';

const app = service();
const web = provided('spider-web.jpeg-420');
const inputs = web.toBase64();
const MODEL = 'mobilenet_v3_small_100_224';
const JSON_TYPE = { 'content-type': 'application/json' };

function json(body: unknown, headers: Record<string, string> = {}): RequestInit {
  return post(JSON.stringify(body), headers);
}

async function ask(path: string, init: RequestInit): Promise<LabelScore[]> {
  const response = await app.request(path, init);
  expect(response.status).toBe(200);
  return response.json();
}

describe('Hugging Face image classification', () => {
  it('answers a bare array of label and score, as application/json exactly', async () => {
    const response = await app.request('/hf', post(web));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const predictions = await response.json<LabelScore[]>();
    expect(predictions).toHaveLength(5);
    for (const prediction of predictions) expect(Object.keys(prediction)).toEqual(['label', 'score']);
    expect(predictions[0]?.label).toBe('spider web');
  });

  it.each([
    ['raw bytes of any type', '/hf', post(web, { 'content-type': 'application/x-www-form-urlencoded' })],
    ['raw bytes that call themselves JSON', '/hf', post(web, JSON_TYPE)],
    ['JSON', '/hf', json({ inputs }, JSON_TYPE)],
    ['JSON without its content type', '/hf', json({ inputs })],
    ['JSON with parameters that are null', '/hf', json({ inputs, parameters: null })],
    ['a data: URL', '/hf', json({ inputs: `data:image/jpeg;base64,${inputs}` })],
    ["the model's name", `/hf/models/${MODEL}`, post(web)],
    ["the model's name with an owner", `/hf/models/google/${MODEL}`, post(web)],
    ['the same with an encoded slash', `/hf/models/google%2F${MODEL}`, post(web)],
  ])('takes %s', async (_, path, init) => {
    expect((await ask(path, init))[0]?.label).toBe('spider web');
  });

  it.each([
    ['in the query', '/hf?top_k=2', post(web), 2],
    ['in parameters', '/hf', json({ inputs, parameters: { top_k: 3 } }), 3],
    ['in both, where parameters win', '/hf?top_k=2', json({ inputs, parameters: { top_k: 3 } }), 3],
    ['of all classes, background never among them', '/hf?top_k=1000', post(web), 1000],
  ])('takes top_k %s', async (_, path, init, count) => {
    const predictions = await ask(path, init);
    expect(predictions).toHaveLength(count);
    const scores = predictions.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(predictions.map(({ label }) => label)).not.toContain('background');
  });

  it.each([
    ['softmax', softmax],
    ['sigmoid', (logits: Float32Array) => logits.map((logit) => 1 / (1 + Math.exp(-logit)))],
    ['none', (logits: Float32Array) => logits],
  ] as const)('applies %s to the outputs', async (name, apply) => {
    const seen = await classifier.see(web);
    if (!seen.ok) throw new Error(seen.failure.code);
    const expected = [...apply(seen.value.logits).subarray(1)].sort((a, b) => b - a);
    const inQuery = await ask(`/hf?function_to_apply=${name}&top_k=1000`, post(web));
    expect(inQuery.map(({ score }) => score)).toEqual(expected);
    const parameters = { function_to_apply: name, top_k: 1000 };
    expect(await ask('/hf', json({ inputs, parameters }))).toEqual(inQuery);
  });
});

const CASES: readonly [
  name: string,
  path: string,
  init: RequestInit,
  status: number,
  code: string,
  says: string,
][] = [
  ['no body', '/hf', { method: 'POST' }, 400, 'body_missing', 'empty'],
  ['a text', '/hf', post('hello'), 415, 'image_format_unsupported', 'JPEG'],
  ['half a picture', '/hf', post(web.subarray(0, 2000)), 422, 'image_unreadable', 'JPEG'],
  ['truncated JSON', '/hf', post('{"inputs": "abc'), 400, 'json_invalid', 'breaks off'],
  ['a JSON list', '/hf', json([inputs], JSON_TYPE), 400, 'field_invalid', '"inputs"'],
  ['a JSON text', '/hf', json(inputs, JSON_TYPE), 400, 'field_invalid', '"inputs"'],
  ['no inputs', '/hf', json({ image: inputs }), 400, 'field_invalid', '"inputs" must be the base64'],
  [
    'inputs of a wrong type',
    '/hf',
    json({ inputs: [1, 2] }),
    400,
    'field_invalid',
    '"inputs" must be the base64',
  ],
  ['wrong base64', '/hf', json({ inputs: 'A!' }), 400, 'base64_invalid', 'inputs must be the base64'],
  [
    'wrong parameters',
    '/hf',
    json({ inputs, parameters: 5 }),
    400,
    'field_invalid',
    '"parameters" must be an object',
  ],
  ['top_k 0', '/hf?top_k=0', post(web), 400, 'option_invalid', 'top_k must be a whole number from 1 to 1000'],
  ['top_k 10000', '/hf', json({ inputs, parameters: { top_k: 10_000 } }), 400, 'option_invalid', '1 to 1000'],
  ['an unknown function', '/hf?function_to_apply=tanh', post(web), 400, 'option_invalid', '"sigmoid"'],
  ['another model', '/hf/models/google/vit-base-patch16-224', post(web), 404, 'model_unknown', MODEL],
  ['a name within a name', `/hf/models/a/b/${MODEL}`, post(web), 404, 'model_unknown', MODEL],
  ['an empty owner', `/hf/models//${MODEL}`, post(web), 404, 'model_unknown', MODEL],
  ['no name', '/hf/models', post(web), 404, 'route_unknown', '/hf/models'],
  ['GET', '/hf', {}, 405, 'method_not_allowed', 'POST'],
  ['PUT', `/hf/models/${MODEL}`, { method: 'PUT', body: web }, 405, 'method_not_allowed', 'POST'],
];

describe('Hugging Face failures', () => {
  it.each(CASES)('%s', async (_, path, init, status, code, says) => {
    const response = await app.request(path, init);
    const problem = await response.json<Record<string, unknown>>();
    expect(problem).toMatchObject({ status, code, request_id: response.headers.get('x-request-id') });
    expect(response.status).toBe(status);
    expect(problem.error).toContain(says);
    expect(problem.error).toBe(problem.detail);
  });

  it('refuses JSON over the limit for JSON, and pictures over theirs', async () => {
    const small = service({ MAX_JSON_BYTES: '1024', MAX_IMAGE_BYTES: '4096' });
    const body = json({ inputs: 'A'.repeat(2048) });
    expect((await small.request('/hf', body)).status).toBe(413);
    expect((await small.request('/hf', post(new Uint8Array(8192)))).status).toBe(413);
    expect((await small.request('/hf', post(new Uint8Array(2048)))).status).toBe(415);
  });

  it('asks for a key where anonymous use is off', async () => {
    const closed = service({ ALLOW_ANONYMOUS: 'false' });
    expect((await closed.request('/hf', post(web))).status).toBe(401);
    expect((await closed.request(`/hf/models/${MODEL}`, post(web))).status).toBe(401);
  });
});
