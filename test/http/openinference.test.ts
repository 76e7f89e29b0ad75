import { beforeAll, describe, expect, it } from 'vitest';
import card from '../../model/card.json';
import type { Classification } from '../../src/answer.ts';
import { provided } from '../pictures/provided.ts';
import { post, service } from '../service.ts';

const TENSOR_MODEL = '/v2/models/mobilenet_v3_small_100_224';
const IMAGE_MODEL = `${TENSOR_MODEL}_image`;
const HEADER_LENGTH = 'inference-header-content-length';
const INSTANCE = 224 * 224 * 3;
const INSTANCE_BYTES = INSTANCE * 4;

interface Output {
  name: string;
  datatype: string;
  shape: number[];
  data?: (number | string)[];
  parameters?: { binary_data_size: number };
}

interface Answer {
  model_name: string;
  model_version: string;
  id?: string;
  outputs: Output[];
}

interface Parts {
  answer: Answer;
  /** The bytes of each output in order; empty for JSON outputs. */
  tensors: Uint8Array[];
}

const app = service();
const photo = provided('golf-ball.jpeg-420');
const other = provided('spider-web.jpeg-420');

/** Numbers in [0, 1) that differ between instances but not between runs. */
function floats(instances: number, seed = 1): Float32Array<ArrayBuffer> {
  let state = seed;
  return new Float32Array(instances * INSTANCE).map(() => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  });
}

function tensor(instances: number, rest: object = {}): object {
  return { name: 'inputs', datatype: 'FP32', shape: [instances, 224, 224, 3], ...rest };
}

function images(count: number, rest: object = {}): object {
  return { name: 'image', datatype: 'BYTES', shape: [count], ...rest };
}

function bytesOf(values: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** An element of a binary BYTES tensor. */
function framed(bytes: Uint8Array, length = bytes.byteLength): Uint8Array {
  const whole = new Uint8Array(4 + bytes.byteLength);
  new DataView(whole.buffer).setUint32(0, length, true);
  whole.set(bytes, 4);
  return whole;
}

function json(path: string, body: unknown): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return Promise.resolve(app.request(`${path}/infer`, post(text, { 'content-type': 'application/json' })));
}

/** JSON followed by bytes. `padding` shifts the bytes; `length` is a wrong length to state in the header. */
async function binary(
  path: string,
  head: object,
  tail: Uint8Array[],
  { padding = 0, length }: { padding?: number; length?: string } = {},
): Promise<Response> {
  const text = JSON.stringify(head) + ' '.repeat(padding);
  const body = new Blob([text, ...tail.map((part) => part.slice())]);
  const headers = { [HEADER_LENGTH]: length ?? String(text.length) };
  return app.request(`${path}/infer`, post(await body.arrayBuffer(), headers));
}

function raw(path: string, body: Uint8Array): Promise<Response> {
  return Promise.resolve(app.request(`${path}/infer`, post(body.slice(), { [HEADER_LENGTH]: '0' })));
}

async function answerOf(response: Response): Promise<Answer> {
  expect(response.status, await response.clone().text()).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get(HEADER_LENGTH)).toBeNull();
  return response.json();
}

async function partsOf(response: Response): Promise<Parts> {
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/octet-stream');
  const body = await response.bytes();
  let at = Number(response.headers.get(HEADER_LENGTH));
  const answer: Answer = JSON.parse(new TextDecoder().decode(body.subarray(0, at)));
  const tensors = answer.outputs.map(({ parameters }) => {
    const begin = at;
    at += parameters?.binary_data_size ?? 0;
    return body.slice(begin, at);
  });
  expect(at).toBe(body.byteLength);
  return { answer, tensors };
}

/** The numbers of a binary tensor; −0 becomes 0, because JSON cannot express it. */
function numbers(bytes: Uint8Array | undefined): number[] {
  return Array.from(new Float32Array(bytes?.slice().buffer ?? new ArrayBuffer(0)), (value) => value + 0);
}

function data(answer: Answer, name: string): (number | string)[] {
  return answer.outputs.find((output) => output.name === name)?.data ?? [];
}

