/** What was taught, as a model of every dialect. The numbers have to be those of the native API. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { CollectionClassification } from '../../src/collection-answer.ts';
import { collectionsOf } from '../../src/collections/collections.ts';
import { fail, ok } from '../../src/failure.ts';
import { createApp } from '../../src/http/app.ts';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { createAllowance } from '../../src/image/ways/allowance.ts';
import { readSettings } from '../../src/settings.ts';
import {
  type Answer,
  ask,
  items,
  KEYS,
  LOADER,
  made,
  PARTS,
  READER,
  teach,
} from '../collections/teaching.ts';
import { provided } from '../pictures/provided.ts';
import { COLLECTIONS, classifier, decoder, service } from '../service.ts';

const app = service(KEYS);
const photo = provided('golf-ball.jpeg-420');
const b64 = photo.toBase64();
const PIXELS = 224 * 224;

/** Shared by `parts`: balls, clocks and lines, of which the photo is one. */
let name = '';
/** The version in which its labels last changed. */
let version = 0;
let native: CollectionClassification;
/** Of things that no picture is like. */
let strange = '';
let untaught = '';
/** Of `loader`, who does not share it. */
let foreign = '';

beforeAll(async () => {
  name = await made(app, PARTS, true);
  for (const [picture, label] of [
    ['golf-ball.jpeg-420', 'ball'],
    ['digital-clock.jpeg-420', 'clock'],
    ['spider-web.jpeg-420', 'lines'],
    ['crossword.jpeg-420', 'lines'],
  ] as const) {
    const added = await ask(
      app,
      PARTS,
      'POST',
      `/v1/collections/${name}/items?label=${label}`,
      provided(picture),
    );
    expect(added.status, JSON.stringify(added.body)).toBe(200);
    version = (added.body.collection as { version: number }).version;
  }
  // A change that teaches nothing: answers stay those of the version before.
  await ask(app, PARTS, 'POST', `/v1/collections/${name}/items`, provided('portrait.jpeg-420'));
  const answer = await ask(app, PARTS, 'POST', `/v1/classify?collection=${name}`, photo);
  native = answer.body as unknown as CollectionClassification;
  expect(native.predictions.length).toBe(3);
  expect(native.collection.version).toBe(version + 1);
  strange = await made(app, PARTS);
  await teach(app, PARTS, strange, items(2, 5));
  untaught = await made(app, PARTS);
  foreign = await made(app, LOADER);
  await teach(app, LOADER, foreign, items(2, 5));
});

/** Scores by label: dialects leave them unrounded, and some list them in the order of the labels. */
function expectNative(labels: readonly unknown[], scores: readonly unknown[]): void {
  const found = labels.map((label, index) => [label, Number(Number(scores[index]).toFixed(5))]);
  const wanted = native.predictions.map(({ label, score }) => [label, Number(score.toFixed(5))]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
}

interface LabelScore {
  label: string;
  score: number;
  unknown?: boolean;
}

interface Tensor {
  name: string;
  datatype: string;
  shape: number[];
  data: (number | string | boolean)[];
}

function listOf(answer: Answer): LabelScore[] {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as unknown as LabelScore[];
}

function tensors(answer: Answer): Map<string, Tensor> {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return new Map((answer.body.outputs as Tensor[]).map((tensor) => [tensor.name, tensor]));
}

/** As somebody prepares it who sends tensors: RGB in [0, 1], NHWC. */
async function prepared(): Promise<number[]> {
  const plan = planFor(photo);
  if (!plan.ok) throw new Error(plan.failure.code);
  const made = await prepare(plan.value, decoder, createAllowance(1000).picture());
  if (!made.ok) throw new Error(made.failure.code);
  const { input } = made.value;
  return Array.from({ length: 3 * PIXELS }, (_, at) => {
    const value = input[(at % 3) * PIXELS + Math.floor(at / 3)] ?? Number.NaN;
    return (value + 1) / 2;
  });
}

function nested(floats: readonly number[]): number[][][] {
  return Array.from({ length: 224 }, (_, y) =>
    Array.from({ length: 224 }, (_, x) => floats.slice(3 * (224 * y + x), 3 * (224 * y + x) + 3)),
  );
}

const image = (count = 1) => ({
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [count], data: Array(count).fill(b64) }],
});

