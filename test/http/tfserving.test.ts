import { describe, expect, it } from 'vitest';
import { softmax, topK } from '../../src/inference/softmax.ts';
import { PUBLIC_INPUT_FLOATS, toGraphInput } from '../../src/inference/tensor.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post, service } from '../service.ts';

const app = service();
const NAME = 'mobilenet_v3_small_100_224';
const MODEL = `/tf/v1/models/${NAME}`;
const PREDICT = `${MODEL}:predict`;
const CLASSIFY = `${MODEL}:classify`;

const web = provided('spider-web.jpeg-420');
const clock = provided('digital-clock.jpeg-420');
const b64 = web.toBase64();

/** A picture whose float32 values are not short decimals. */
const floats = Float32Array.from({ length: PUBLIC_INPUT_FLOATS }, (_, i) => ((i * 7919) % 1009) / 1009);

function nested(values: Float32Array): number[][][] {
  const at = (y: number, x: number) => (y * 224 + x) * 3;
  return Array.from({ length: 224 }, (_, y) =>
    Array.from({ length: 224 }, (_, x) => [...values.subarray(at(y, x), at(y, x) + 3)]),
  );
}

const tensor = nested(floats);

/** The tensor with one value changed. */
function spoilt(y: number, x: number, channel: number, value: unknown): unknown[][][] {
  const copy: unknown[][][] = structuredClone(tensor);
  const pixel = copy[y]?.[x];
  if (pixel !== undefined) pixel[channel] = value;
  return copy;
}

function json(body: unknown): RequestInit {
  return post(JSON.stringify(body));
}

async function ask<T>(path: string, body: unknown): Promise<T> {
  const response = await app.request(path, json(body));
  expect(response.status).toBe(200);
  return response.json();
}

async function logitsOf(bytes: Uint8Array): Promise<number[]> {
  const seen = await classifier.see(bytes);
  if (!seen.ok) throw new Error(seen.failure.code);
  return [...seen.value.logits];
}

async function logitsOfFloats(values: Float32Array): Promise<number[]> {
  return [...(await classifier.infer(toGraphInput(values))).logits];
}

describe('TensorFlow Serving: the model', () => {
  it.each([MODEL, `${MODEL}/versions/1`])('GET %s tells its status', async (path) => {
    const response = await app.request(path);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toEqual({
      model_version_status: [
        { version: '1', state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } },
      ],
    });
  });

  it.each([`${MODEL}/metadata`, `${MODEL}/versions/1/metadata`])(
    'GET %s tells its signature',
    async (path) => {
      const dims = (...sizes: string[]) => ({
        dim: sizes.map((size) => ({ size, name: '' })),
        unknown_rank: false,
      });
      const float = (name: string, tensor_shape: object) => ({ dtype: 'DT_FLOAT', tensor_shape, name });
      const signature = {
        inputs: { inputs: float('inputs', dims('-1', '224', '224', '3')) },
        outputs: { logits: float('logits', dims('-1', '1001')) },
        method_name: 'tensorflow/serving/predict',
      };
      expect(await (await app.request(path)).json()).toEqual({
        model_spec: { name: NAME, signature_name: '', version: '1' },
        metadata: { signature_def: { signature_def: { serving_default: signature } } },
      });
    },
  );

  it('is told without a key', async () => {
    const closed = service({ ALLOW_ANONYMOUS: 'false' });
    expect((await closed.request(MODEL)).status).toBe(200);
    expect((await closed.request(`${MODEL}/versions/1/metadata`)).status).toBe(200);
  });
});