describe('facts', () => {
  it('tells who it is and what it can', async () => {
    const response = await app.request('/v2');
    expect(await response.json()).toEqual({
      name: 'mobilenet-edge',
      version: '1.0.0',
      extensions: ['classification', 'binary_tensor_data'],
    });
  });

  it('is live and ready', async () => {
    expect(await (await app.request('/v2/health/live')).json()).toEqual({ live: true });
    expect(await (await app.request('/v2/health/ready')).json()).toEqual({ live: true, ready: true });
  });

  it('is not ready while the session cannot be made', async () => {
    const { createApp } = await import('../../src/http/app.ts');
    const { readSettings } = await import('../../src/settings.ts');
    const { classifier } = await import('../service.ts');
    const warm = () => Promise.reject(new Error('no memory'));
    const broken = createApp(readSettings({}), { ...classifier, warm });
    expect((await broken.request('/v2/health/live')).status).toBe(200);
    expect((await broken.request('/v2/health/ready')).status).toBe(500);
    expect((await broken.request(`${IMAGE_MODEL}/ready`)).status).toBe(500);
  });

  it.each(['', '/versions/1'])('describes its models as the model card does, path %s', async (version) => {
    const facts = ({ name, datatype, shape }: Omit<Output, 'data'>) => ({ name, datatype, shape });
    const common = { versions: ['1'], platform: 'onnxruntime_onnx', outputs: card.outputs.map(facts) };
    expect(await (await app.request(TENSOR_MODEL + version)).json()).toEqual({
      name: card.name,
      ...common,
      inputs: card.inputs.map(facts),
    });
    expect(await (await app.request(IMAGE_MODEL + version)).json()).toEqual({
      name: `${card.name}_image`,
      ...common,
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [-1] }],
    });
    expect(await (await app.request(`${IMAGE_MODEL}${version}/ready`)).json()).toEqual({
      name: `${card.name}_image`,
      ready: true,
    });
  });

  it.each([
    ['GET', '/v2/models/resnet'],
    ['GET', '/v2/models/resnet/ready'],
    ['GET', `${TENSOR_MODEL}/versions/2`],
    ['GET', `${TENSOR_MODEL}/versions/1.1.0/ready`],
    ['POST', `${TENSOR_MODEL}/versions/0/infer`],
    ['POST', '/v2/models/resnet/infer'],
  ])('knows no other model or version: %s %s', async (method, path) => {
    const response = await app.request(path, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      code: 'model_unknown',
      error: expect.stringContaining(card.name),
    });
  });

  it.each([
    ['POST', '/v2', 'GET, HEAD'],
    ['POST', '/v2/health/ready', 'GET, HEAD'],
    ['DELETE', TENSOR_MODEL, 'GET, HEAD'],
    ['GET', `${TENSOR_MODEL}/infer`, 'POST'],
    ['PUT', `${TENSOR_MODEL}/versions/1/infer`, 'POST'],
  ])('says which method is possible: %s %s', async (method, path, allow) => {
    const response = await app.request(path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
  });

  it.each(['/v2/repository', `${TENSOR_MODEL}/config`, `${TENSOR_MODEL}/stats`])(
    'does not have %s',
    async (path) => {
      const response = await app.request(path);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ code: 'route_unknown' });
    },
  );

  it('asks for a key where it costs something, and only there', async () => {
    const closed = service({ ALLOW_ANONYMOUS: 'false' });
    expect((await closed.request('/v2/health/ready')).status).toBe(200);
    expect((await closed.request(TENSOR_MODEL)).status).toBe(200);
    const response = await closed.request(`${TENSOR_MODEL}/infer`, post('{}'));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: expect.stringContaining('key') });
  });
});