/** How each dialect is asked by the name of a collection, and where its answer has the best label. */
const DIALECTS = {
  'Hugging Face': {
    path: (model: string) => `/hf/models/${model}`,
    body: photo,
    best: (body: unknown) => (body as LabelScore[])[0]?.label,
  },
  'Open Inference': {
    path: (model: string) => `/v2/models/${model}_image/infer`,
    body: image(),
    best: (body: unknown) => {
      const [scores, labels] = (body as { outputs: Tensor[] }).outputs;
      const numbers = (scores?.data ?? []).map(Number);
      return labels?.data[numbers.indexOf(Math.max(...numbers))];
    },
  },
  'TensorFlow Serving': {
    path: (model: string) => `/tf/v1/models/${model}:classify`,
    body: { examples: [{ image: { b64 } }] },
    best: (body: unknown) => (body as { results: [string, number][][] }).results[0]?.[0]?.[0],
  },
  'Workers AI': {
    path: (model: string) => `/client/v4/accounts/any/ai/run/@me/${model}`,
    body: photo,
    best: (body: unknown) => (body as { result: LabelScore[] }).result[0]?.label,
  },
} as const;

const EACH = Object.entries(DIALECTS);

describe('Hugging Face', () => {
  it('lists labels, best first, with what the native API says of them', async () => {
    const list = listOf(await ask(app, PARTS, 'POST', `/hf/models/${name}`, photo));
    expect(list.map(({ label }) => label)).toEqual(native.predictions.map(({ label }) => label));
    expectNative(
      list.map(({ label }) => label),
      list.map(({ score }) => score),
    );
    expect(list.map(({ unknown }) => unknown)).toEqual([false, false, false]);
    const strangers = listOf(await ask(app, PARTS, 'POST', `/hf/models/${strange}`, photo));
    expect(strangers.map(({ unknown }) => unknown)).toEqual([true, true]);
  });

  it('takes parameters: top_k, and the function that makes scores of logits', async () => {
    const by = async (parameters: object) =>
      listOf(await ask(app, PARTS, 'POST', `/hf/models/${name}`, { inputs: b64, parameters }));
    expect((await by({ top_k: 1 })).map(({ label }) => label)).toEqual(['ball']);
    const logits = await by({ function_to_apply: 'none' });
    const powers = logits.map(({ score }) => Math.exp(score));
    const sum = powers.reduce((one, other) => one + other);
    expectNative(
      logits.map(({ label }) => label),
      powers.map((power) => power / sum),
    );
    const sigmoid = await by({ function_to_apply: 'sigmoid' });
    for (const [index, { score }] of sigmoid.entries()) {
      expect(score).toBeCloseTo(1 / (1 + Math.exp(-(logits[index]?.score ?? 0))), 5);
    }
  });

  it('goes on to answer with the network under its own name, whoever owns it', async () => {
    const path = '/hf/models/google/mobilenet_v3_small_100_224';
    const list = listOf(await ask(app, PARTS, 'POST', path, photo));
    expect(list[0]).toEqual({ label: 'golf ball', score: expect.any(Number) });
  });
});