describe('TensorFlow Serving: predict', () => {
  it('gives the logits of a float tensor to the last bit, in JSON', async () => {
    const { predictions } = await ask<{ predictions: number[][] }>(PREDICT, { instances: [tensor] });
    const expected = await logitsOfFloats(floats);
    expect(expected).toHaveLength(1001);
    expect(predictions).toEqual([expected]);
    expect([...Float32Array.from(predictions[0] ?? [])]).toEqual(expected);
  });

  it('runs the instances of a batch one by one, in order', async () => {
    const other = floats.map((value) => 1 - value);
    const answer = await ask(PREDICT, { instances: [tensor, nested(other)] });
    expect(answer).toEqual({ predictions: [await logitsOfFloats(floats), await logitsOfFloats(other)] });
  });

  it.each([
    ['b64', { instances: [{ b64 }] }],
    ['b64 under the name of the input', { instances: [{ inputs: { b64 } }] }],
    ['b64 under another name', { instances: [{ image: { b64 } }] }],
    ['b64 under a third', { instances: [{ image_bytes: { b64 } }] }],
    ['the signature named', { signature_name: 'serving_default', instances: [{ b64 }] }],
    ['the signature named emptily', { signature_name: '', instances: [{ b64 }] }],
  ])('takes pictures in row format: %s', async (_, body) => {
    const expected = { predictions: [await logitsOf(web)] };
    expect(await ask(PREDICT, body)).toEqual(expected);
    expect(await ask(`${MODEL}/versions/1:predict`, body)).toEqual(expected);
  });

  it.each([
    ['a list', { inputs: [{ b64 }] }],
    ['a named list', { inputs: { inputs: [{ b64 }] } }],
    ['a list under another name', { inputs: { image: [{ b64 }] } }],
    ['one picture', { inputs: { b64 } }],
    ['one picture under a name', { inputs: { image_bytes: { b64 } } }],
  ])('takes pictures in columnar format: %s', async (_, body) => {
    expect(await ask(PREDICT, body)).toEqual({ outputs: [await logitsOf(web)] });
  });

  it.each([
    ['row', 'named', { instances: [{ inputs: tensor }] }, 'predictions'],
    ['columnar', 'alone', { inputs: [tensor] }, 'outputs'],
    ['columnar', 'named', { inputs: { inputs: [tensor] } }, 'outputs'],
  ])('takes tensors in %s format, %s', async (_, __, body, key) => {
    expect(await ask(PREDICT, body)).toEqual({ [key]: [await logitsOfFloats(floats)] });
  });
});