describe('float tensors', () => {
  const one = floats(1);
  let expected: Answer;

  beforeAll(async () => {
    expected = await answerOf(await json(TENSOR_MODEL, { inputs: [tensor(1, { data: Array.from(one) })] }));
  });

  it('answers all outputs as JSON', () => {
    expect(expected).toMatchObject({
      model_name: card.name,
      model_version: '1',
      outputs: [
        { name: 'logits', datatype: 'FP32', shape: [1, 1001] },
        { name: 'embedding', datatype: 'FP32', shape: [1, 1024] },
      ],
    });
    expect(expected).not.toHaveProperty('id');
    expect(data(expected, 'logits')).toHaveLength(1001);
    expect(data(expected, 'embedding')).toHaveLength(1024);
  });

  it('writes JSON numbers that are the same float32 when they are read', async () => {
    const response = await binary(
      TENSOR_MODEL,
      {
        parameters: { binary_data_output: true },
        inputs: [tensor(1, { parameters: { binary_data_size: INSTANCE_BYTES } })],
      },
      [bytesOf(one)],
    );
    const { answer, tensors } = await partsOf(response);
    expect(answer.outputs.map(({ parameters }) => parameters?.binary_data_size)).toEqual([4004, 4096]);
    expect(numbers(tensors[0])).toEqual(data(expected, 'logits'));
    expect(numbers(tensors[1])).toEqual(data(expected, 'embedding'));
  });

  it('takes nested lists', async () => {
    const rows = Array.from({ length: 224 }, (_, y) =>
      Array.from({ length: 224 }, (_, x) =>
        Array.from(one.subarray((y * 224 + x) * 3, (y * 224 + x) * 3 + 3)),
      ),
    );
    expect(await answerOf(await json(TENSOR_MODEL, { inputs: [tensor(1, { data: [rows] })] }))).toEqual(
      expected,
    );
  });

  it.each([0, 1, 2, 3])('takes floats at any place in the body, %i', async (padding) => {
    const head = { inputs: [tensor(1, { parameters: { binary_data_size: INSTANCE_BYTES } })] };
    const answer = await answerOf(await binary(TENSOR_MODEL, head, [bytesOf(one)], { padding }));
    expect(answer).toEqual(expected);
  });

  it('takes a raw binary request, and answers it in binary', async () => {
    const { answer, tensors } = await partsOf(await raw(TENSOR_MODEL, bytesOf(one)));
    expect(answer.outputs.map(({ shape }) => shape)).toEqual([
      [1, 1001],
      [1, 1024],
    ]);
    expect(numbers(tensors[0])).toEqual(data(expected, 'logits'));
  });

  it('takes gzip, with the length of the JSON before compression', async () => {
    const text = JSON.stringify({
      inputs: [tensor(1, { parameters: { binary_data_size: INSTANCE_BYTES } })],
    });
    const body = new Blob([text, bytesOf(one)]).stream().pipeThrough(new CompressionStream('gzip'));
    const headers = { 'content-encoding': 'gzip', [HEADER_LENGTH]: String(text.length) };
    const compressed = await new Response(body).arrayBuffer();
    expect(await answerOf(await app.request(`${TENSOR_MODEL}/infer`, post(compressed, headers)))).toEqual(
      expected,
    );
  });

  it('answers three instances as it does one after the other', async () => {
    const many = floats(3, 7);
    const { answer, tensors } = await partsOf(await raw(TENSOR_MODEL, bytesOf(many)));
    expect(answer.outputs[0]?.shape).toEqual([3, 1001]);
    const alone: Parts[] = [];
    for (const n of [0, 1, 2]) {
      alone.push(
        await partsOf(await raw(TENSOR_MODEL, bytesOf(many.slice(n * INSTANCE, (n + 1) * INSTANCE)))),
      );
    }
    expect(new Set(alone.map((parts) => numbers(parts.tensors[0])[0])).size).toBe(3);
    for (const output of [0, 1]) {
      expect(numbers(tensors[output])).toEqual(alone.flatMap((parts) => numbers(parts.tensors[output])));
    }
  });

  it('takes RGB in [0, 1], as the picture model does from a picture', async () => {
    const white = await answerOf(
      await json(TENSOR_MODEL, { inputs: [tensor(1, { data: Array(INSTANCE).fill(1) })] }),
    );
    const { bmp } = await import('../pictures/bmp.ts');
    const picture = bmp(new Uint8Array(4 * 4 * 3).fill(255), { width: 4, height: 4 }, 24);
    const seen = await answerOf(
      await json(IMAGE_MODEL, { inputs: [images(1, { data: [picture.toBase64()] })] }),
    );
    expect(data(seen, 'logits')).toEqual(data(white, 'logits'));
  });

  it('echoes the id, and gives the outputs asked for in their order and form', async () => {
    const body = {
      id: 'käse-42',
      parameters: { binary_data_output: true, priority: 1, timeout: 5 },
      inputs: [tensor(1, { data: Array.from(one) })],
      outputs: [{ name: 'embedding' }, { name: 'logits', parameters: { binary_data: false } }],
    };
    const { answer, tensors } = await partsOf(await json(TENSOR_MODEL, body));
    expect(answer.id).toBe('käse-42');
    expect(answer.outputs.map(({ name }) => name)).toEqual(['embedding', 'logits']);
    expect(numbers(tensors[0])).toEqual(data(expected, 'embedding'));
    expect(data(answer, 'logits')).toEqual(data(expected, 'logits'));
  });

  it('takes null for what is not set', async () => {
    const body = {
      id: null,
      parameters: null,
      inputs: [tensor(1, { data: Array.from(one), parameters: null })],
      outputs: null,
    };
    expect(await answerOf(await json(TENSOR_MODEL, body))).toEqual(expected);
  });
});