describe('Open Inference', () => {
  const OUTPUTS = [
    { name: 'scores', datatype: 'FP32', shape: [-1, -1] },
    { name: 'labels', datatype: 'BYTES', shape: [-1, -1] },
    { name: 'unknown', datatype: 'BOOL', shape: [-1] },
    { name: 'similarity', datatype: 'FP32', shape: [-1] },
  ];

  it('describes both models of a collection, and says that they are ready', async () => {
    for (const [end, input] of [
      ['', { name: 'inputs', datatype: 'FP32', shape: [-1, 224, 224, 3] }],
      ['_image', { name: 'image', datatype: 'BYTES', shape: [-1] }],
    ] as const) {
      for (const versions of ['', `/versions/${version}`]) {
        const model = `${name}${end}`;
        const path = `/v2/models/${model}${versions}`;
        expect((await ask(app, PARTS, 'GET', path)).body).toEqual({
          name: model,
          versions: [String(version)],
          platform: expect.any(String),
          inputs: [input],
          outputs: OUTPUTS,
        });
        expect((await ask(app, PARTS, 'GET', `${path}/ready`)).body).toEqual({ name: model, ready: true });
      }
    }
  });

  it('answers files: scores by label, unknown and similarity, a row for each', async () => {
    const answer = await ask(app, PARTS, 'POST', `/v2/models/${name}_image/infer`, image(2));
    expect(answer.body).toMatchObject({ model_name: `${name}_image`, model_version: String(version) });
    const outputs = tensors(answer);
    expect([...outputs.values()].map(({ shape }) => shape)).toEqual([[2, 3], [2, 3], [2], [2]]);
    expect(outputs.get('labels')?.data).toEqual(['ball', 'clock', 'lines', 'ball', 'clock', 'lines']);
    for (const row of [0, 3]) {
      expectNative(
        outputs.get('labels')?.data.slice(row, row + 3) ?? [],
        outputs.get('scores')?.data.slice(row, row + 3) ?? [],
      );
    }
    expect(outputs.get('unknown')?.data).toEqual([false, false]);
    expect(outputs.get('similarity')?.data[0]).toBeCloseTo(native.similarity, 5);
    const strangers = await ask(app, PARTS, 'POST', `/v2/models/${strange}_image/infer`, image());
    expect(tensors(strangers).get('unknown')?.data).toEqual([true]);
  });

  it('answers a float tensor as the file that it was made of', async () => {
    const data = await prepared();
    const inputs = [{ name: 'inputs', datatype: 'FP32', shape: [1, 224, 224, 3], data }];
    const outputs = tensors(await ask(app, PARTS, 'POST', `/v2/models/${name}/infer`, { inputs }));
    const scores = new Map(native.predictions.map(({ label, score }) => [label, score]));
    for (const [index, label] of (outputs.get('labels')?.data ?? []).entries()) {
      expect(outputs.get('scores')?.data[index]).toBeCloseTo(scores.get(String(label)) ?? Number.NaN, 3);
    }
    expect(outputs.get('similarity')?.data[0]).toBeCloseTo(native.similarity, 3);
  });

  it('names the best labels, and has no classes in what is no score', async () => {
    const asked = (output: string) => ({
      ...image(),
      outputs: [{ name: output, parameters: { classification: 2 } }],
    });
    const path = `/v2/models/${name}_image/infer`;
    const named = tensors(await ask(app, PARTS, 'POST', path, asked('scores'))).get('scores');
    expect(named).toMatchObject({ datatype: 'BYTES', shape: [1, 2] });
    const labels = ['ball', 'clock', 'lines'];
    const expected = native.predictions
      .slice(0, 2)
      .map(({ label }) =>
        expect.stringMatching(new RegExp(`^0\\.\\d{6}:${labels.indexOf(label)}:${label}$`)),
      );
    expect(named?.data).toEqual(expected);
    for (const output of ['labels', 'unknown', 'similarity']) {
      const refused = await ask(app, PARTS, 'POST', path, asked(output));
      expect(refused).toMatchObject({ status: 400, body: { code: 'tensor_invalid' } });
    }
    const none = await ask(app, PARTS, 'POST', path, { ...image(), outputs: [{ name: 'logits' }] });
    expect(none).toMatchObject({ status: 400, body: { detail: expect.stringContaining('scores') } });
  });

  it('writes labels and flags as bytes', async () => {
    const response = await app.request(`/v2/models/${name}_image/infer`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PARTS}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...image(),
        parameters: { binary_data_output: true },
        outputs: [{ name: 'unknown' }, { name: 'labels' }, { name: 'similarity' }],
      }),
    });
    const bytes = await response.bytes();
    const tail = bytes.slice(Number(response.headers.get('inference-header-content-length')));
    const texts = ['ball', 'clock', 'lines'].flatMap((label) => [label.length, 0, 0, 0, ...label]);
    const codes = texts.map((value) => (typeof value === 'string' ? value.charCodeAt(0) : value));
    expect([...tail.slice(0, 1 + codes.length)]).toEqual([0, ...codes]);
    const similarity = new Float32Array(tail.slice(1 + codes.length).buffer);
    expect([...similarity]).toEqual([expect.closeTo(native.similarity, 5)]);
  });

  it('lists the models of the network and of own collections in the index', async () => {
    const index = async (key: string | undefined, body?: object) => {
      const answer = await ask(app, key, 'POST', '/v2/repository/index', body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      return answer.body as unknown as { name: string; state: string }[];
    };
    const network = ['mobilenet_v3_small_100_224', 'mobilenet_v3_small_100_224_image'].map((model) => ({
      name: model,
      version: '1',
      state: 'READY',
      reason: '',
    }));
    const own = await index(PARTS);
    expect(own.slice(0, 2)).toEqual(network);
    for (const end of ['', '_image']) {
      const ready = { name: `${name}${end}`, version: String(version), state: 'READY', reason: '' };
      expect(own).toContainEqual(ready);
      const waiting = {
        name: `${untaught}${end}`,
        state: 'UNAVAILABLE',
        reason: expect.stringMatching(/label/),
      };
      expect(own).toContainEqual(waiting);
    }
    const inShards = `${name}-s`;
    await ask(app, PARTS, 'PUT', `/v1/collections/${inShards}`, { shards: 2 });
    expect(await index(PARTS)).toContainEqual({
      name: inShards,
      state: 'UNAVAILABLE',
      reason: expect.stringMatching(/2 shards/),
    });
    const ready = await index(PARTS, { ready: true });
    expect(ready.map((entry) => entry.name)).toEqual(
      own.filter(({ state }) => state === 'READY').map((entry) => entry.name),
    );
    expect(ready.length).toBeLessThan(own.length);
    // Nor does the native API list what others share.
    expect(await index(READER)).toEqual(network);
    const names = (await index(undefined)).map((entry) => entry.name);
    for (const hidden of [name, foreign]) expect(names).not.toContain(hidden);
    expect(await ask(app, PARTS, 'POST', '/v2/repository/index', { ready: 'yes' })).toMatchObject({
      status: 400,
      body: { code: 'field_invalid' },
    });
  });
});