describe('TensorFlow Serving: classify', () => {
  it('names the five best classes of each example with their probability', async () => {
    const examples = [{ image: { b64 } }, { image: { b64: clock.toBase64() } }];
    const { results } = await ask<{ results: [string, number][][] }>(CLASSIFY, { examples });
    expect(results.map((classes) => classes[0]?.[0])).toEqual(['spider web', 'digital clock']);
    const best = topK(softmax(Float32Array.from(await logitsOf(web))), 5, 0);
    expect(results[0]?.map(([, score]) => score)).toEqual(best.map(({ score }) => score));
  });

  it.each([
    ['image/encoded', { 'image/encoded': { b64 } }],
    ['a feature list of one', { image: [{ b64 }], caption: 'a web' }],
    ['b64 alone', { b64 }],
    ['a tensor', { inputs: nested(new Float32Array(PUBLIC_INPUT_FLOATS)) }],
  ])('takes %s', async (_, example) => {
    const body = { signature_name: 'serving_default', context: { place: 'attic' }, examples: [example] };
    const { results } = await ask<{ results: unknown[][] }>(`${MODEL}/versions/1:classify`, body);
    expect(results).toEqual([expect.arrayContaining([[expect.any(String), expect.any(Number)]])]);
  });

  it('lists as many as asked for, background never among them', async () => {
    const { results } = await ask<{ results: [string, number][][] }>(`${CLASSIFY}?top_k=1000`, {
      examples: [{ b64 }],
    });
    expect(results[0]).toHaveLength(1000);
    expect(results[0]?.map(([label]) => label)).not.toContain('background');
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
  ['no body', PREDICT, { method: 'POST' }, 400, 'body_missing', 'empty'],
  ['truncated JSON', PREDICT, post('{"instances": [[[0.1, '), 400, 'json_invalid', 'not valid JSON'],
  ['NaN, which is no JSON', PREDICT, post('{"instances": [NaN]}'), 400, 'json_invalid', 'not valid JSON'],
  ['a list', PREDICT, json([tensor]), 400, 'field_invalid', '"instances" or "inputs"'],
  ['neither format', PREDICT, json({ image: b64 }), 400, 'field_invalid', 'either "instances" or "inputs"'],
  [
    'both formats',
    PREDICT,
    json({ instances: [{ b64 }], inputs: [{ b64 }] }),
    400,
    'field_invalid',
    'not both',
  ],
  [
    'another signature',
    PREDICT,
    json({ signature_name: 'x', instances: [] }),
    400,
    'field_invalid',
    'serving_default',
  ],
  ['no instances', PREDICT, json({ instances: [] }), 400, 'field_invalid', '"instances" must be a list'],
  [
    'instances that are no list',
    PREDICT,
    json({ instances: { b64 } }),
    400,
    'field_invalid',
    '"instances" must be a list',
  ],
  [
    'a number for an instance',
    PREDICT,
    json({ instances: [1] }),
    400,
    'field_invalid',
    '"instances.0" must be [224][224][3]',
  ],
  [
    'an unknown name',
    PREDICT,
    json({ instances: [{ x: { b64 } }] }),
    400,
    'field_invalid',
    '"inputs", "image"',
  ],
  [
    'an unknown column',
    PREDICT,
    json({ inputs: { x: [{ b64 }] } }),
    400,
    'field_invalid',
    '"inputs", "image"',
  ],
  [
    'a named text',
    PREDICT,
    json({ instances: [{ image: b64 }] }),
    400,
    'field_invalid',
    '"instances.0.image"',
  ],
  ['wrong base64', PREDICT, json({ instances: [{ b64: 'A!' }] }), 400, 'base64_invalid', 'instances.0.b64'],
  [
    'base64 of a wrong type',
    PREDICT,
    json({ inputs: { image: [{ b64: 1 }] } }),
    400,
    'base64_invalid',
    'inputs.image.0.b64',
  ],
  [
    'an instance without its batch',
    PREDICT,
    json({ instances: tensor.slice(0, 2) }),
    400,
    'field_invalid',
    '"instances.0.0" must be 224 pixels, and is a list of 3',
  ],
  [
    'too few rows',
    PREDICT,
    json({ instances: [tensor.slice(1)] }),
    400,
    'field_invalid',
    '"instances.0" must be 224 rows, and is a list of 223',
  ],
  [
    'a row that is none',
    PREDICT,
    json({ instances: [tensor.with(9, [])] }),
    400,
    'field_invalid',
    '"instances.0.9" must be 224 pixels',
  ],
  [
    'a fourth channel',
    PREDICT,
    json({ instances: [spoilt(3, 2, 3, 1)] }),
    400,
    'field_invalid',
    '"instances.0.3.2" must be [red, green, blue], and is a list of 4',
  ],
  [
    'a text for a number',
    PREDICT,
    json({ inputs: { inputs: [spoilt(3, 2, 1, '0')] } }),
    400,
    'field_invalid',
    '"inputs.inputs.0.3.2.1" must be a float32, and is of type string',
  ],
  [
    'null for a number',
    PREDICT,
    json({ instances: [spoilt(223, 223, 2, null)] }),
    400,
    'field_invalid',
    '"instances.0.223.223.2"',
  ],
  [
    'a number over float32',
    PREDICT,
    json({ instances: [spoilt(0, 0, 0, 1e39)] }),
    400,
    'field_invalid',
    '"instances.0.0.0.0"',
  ],
  [
    'a number that overflows the network',
    PREDICT,
    json({ instances: [spoilt(0, 0, 0, 3e38)] }),
    400,
    'field_invalid',
    'overflows',
  ],
  [
    'a text as picture',
    PREDICT,
    json({ instances: [{ b64: btoa('hello') }] }),
    415,
    'image_format_unsupported',
    'JPEG',
  ],
  [
    'half a picture',
    PREDICT,
    json({ instances: [{ b64: web.subarray(0, 2000).toBase64() }] }),
    422,
    'image_unreadable',
    'JPEG',
  ],
  [
    'too many instances',
    PREDICT,
    json({ instances: new Array(33).fill({ b64 }) }),
    413,
    'batch_too_many_items',
    '32',
  ],
  [
    'too many examples',
    CLASSIFY,
    json({ examples: new Array(33).fill(0) }),
    413,
    'batch_too_many_items',
    '32',
  ],
  [
    'no examples',
    CLASSIFY,
    json({ instances: [{ b64 }] }),
    400,
    'field_invalid',
    '"examples" must be a list',
  ],
  [
    'an example that is none',
    CLASSIFY,
    json({ examples: [{ caption: 'a' }] }),
    400,
    'field_invalid',
    '"image/encoded"',
  ],
  [
    'a feature list of two',
    CLASSIFY,
    json({ examples: [{ image: [{ b64 }, { b64 }] }] }),
    400,
    'field_invalid',
    '"examples.0.image"',
  ],
  [
    'another signature to classify',
    CLASSIFY,
    json({ signature_name: 'x' }),
    400,
    'field_invalid',
    'serving_default',
  ],
  ['top_k 0', `${CLASSIFY}?top_k=0`, json({ examples: [{ b64 }] }), 400, 'option_invalid', 'top_k'],
  [
    'top_k 10000',
    `${CLASSIFY}?top_k=10000`,
    json({ examples: [{ b64 }] }),
    400,
    'option_invalid',
    '1 to 1000',
  ],
  [
    'an unknown model',
    '/tf/v1/models/half:predict',
    json({ instances: [1] }),
    404,
    'model_unknown',
    '"half"',
  ],
  ['the status of an unknown model', '/tf/v1/models/half', {}, 404, 'model_unknown', '"half"'],
  [
    'an unknown version',
    `${MODEL}/versions/2:predict`,
    json({ instances: [{ b64 }] }),
    404,
    'model_unknown',
    '"2"',
  ],
  ['the metadata of an unknown version', `${MODEL}/versions/01/metadata`, {}, 404, 'model_unknown', '"01"'],
  ['regress', `${MODEL}:regress`, json({ examples: [] }), 404, 'route_unknown', ':regress'],
  ['GET predict', PREDICT, {}, 405, 'method_not_allowed', 'POST'],
  ['GET classify of a version', `${MODEL}/versions/1:classify`, {}, 405, 'method_not_allowed', 'POST'],
  ['POST the status', MODEL, json({}), 405, 'method_not_allowed', 'GET'],
];

describe('TensorFlow Serving failures', () => {
  it.each(CASES)('%s', async (_, path, init, status, code, says) => {
    const response = await app.request(path, init);
    const problem = await response.json<Record<string, unknown>>();
    expect(problem).toMatchObject({ status, code, request_id: response.headers.get('x-request-id') });
    expect(response.status).toBe(status);
    expect(problem.error).toContain(says);
  });

  it('asks for a key before each method', async () => {
    const closed = service({ ALLOW_ANONYMOUS: 'false' });
    for (const path of [PREDICT, CLASSIFY, `${MODEL}/versions/1:predict`, `${MODEL}/versions/1:classify`]) {
      expect((await closed.request(path, json({ instances: [{ b64 }] }))).status).toBe(401);
    }
  });

  it('refuses numbers over their limit and pictures over theirs', async () => {
    const refused = async (env: Record<string, string>, body: unknown) => {
      const response = await service(env).request(PREDICT, json(body));
      return [response.status, (await response.json<{ error: string }>()).error];
    };
    const says = (bytes: number) => [413, expect.stringContaining(`limit of ${bytes} bytes`)];
    const pictures = { instances: [{ b64: 'A'.repeat(60_000) }] };
    const large = { MAX_JSON_BYTES: '5000000', MAX_TENSOR_BYTES: '20000' };
    expect(await refused(large, { instances: [tensor] })).toEqual(says(20_000));
    expect((await refused(large, pictures))[0]).toBe(415);
    const small = { MAX_JSON_BYTES: '20000', MAX_TENSOR_BYTES: '5000000' };
    expect(await refused(small, pictures)).toEqual(says(20_000));
    expect((await service(small).request(PREDICT, json({ instances: [tensor] }))).status).toBe(200);
    const both = { MAX_JSON_BYTES: '20000', MAX_TENSOR_BYTES: '20000' };
    expect(await refused(both, pictures)).toEqual(says(20_000));
  });
});