describe('image files', () => {
  let classified: Classification;
  let expected: Answer;

  beforeAll(async () => {
    classified = await (await app.request('/v1/classify?top_k=1000', post(photo))).json();
    expected = await answerOf(await json(IMAGE_MODEL, { inputs: [images(1, { data: [photo.toBase64()] })] }));
  });

  it('gives the logits whose softmax the native API gives', () => {
    const logits = data(expected, 'logits').map(Number);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit), 0);
    for (const { index, score } of classified.predictions.slice(0, 20)) {
      expect(Math.exp(logits[index + 1] ?? 0) / sum).toBeCloseTo(score, 5);
    }
  });

  it.each([
    [
      'a data: URL',
      () =>
        json(IMAGE_MODEL, { inputs: [images(1, { data: [`data:image/jpeg;base64,${photo.toBase64()}`] })] }),
    ],
    [
      'binary data',
      () => {
        const element = framed(photo);
        const head = { inputs: [images(1, { parameters: { binary_data_size: element.byteLength } })] };
        return binary(IMAGE_MODEL, head, [element]);
      },
    ],
  ])('takes %s', async (_, send) => {
    expect(await answerOf(await send())).toEqual(expected);
  });

  it('takes the file itself without the header too, where its type says that it is no JSON', async () => {
    const type = { 'content-type': 'application/octet-stream' };
    const bare = await app.request(`${IMAGE_MODEL}/infer`, post(photo, type));
    const { tensors } = await partsOf(bare);
    const { tensors: withHeader } = await partsOf(await raw(IMAGE_MODEL, photo));
    expect(numbers(tensors[0])).toEqual(numbers(withHeader[0]));
    const untyped = await app.request(`${IMAGE_MODEL}/infer`, post(photo));
    expect(untyped.status).toBe(400);
  });

  it('takes the file itself as a raw binary request', async () => {
    const { tensors } = await partsOf(await raw(IMAGE_MODEL, photo));
    expect(numbers(tensors[0])).toEqual(data(expected, 'logits'));
  });

  it('answers several in order', async () => {
    const elements = [framed(other), framed(photo)];
    const size = elements.reduce((total, { byteLength }) => total + byteLength, 0);
    const head = { inputs: [images(2, { parameters: { binary_data_size: size } })] };
    const answer = await answerOf(await binary(IMAGE_MODEL, head, elements));
    expect(answer.outputs[0]?.shape).toEqual([2, 1001]);
    expect(data(answer, 'logits').slice(1001)).toEqual(data(expected, 'logits'));
    expect(data(answer, 'logits').slice(0, 1001)).not.toEqual(data(expected, 'logits'));
  });

  function classify(classification: number, count = 1, binaryData = false) {
    return json(IMAGE_MODEL, {
      inputs: [images(count, { data: Array(count).fill(photo.toBase64()) })],
      outputs: [{ name: 'logits', parameters: { classification, binary_data: binaryData } }],
    });
  }

  it('names the highest logits by their place among the 1001', async () => {
    const answer = await answerOf(await classify(3, 2));
    expect(answer.outputs[0]).toMatchObject({ datatype: 'BYTES', shape: [2, 3] });
    const logits = data(expected, 'logits').map(Number);
    const best = classified.predictions.slice(0, 3);
    const texts = best.map(({ index, label }) => `${logits[index + 1]?.toFixed(6)}:${index + 1}:${label}`);
    expect(data(answer, 'logits')).toEqual([...texts, ...texts]);
    expect(texts[0]).toMatch(/^\d+\.\d{6}:575:golf ball$/);
  });

  it('names all of them when asked for more, background too', async () => {
    const answer = await answerOf(await classify(5000));
    expect(answer.outputs[0]?.shape).toEqual([1, 1001]);
    expect(data(answer, 'logits').filter((text) => String(text).endsWith(':0:background'))).toHaveLength(1);
  });

  it('gives the numbers when asked for no classes', async () => {
    expect(data(await answerOf(await classify(0)), 'logits')).toEqual(data(expected, 'logits'));
  });

  it('writes the texts of binary classifications with their lengths', async () => {
    const texts = data(await answerOf(await classify(3)), 'logits').map(String);
    const { answer, tensors } = await partsOf(await classify(3, 1, true));
    expect(answer.outputs[0]).toMatchObject({ datatype: 'BYTES', shape: [1, 3] });
    const elements = texts.map((text) => framed(new TextEncoder().encode(text)));
    expect(tensors[0]).toEqual(await new Blob(elements.map((element) => element.slice())).bytes());
  });

  it('gives the places of the embedding no names', async () => {
    const answer = await answerOf(
      await json(IMAGE_MODEL, {
        inputs: [images(1, { data: [photo.toBase64()] })],
        outputs: [{ name: 'embedding', parameters: { classification: 1 } }],
      }),
    );
    expect(data(answer, 'embedding')[0]).toMatch(/^\d+\.\d{6}:\d+$/);
  });
});