describe('TensorFlow Serving', () => {
  it('tells status and signature', async () => {
    for (const versions of ['', `/versions/${version}`]) {
      const path = `/tf/v1/models/${name}${versions}`;
      expect((await ask(app, PARTS, 'GET', path)).body).toEqual({
        model_version_status: [
          { version: String(version), state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } },
        ],
      });
      const { body } = await ask(app, PARTS, 'GET', `${path}/metadata`);
      expect(body.model_spec).toEqual({ name, signature_name: '', version: String(version) });
      const any = { size: '-1', name: '' };
      expect(body).toMatchObject({
        metadata: {
          signature_def: {
            signature_def: {
              serving_default: {
                inputs: { inputs: { dtype: 'DT_FLOAT' } },
                outputs: {
                  classes: { dtype: 'DT_STRING', tensor_shape: { dim: [any, any] } },
                  scores: { dtype: 'DT_FLOAT', tensor_shape: { dim: [any, any] } },
                  unknown: { dtype: 'DT_BOOL', tensor_shape: { dim: [any] } },
                  similarity: { dtype: 'DT_FLOAT', tensor_shape: { dim: [any] } },
                },
              },
            },
          },
        },
      });
    }
  });

  it('classifies, and says beside it which are unknown', async () => {
    const examples = [{ image: { b64 } }, { image: { b64 } }];
    const path = `/tf/v1/models/${name}/versions/${version}:classify?top_k=2`;
    const { body } = await ask(app, PARTS, 'POST', path, { examples });
    const two = native.predictions.slice(0, 2).map(({ label, score }) => [label, expect.closeTo(score, 5)]);
    expect(body).toEqual({ results: [two, two], unknown: [false, false] });
    const strangers = await ask(app, PARTS, 'POST', `/tf/v1/models/${strange}:classify`, { examples });
    expect(strangers.body.unknown).toEqual([true, true]);
  });

  it('predicts in rows and in columns, from a file and from a tensor', async () => {
    const path = `/tf/v1/models/${name}:predict`;
    const rows = await ask(app, PARTS, 'POST', path, { instances: [{ b64 }] });
    const [row] = rows.body.predictions as { classes: string[]; scores: number[]; similarity: number }[];
    expect(Object.keys(row ?? {})).toEqual(['classes', 'scores', 'unknown', 'similarity']);
    expectNative(row?.classes ?? [], row?.scores ?? []);
    expect(row).toMatchObject({ unknown: false, similarity: expect.closeTo(native.similarity, 5) });
    const columns = await ask(app, PARTS, 'POST', path, { inputs: [{ b64 }] });
    expect(columns.body).toEqual({
      outputs: {
        classes: [row?.classes],
        scores: [row?.scores],
        unknown: [false],
        similarity: [row?.similarity],
      },
    });
    const floats = await ask(app, PARTS, 'POST', path, { instances: [nested(await prepared())] });
    const [tensor] = floats.body.predictions as { scores: number[] }[];
    expect(tensor?.scores).toEqual(row?.scores.map((score) => expect.closeTo(score, 3)));
  });
});

describe('Workers AI', () => {
  it.each(['@me/', '@me%2F'])('runs a collection as %sNAME', async (before) => {
    const answer = await ask(app, PARTS, 'POST', `/client/v4/accounts/any/ai/run/${before}${name}`, photo);
    expect(answer.body).toMatchObject({ success: true, errors: [], messages: [] });
    const result = answer.body.result as LabelScore[];
    expectNative(
      result.map(({ label }) => label),
      result.map(({ score }) => score),
    );
    expect(result.map(({ unknown }) => unknown)).toEqual([false, false, false]);
  });
});

