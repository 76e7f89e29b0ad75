/** A collection as two models of the Open Inference Protocol. */
import { describe, expect, it } from 'vitest';
import { ask, PARTS, READER } from '../collections/teaching.ts';
import {
  app,
  expectNative,
  foreign,
  image,
  name,
  native,
  prepared,
  strange,
  teachAll,
  tensors,
  untaught,
  version,
} from './taught.ts';

await teachAll();

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
    // Nor does the native API list collections that others share.
    expect(await index(READER)).toEqual(network);
    const names = (await index(undefined)).map((entry) => entry.name);
    for (const hidden of [name, foreign]) expect(names).not.toContain(hidden);
    expect(await ask(app, PARTS, 'POST', '/v2/repository/index', { ready: 'yes' })).toMatchObject({
      status: 400,
      body: { code: 'field_invalid' },
    });
  });
});
