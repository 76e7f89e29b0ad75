import { describe, expect, it, vi } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import type { LabelScore } from '../../src/http/dialects/predictions.ts';
import { readSettings } from '../../src/settings.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post, service } from '../service.ts';

const app = service();
const web = provided('spider-web.jpeg-420');
const RUN = '/client/v4/accounts/0123456789abcdef/ai/run';
const OURS = `${RUN}/mobilenet_v3_small_100_224`;
const RESNET = `${RUN}/@cf/microsoft/resnet-50`;
const JSON_TYPE = { 'content-type': 'application/json' };

interface Envelope {
  readonly success: boolean;
  readonly result: LabelScore[] | null;
  readonly errors: readonly { readonly code: number; readonly message: string }[];
  readonly messages: readonly unknown[];
}

function json(body: unknown): RequestInit {
  return post(JSON.stringify(body), JSON_TYPE);
}

describe('Workers AI', () => {
  it.each([
    ['raw bytes', OURS, post(web)],
    [
      'raw bytes as curl sends them',
      OURS,
      post(web, { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    ['an array of bytes', OURS, json({ image: [...web] })],
    ["another model's name", RESNET, post(web)],
    ["another model's name, encoded", `${RUN}/%40cf%2Fmicrosoft%2Fresnet-50`, json({ image: [...web] })],
    ['another model with only its slashes encoded', `${RUN}/@cf%2Fmicrosoft%2Fresnet-50`, post(web)],
  ])('takes %s', async (_, path, init) => {
    const response = await app.request(path, init);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    const { result, ...rest } = await response.json<Envelope>();
    expect(rest).toEqual({ success: true, errors: [], messages: [] });
    expect(result).toHaveLength(5);
    expect(result?.[0]).toEqual({ label: 'spider web', score: expect.any(Number) });
  });

  it('lists as many as asked for, background never among them', async () => {
    const response = await app.request(`${OURS}?top_k=1000`, post(web));
    const { result } = await response.json<Envelope>();
    expect(result).toHaveLength(1000);
    expect(result?.map(({ label }) => label)).not.toContain('background');
  });

  it('answers to the names that are configured, and to its own', async () => {
    const renamed = service({ WORKERS_AI_MODELS: '@cf/me/classifier, other' });
    const status = async (path: string) => (await renamed.request(path, post(web))).status;
    expect(await status(`${RUN}/@cf/me/classifier`)).toBe(200);
    expect(await status(`${RUN}/other`)).toBe(200);
    expect(await status(OURS)).toBe(200);
    expect(await status(RESNET)).toBe(404);
    const alone = service({ WORKERS_AI_MODELS: '' });
    expect((await alone.request(`${RUN}/`, post(web))).status).toBe(404);
    expect((await alone.request(OURS, post(web))).status).toBe(200);
  });
});

const CASES: readonly [
  name: string,
  path: string,
  init: RequestInit,
  status: number,
  code: number,
  says: string,
][] = [
  ['no body', OURS, { method: 'POST' }, 400, 5004, 'empty'],
  ['truncated JSON', OURS, post('{"image": [1, 2', JSON_TYPE), 400, 5004, 'not valid JSON'],
  ['a JSON list', OURS, json([255, 216]), 400, 5004, '"image"'],
  ['no image', OURS, json({ prompt: 'a cat' }), 400, 5004, '"image" must be a list'],
  ['an empty image', OURS, json({ image: [] }), 400, 5004, '"image" must be a list'],
  ['a text for an image', OURS, json({ image: web.toBase64() }), 400, 5004, '"image" must be a list'],
  [
    'a byte over 255',
    OURS,
    json({ image: [255, 256] }),
    400,
    5004,
    '"image.1" must be a whole number from 0 to 255',
  ],
  ['a byte under 0', OURS, json({ image: [-1] }), 400, 5004, '"image.0"'],
  ['half a byte', OURS, json({ image: [1, 2, 0.5] }), 400, 5004, '"image.2"'],
  ['a byte as text', OURS, json({ image: ['1'] }), 400, 5004, '"image.0"'],
  ['top_k 0', `${OURS}?top_k=0`, post(web), 400, 5004, 'top_k must be a whole number from 1 to 1000'],
  ['top_k 10000', `${OURS}?top_k=10000`, post(web), 400, 5004, 'top_k'],
  ['a text', OURS, post('hello'), 415, 5004, 'JPEG'],
  ['an array of no picture', OURS, json({ image: [1, 2, 3] }), 415, 5004, 'JPEG'],
  ['half a picture', OURS, post(web.subarray(0, 2000)), 422, 5004, 'JPEG'],
  [
    'another model',
    `${RUN}/@cf/meta/llama-3`,
    post(web),
    404,
    3042,
    'mobilenet_v3_small_100_224, @cf/microsoft/resnet-50',
  ],
  ['no model', `${RUN}/`, post(web), 404, 7000, '/ai/run'],
  ['another route', '/client/v4/zones', {}, 404, 7000, '/client/v4/zones'],
  ['the root', '/client/v4', {}, 404, 7000, '/client/v4'],
  ['GET', OURS, {}, 405, 10405, 'use POST'],
];

describe('Workers AI failures', () => {
  it.each(CASES)('%s', async (_, path, init, status, code, says) => {
    const response = await app.request(path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]+$/);
    const message = expect.stringContaining(says);
    const envelope = { success: false, errors: [{ code, message }], result: null, messages: [] };
    expect(await response.json()).toEqual(envelope);
  });

  it('says which method is possible', async () => {
    expect((await app.request(OURS)).headers.get('allow')).toBe('POST');
  });

  it('asks for a key in the envelope', async () => {
    const response = await service({ ALLOW_ANONYMOUS: 'false' }).request(OURS, post(web));
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await response.json()).toMatchObject({ success: false, errors: [{ code: 10000 }], result: null });
  });

  it('hides what went wrong on our side in the envelope', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const broken = { ...classifier, see: () => Promise.reject(new Error('secret')) };
    const faulty = createApp(readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '0' }), broken);
    const response = await faulty.request(OURS, post(web));
    logged.mockRestore();
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).not.toContain('secret');
    expect(JSON.parse(text)).toMatchObject({ success: false, errors: [{ code: 3043 }], result: null });
  });

  it('refuses arrays over the limit for numbers, and pictures over theirs', async () => {
    const small = service({ MAX_TENSOR_BYTES: '1024', MAX_IMAGE_BYTES: '4096' });
    const codes = async (init: RequestInit) =>
      (await (await small.request(OURS, init)).json<Envelope>()).errors;
    const message = (bytes: number) => expect.stringContaining(`${bytes} bytes`);
    const numbers = JSON.stringify({ image: new Array(1000).fill(0) });
    expect(await codes(post(numbers, JSON_TYPE))).toEqual([{ code: 3006, message: message(1024) }]);
    expect(await codes(post(numbers))).toEqual([{ code: 3006, message: message(1024) }]);
    expect(await codes(post(new Uint8Array(8192)))).toEqual([{ code: 3006, message: message(4096) }]);
    expect(await codes(post(new Uint8Array(2048)))).toMatchObject([{ code: 5004 }]);
  });

  it('leaves the failures of other routes as problem details', async () => {
    const response = await app.request('/client/v5');
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });
});