describe.each(EACH)('%s', (_, { path, body, best }) => {
  it('answers others with what is shared, as OWNER/NAME in both spellings, and nobody without a key', async () => {
    for (const model of [`parts/${name}`, `parts%2F${name}`]) {
      const answer = await ask(app, READER, 'POST', path(model), body);
      expect(answer.status, JSON.stringify(answer.body)).toBe(200);
      expect(best(answer.body)).toBe('ball');
      expect((await ask(app, undefined, 'POST', path(model), body)).status).toBe(404);
    }
    // By its bare name it is one's own.
    expect((await ask(app, READER, 'POST', path(name), body)).status).toBe(404);
    expect((await ask(app, PARTS, 'POST', path(`parts/${name}`), body)).status).toBe(200);
  });

  it('answers what is not there and what is somebody else’s alike', async () => {
    const texts = new Set<string>();
    for (const model of [
      `loader/${foreign}`,
      'loader/none',
      foreign,
      'none',
      'no_such_name',
      `nobody/${name}`,
    ]) {
      const answer = await ask(app, PARTS, 'POST', path(model), body);
      expect(answer.status).toBe(404);
      const { request_id: _, ...rest } = answer.body;
      texts.add(JSON.stringify(rest).replaceAll(model, 'MODEL'));
    }
    expect([...texts]).toEqual([expect.stringMatching(/no model .*MODEL.*each collection of yours/)]);
  });

  it('says of one that was never taught what is missing, and that to repeat it is of no use', async () => {
    const answer = await ask(app, PARTS, 'POST', path(untaught), body);
    expect(answer.status).toBe(409);
    expect(JSON.stringify(answer.body)).toMatch(/No item of the collection has a label/);
    expect(answer.headers.get('x-should-retry')).toBe('false');
  });

  it('says when to come again where the collection does not answer', async () => {
    const busy = appWith({ open: async () => fail({ code: 'collection_busy', retrySeconds: 5 }) });
    const answer = await ask(busy, PARTS, 'POST', path(name), body);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('5');
    expect(JSON.stringify(answer.body)).toMatch(/Try again in 5 seconds/);
  });

  it('has no such model where nothing is stored', async () => {
    const answer = await ask(appWith(collectionsOf(readSettings(KEYS))), PARTS, 'POST', path(name), body);
    expect(answer.status).toBe(404);
    expect(JSON.stringify(answer.body)).not.toMatch(/collection/);
  });

  it('wants the key where anonymous callers are refused', async () => {
    const closed = service({ ...KEYS, ALLOW_ANONYMOUS: 'false' });
    expect((await ask(closed, undefined, 'POST', path(name), body)).status).toBe(401);
  });
});

const collections = collectionsOf(readSettings(KEYS), COLLECTIONS);

function appWith(changed: Partial<typeof collections>) {
  const settings = readSettings({ CACHE_SECONDS: '0', ...KEYS });
  return createApp(settings, classifier, undefined, undefined, { ...collections, ...changed });
}

describe('facts about a model', () => {
  const facts = (model: string) => [
    `/v2/models/${model}`,
    `/v2/models/${model}_image`,
    `/v2/models/${model}/ready`,
    `/tf/v1/models/${model}`,
    `/tf/v1/models/${model}/metadata`,
  ];

  it('of a collection are for whoever may use it, those of the network for everybody', async () => {
    const closed = service({ ...KEYS, ALLOW_ANONYMOUS: 'false' });
    for (const [key, model, status] of [
      [READER, `parts/${name}`, 200],
      [READER, `parts%2F${name}`, 200],
      [READER, name, 404],
      [PARTS, `loader/${foreign}`, 404],
      [PARTS, untaught, 409],
      [undefined, name, 401],
      [undefined, `parts/${name}`, 401],
      [undefined, 'mobilenet_v3_small_100_224', 200],
    ] as const) {
      for (const path of facts(model)) {
        expect([path, (await ask(closed, key, 'GET', path)).status]).toEqual([path, status]);
      }
    }
  });

  it('keep their place where the name has an owner', async () => {
    for (const [path, allow] of [
      [`/v2/models/parts/${name}/infer`, 'POST'],
      [`/v2/models/${name}/versions/${version}/infer`, 'POST'],
      [`/tf/v1/models/parts/${name}:predict`, 'POST'],
    ] as const) {
      const answer = await ask(app, PARTS, 'GET', path);
      expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, allow]);
    }
    for (const path of [
      `/v2/models/${name}/config`,
      `/v2/models/parts/${name}/stats`,
      `/tf/v1/models/${name}/labels/x`,
    ])
      expect(await ask(app, PARTS, 'GET', path)).toMatchObject({
        status: 404,
        body: { code: 'route_unknown' },
      });
  });
});