describe('wrong requests', () => {
  const good = Array.from(floats(1));
  const zeros = new Uint8Array(INSTANCE_BYTES);
  const sized = (size: unknown, rest: object = {}) => ({
    inputs: [tensor(1, { parameters: { binary_data_size: size }, ...rest })],
  });

  it.each<[string, unknown, string, RegExp]>([
    ['no JSON', 'hello', 'json_invalid', /not valid JSON/],
    [
      'JSON that breaks off',
      JSON.stringify({ inputs: [tensor(1, { data: good })] }).slice(0, 5000),
      'json_invalid',
      /not valid/,
    ],
    ['an empty body', '', 'field_invalid', /is empty/],
    ['a list', [], 'field_invalid', /"inputs"/],
    ['no inputs', {}, 'field_invalid', /"inputs"/],
    ['inputs that are none', { inputs: 3 }, 'field_invalid', /"inputs"/],
    [
      'half a million inputs',
      { inputs: Array(5e5).fill(0) },
      'field_invalid',
      /"inputs" must be a list .* at most 16/,
    ],
    [
      'half a million dimensions',
      { inputs: [tensor(1, { shape: Array(5e5).fill('') })] },
      'field_invalid',
      /shape" must be a list of whole numbers, at most 16/,
    ],
    ['an empty list of inputs', { inputs: [] }, 'tensor_invalid', /"inputs" is missing/],
    ['an input without a name', { inputs: [{ shape: [1] }] }, 'field_invalid', /"inputs\.0\.name"/],
    [
      'an unknown input',
      { inputs: [tensor(1, { name: 'x', data: good })] },
      'tensor_invalid',
      /"x" is no input.*takes inputs/,
    ],
    [
      'the input twice',
      { inputs: [tensor(1, { data: good }), tensor(1, { data: good })] },
      'tensor_invalid',
      /twice/,
    ],
    [
      'another datatype',
      { inputs: [tensor(1, { datatype: 'FP64', data: good })] },
      'tensor_invalid',
      /datatype FP32/,
    ],
    [
      'planes',
      { inputs: [tensor(1, { shape: [1, 3, 224, 224], data: good })] },
      'tensor_invalid',
      /\[-1,224,224,3\].*has \[1,3,224,224\]/,
    ],
    [
      'no instance dimension',
      { inputs: [tensor(1, { shape: [224, 224, 3], data: good })] },
      'tensor_invalid',
      /\[-1,224,224,3\]/,
    ],
    [
      'a shape too long',
      { inputs: [tensor(1, { shape: [1, 224, 224, 3, 1], data: good })] },
      'tensor_invalid',
      /\[-1,224,224,3\]/,
    ],
    ['no shape', { inputs: [tensor(1, { shape: [], data: good })] }, 'tensor_invalid', /has \[\]/],
    ['no instances', { inputs: [tensor(0, { data: [] })] }, 'tensor_invalid', /from 1/],
    ['-1 instances', { inputs: [tensor(-1, { data: good })] }, 'tensor_invalid', /from 1/],
    [
      'half an instance',
      { inputs: [tensor(0.5, { data: good })] },
      'field_invalid',
      /"inputs\.0\.shape\.0" must be a whole/,
    ],
    ['no data', { inputs: [tensor(1)] }, 'tensor_invalid', /must have data: 150528 numbers/],
    ['data that is none', { inputs: [tensor(1, { data: 'AAAA' })] }, 'tensor_invalid', /must have data/],
    ['too little data', { inputs: [tensor(1, { data: good.slice(1) })] }, 'tensor_invalid', /150528 numbers/],
    ['too much data', { inputs: [tensor(1, { data: [...good, 0] })] }, 'tensor_invalid', /150528 numbers/],
    ['data for one of two', { inputs: [tensor(2, { data: good })] }, 'tensor_invalid', /301056 numbers/],
    [
      'data nested as planes',
      { inputs: [tensor(1, { data: [[[good]]] })] },
      'tensor_invalid',
      /as its shape says/,
    ],
    [
      'data nested for ever',
      `{"inputs":[${JSON.stringify(tensor(1)).slice(0, -1)},"data":${'['.repeat(1e5)}${']'.repeat(1e5)}}]}`,
      'tensor_invalid',
      /as its shape says/,
    ],
    [
      'a text among the numbers',
      { inputs: [tensor(1, { data: [...good.slice(1), '1'] })] },
      'tensor_invalid',
      /150528 numbers/,
    ],
    [
      'a null among the numbers',
      { inputs: [tensor(1, { data: [...good.slice(1), null] })] },
      'tensor_invalid',
      /150528 numbers/,
    ],
    [
      'numbers beyond float32',
      { inputs: [tensor(1, { data: [...good.slice(1), 1e39] })] },
      'tensor_invalid',
      /finite/,
    ],
    [
      'numbers beyond the network',
      { inputs: [tensor(1, { data: Array(INSTANCE).fill(1e38) })] },
      'tensor_invalid',
      /overflow/,
    ],
    [
      'an unknown output',
      { inputs: [tensor(1, { data: good })], outputs: [{ name: 'probs' }] },
      'tensor_invalid',
      /"probs" is no output.*logits and embedding/,
    ],
    [
      'an output twice',
      { inputs: [tensor(1, { data: good })], outputs: [{ name: 'logits' }, { name: 'logits' }] },
      'tensor_invalid',
      /asked for twice/,
    ],
    [
      'an output without a name',
      { inputs: [tensor(1, { data: good })], outputs: ['logits'] },
      'field_invalid',
      /"outputs\.0"/,
    ],
    [
      '-1 classes',
      {
        inputs: [tensor(1, { data: good })],
        outputs: [{ name: 'logits', parameters: { classification: -1 } }],
      },
      'field_invalid',
      /classification" must be a whole number/,
    ],
    [
      'a number as id',
      { id: 42, inputs: [tensor(1, { data: good })] },
      'field_invalid',
      /"id" must be a text/,
    ],
    [
      'input in shared memory',
      { inputs: [tensor(1, { parameters: { shared_memory_region: 'r' } })] },
      'tensor_invalid',
      /memory to share/,
    ],
    [
      'output in shared memory',
      {
        inputs: [tensor(1, { data: good })],
        outputs: [{ name: 'logits', parameters: { shared_memory_region: 'r' } }],
      },
      'tensor_invalid',
      /memory to share/,
    ],
    ['binary data that does not follow', sized(INSTANCE_BYTES), 'tensor_invalid', /and 0 bytes follow/],
    ['a negative size', sized(-1), 'field_invalid', /binary_data_size"/],
    ['a size that is a text', sized('602112'), 'field_invalid', /binary_data_size" must be a whole number/],
  ])('refuses %s', async (_, body, code, text) => {
    const response = await json(TENSOR_MODEL, body);
    const problem = await response.json<Record<string, unknown>>();
    expect(problem).toMatchObject({ status: 400, code, error: expect.stringMatching(text) });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each<[string, () => Promise<Response>, string, RegExp]>([
    [
      'a length that is no number',
      () => binary(TENSOR_MODEL, sized(INSTANCE_BYTES), [zeros], { length: 'all' }),
      'inference_header_invalid',
      /whole number/,
    ],
    [
      'a negative length',
      () => binary(TENSOR_MODEL, sized(INSTANCE_BYTES), [zeros], { length: '-5' }),
      'inference_header_invalid',
      /whole number/,
    ],
    [
      'a length beyond the body',
      () => binary(TENSOR_MODEL, sized(8), [], { length: '1000000' }),
      'inference_header_invalid',
      /1000000 bytes.*body has \d+/,
    ],
    [
      'a length within the JSON',
      () => binary(TENSOR_MODEL, sized(INSTANCE_BYTES), [zeros], { length: '20' }),
      'json_invalid',
      /not valid JSON/,
    ],
    [
      'a length within the data',
      () => binary(TENSOR_MODEL, sized(INSTANCE_BYTES), [zeros], { length: '300' }),
      'json_invalid',
      /not valid JSON/,
    ],
    [
      'less data than its size',
      () => binary(TENSOR_MODEL, sized(INSTANCE_BYTES), [zeros.subarray(4)]),
      'tensor_invalid',
      /602112, and 602108 bytes follow/,
    ],
    [
      'more data than its size',
      () => binary(TENSOR_MODEL, sized(INSTANCE_BYTES), [zeros, zeros.subarray(0, 1)]),
      'tensor_invalid',
      /602112, and 602113 bytes follow/,
    ],
    [
      'a size that does not fit the shape',
      () => binary(TENSOR_MODEL, sized(8), [zeros.subarray(0, 8)]),
      'tensor_invalid',
      /602112 bytes for its shape, and has 8/,
    ],
    [
      'data without a size',
      () => binary(TENSOR_MODEL, { inputs: [tensor(1)] }, [zeros]),
      'tensor_invalid',
      /has no binary_data_size/,
    ],
    [
      'data twice',
      () => binary(TENSOR_MODEL, sized(INSTANCE_BYTES, { data: [1] }), [zeros]),
      'tensor_invalid',
      /either data or binary_data_size/,
    ],
    ['NaN', () => raw(TENSOR_MODEL, bytesOf(floats(1).fill(Number.NaN, 7, 8))), 'tensor_invalid', /finite/],
    [
      'a raw tensor of a strange size',
      () => raw(TENSOR_MODEL, zeros.subarray(1)),
      'tensor_invalid',
      /multiple of 602112 bytes, and is 602111/,
    ],
    ['an empty raw tensor', () => raw(TENSOR_MODEL, new Uint8Array()), 'field_invalid', /is empty/],
    [
      'images as nested data',
      () => json(IMAGE_MODEL, { inputs: [images(1, { shape: [1, 1], data: [['AA==']] })] }),
      'tensor_invalid',
      /\[-1\]/,
    ],
    [
      'images as numbers',
      () => json(IMAGE_MODEL, { inputs: [images(2, { data: [255, 216] })] }),
      'tensor_invalid',
      /2 texts/,
    ],
    [
      'bad base64',
      () => json(IMAGE_MODEL, { inputs: [images(2, { data: [photo.toBase64(), '%%%'] })] }),
      'base64_invalid',
      /^image\[1\] must be the base64/,
    ],
    [
      'an element longer than the data',
      () =>
        binary(IMAGE_MODEL, { inputs: [images(1, { parameters: { binary_data_size: 8 } })] }, [
          framed(new Uint8Array(4), 5),
        ]),
      'tensor_invalid',
      /1 elements in its binary data/,
    ],
    [
      'fewer elements than the shape says',
      () =>
        binary(IMAGE_MODEL, { inputs: [images(2, { parameters: { binary_data_size: 8 } })] }, [
          framed(new Uint8Array(4)),
        ]),
      'tensor_invalid',
      /2 elements/,
    ],
    [
      'more elements than the shape says',
      () =>
        binary(IMAGE_MODEL, { inputs: [images(1, { parameters: { binary_data_size: 8 } })] }, [
          framed(new Uint8Array()),
          framed(new Uint8Array()),
        ]),
      'tensor_invalid',
      /1 elements/,
    ],
    [
      'an element whose length is cut off',
      () =>
        binary(IMAGE_MODEL, { inputs: [images(1, { parameters: { binary_data_size: 3 } })] }, [
          new Uint8Array(3),
        ]),
      'tensor_invalid',
      /1 elements/,
    ],
  ])('refuses %s', async (_, send, code, text) => {
    const response = await send();
    const problem = await response.json<Record<string, unknown>>();
    expect(problem).toMatchObject({ status: 400, code, error: expect.stringMatching(text) });
  });

  it('refuses a whole request for one picture, and says which', async () => {
    const elements = [framed(photo), framed(new TextEncoder().encode('no picture')), framed(photo)];
    const size = elements.reduce((total, { byteLength }) => total + byteLength, 0);
    const head = { inputs: [images(3, { parameters: { binary_data_size: size } })] };
    const response = await binary(IMAGE_MODEL, head, elements);
    expect(response.status).toBe(415);
    const problem = await response.json<Record<string, string>>();
    expect(problem).toMatchObject({
      code: 'image_format_unsupported',
      error: expect.stringMatching(/^image\[1\]: The bytes/),
    });
    expect(problem.detail).toBe(problem.error);
    const alone = await raw(IMAGE_MODEL, new TextEncoder().encode('no picture'));
    expect(alone.status).toBe(415);
    expect(await alone.json()).toMatchObject({ error: expect.stringMatching(/^The bytes/) });
  });
});

describe('limits', () => {
  const small = service({
    MAX_TENSOR_BYTES: '700000',
    MAX_JSON_BYTES: '2000',
    MAX_IMAGE_BYTES: '100000',
    MAX_BATCH_ITEMS: '2',
  });

  it.each<[string, string, Uint8Array | string, Record<string, string>, string, number]>([
    [
      'a tensor too large',
      TENSOR_MODEL,
      new Uint8Array(2 * INSTANCE_BYTES),
      { [HEADER_LENGTH]: '0' },
      'body_too_large',
      413,
    ],
    ['JSON images too large', IMAGE_MODEL, ' '.repeat(2001), {}, 'body_too_large', 413],
    [
      'too much JSON before images',
      IMAGE_MODEL,
      ' '.repeat(3000),
      { [HEADER_LENGTH]: '2001' },
      'body_too_large',
      413,
    ],
    [
      'images too large',
      IMAGE_MODEL,
      new Uint8Array(100_001),
      { [HEADER_LENGTH]: '0' },
      'body_too_large',
      413,
    ],
    [
      'too many tensors',
      TENSOR_MODEL,
      JSON.stringify({ inputs: [tensor(3)] }),
      {},
      'batch_too_many_items',
      413,
    ],
    [
      'too many images',
      IMAGE_MODEL,
      JSON.stringify({ inputs: [images(3)] }),
      {},
      'batch_too_many_items',
      413,
    ],
    [
      'more instances than numbers can say',
      IMAGE_MODEL,
      JSON.stringify({ inputs: [images(2 ** 53 - 1)] }),
      {},
      'batch_too_many_items',
      413,
    ],
    ['an image within its limit', IMAGE_MODEL, photo, { [HEADER_LENGTH]: '0' }, '', 200],
  ])('keeps to them: %s', async (_, path, body, headers, code, status) => {
    const response = await small.request(
      `${path}/infer`,
      post(typeof body === 'string' ? body : body.slice(), headers),
    );
    expect(response.status).toBe(status);
    if (status !== 200) expect(await response.json()).toMatchObject({ code });
  });
});