describe('a version', () => {
  it('is that of what was taught: one that is kept answers too, and a newer one as soon as it is asked for', async () => {
    const growing = await made(app, PARTS);
    const first = await teach(app, PARTS, growing, items(2, 5));
    const paths = (n: string | number) => [
      `/v2/models/${growing}/versions/${n}`,
      `/tf/v1/models/${growing}/versions/${n}/metadata`,
    ];
    const statuses = async (n: string | number) =>
      Promise.all(paths(n).map(async (path) => (await ask(app, PARTS, 'GET', path)).status));
    expect(await statuses(first)).toEqual([200, 200]);
    const wrong = [0, first - 1, first + 1, 'latest', '-1', `${first}.0`, `0${first}`, '9'.repeat(30)];
    for (const n of wrong) expect([n, ...(await statuses(n))]).toEqual([n, 404, 404]);
    const missing = await ask(app, PARTS, 'GET', `/v2/models/${growing}/versions/${first + 1}`);
    expect(missing.body).toMatchObject({
      code: 'model_unknown',
      detail: expect.stringContaining(`There is ${growing} with version ${first}`),
    });
    // Told to another isolate, this one would learn of it only in some seconds.
    const elsewhere = service(KEYS);
    const second = await teach(elsewhere, PARTS, growing, items(3, 2, 5));
    expect(await statuses(second)).toEqual([200, 200]);
    // The one before is kept.
    expect(await statuses(first)).toEqual([200, 200]);
    const answered = async (n: number) => {
      const path = `/v2/models/${growing}_image/versions/${n}/infer`;
      const answer = await ask(app, PARTS, 'POST', path, image());
      return [answer.body.model_version, tensors(answer).get('labels')?.data];
    };
    expect(await answered(first)).toEqual([String(first), ['kind-0', 'kind-1']]);
    expect(await answered(second)).toEqual([String(second), ['kind-0', 'kind-1', 'kind-2']]);
  });

  it('is the one that was activated, where one was', async () => {
    const pinned = await made(app, PARTS);
    const first = await teach(app, PARTS, pinned, items(2, 5));
    await ask(app, PARTS, 'POST', `/v1/collections/${pinned}/train`);
    const second = await teach(app, PARTS, pinned, items(3, 2, 5));
    await ask(app, PARTS, 'POST', `/v1/collections/${pinned}/train`);
    await ask(app, PARTS, 'POST', `/v1/collections/${pinned}/versions/${first}/activate`);
    const { body } = await ask(app, PARTS, 'GET', `/v2/models/${pinned}`);
    expect(body.versions).toEqual([String(first)]);
    const classified = { examples: [{ image: { b64 } }] };
    for (const [path, count] of [
      [`/tf/v1/models/${pinned}:classify`, 2],
      [`/tf/v1/models/${pinned}/versions/${second}:classify`, 3],
    ] as const) {
      const { results } = (await ask(app, PARTS, 'POST', path, classified)).body;
      expect((results as unknown[][])[0]?.length).toBe(count);
    }
    const index = await ask(app, PARTS, 'POST', '/v2/repository/index');
    expect(index.body).toContainEqual(expect.objectContaining({ name: pinned, version: String(first) }));
  });

  it('that does not come is no version that is not there', async () => {
    const busy = appWith({
      open: async (question) =>
        question.head === undefined
          ? collections.open(question)
          : fail({ code: 'collection_busy', retrySeconds: 5 }),
    });
    const path = `/v2/models/${name}/versions/${version - 1}`;
    expect((await ask(busy, PARTS, 'GET', path)).status).toBe(429);
  });

  it('is the one before while a newer one is being trained', async () => {
    const old = appWith({
      open: async (question) => {
        const served = await collections.open(question);
        return served.ok ? ok({ ...served.value, taught: 2, version: 3, stale: true }) : served;
      },
    });
    const answer = await ask(old, PARTS, 'POST', `/v2/models/${name}_image/infer`, image());
    expect(answer.body.model_version).toBe('2');
  });
});
