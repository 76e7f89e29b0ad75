/**
 * Requests as TensorFlow Serving's REST documentation shows them, against a running Worker.
 *
 * There is no official client for the REST API: users write these requests with an HTTP client of their own. So the
 * requests are not captured from a client but written from the documentation, with our model's name, tensors and
 * pictures.
 *
 * @see https://www.tensorflow.org/tfx/serving/api_rest
 */
import assert from 'node:assert/strict';
import { nativeLabel, report, target } from './report.ts';
import { teach } from './taught.ts';

const aim = await target();
const label = await nativeLabel(aim);
const taught = await teach(aim);
const models = `${aim.url}/tf/v1/models`;
const model = `${models}/mobilenet_v3_small_100_224`;
const b64 = Buffer.from(aim.image).toString('base64');

/** [224][224][3] numbers in [0, 1], as a client makes them from a picture's pixels. */
const tensor = Array.from({ length: 224 }, (_, y) =>
  Array.from({ length: 224 }, (_, x) => [0, 1, 2].map((channel) => ((y * 3 + x * 5 + channel) % 256) / 255)),
);

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: Record<string, unknown>;
}

/** `curl -d '…' -X POST URL`: the content type is a form's, as in the documentation's examples. */
async function curl(url: string, body?: unknown): Promise<Answer> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(url, init);
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: (await response.json()) as Record<string, unknown>,
  };
}

async function answer(url: string, body?: unknown): Promise<Record<string, unknown>> {
  const { status, type, body: answered } = await curl(url, body);
  assert.equal(status, 200, JSON.stringify(answered).slice(0, 300));
  assert.equal(type, 'application/json');
  return answered;
}

/** The rows of logits under a key. */
function rows(body: Record<string, unknown>, key: 'predictions' | 'outputs'): number[][] {
  assert.deepEqual(Object.keys(body), [key]);
  const found = body[key] as number[][];
  for (const row of found) {
    assert.equal(row.length, 1001);
    assert.ok(
      row.every((logit) => Object.is(logit, Math.fround(logit))),
      'a logit is no float32',
    );
  }
  return found;
}

async function refused(url: string, body: unknown, status: number, text: RegExp): Promise<void> {
  const got = await curl(url, body);
  assert.equal(got.status, status);
  assert.match(String(got.body.error), text);
}

await report({
  'Model status API': async () => {
    const status = { version: '1', state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } };
    assert.deepEqual(await answer(model), { model_version_status: [status] });
    assert.deepEqual(await answer(`${model}/versions/1`), { model_version_status: [status] });
  },
  'Model metadata API': async () => {
    const { model_spec, metadata } = await answer(`${model}/metadata`);
    assert.deepEqual(model_spec, { name: 'mobilenet_v3_small_100_224', signature_name: '', version: '1' });
    assert.match(JSON.stringify(metadata), /"method_name":"tensorflow\/serving\/predict"/);
    assert.deepEqual(await answer(`${model}/versions/1/metadata`), { model_spec, metadata });
  },
  'Predict API, row format: a list of tensors': async () => {
    const [first, second] = rows(
      await answer(`${model}:predict`, { instances: [tensor, tensor] }),
      'predictions',
    );
    assert.deepEqual(first, second);
  },
  'Predict API, row format: a list of objects by input name': async () => {
    const named = await answer(`${model}:predict`, { instances: [{ inputs: tensor }] });
    const bare = await answer(`${model}:predict`, { signature_name: 'serving_default', instances: [tensor] });
    assert.deepEqual(rows(named, 'predictions'), rows(bare, 'predictions'));
  },
  'Predict API, columnar format: one tensor, and an object of tensors': async () => {
    const single = rows(await answer(`${model}:predict`, { inputs: [tensor] }), 'outputs');
    const named = rows(await answer(`${model}:predict`, { inputs: { inputs: [tensor] } }), 'outputs');
    assert.deepEqual(single, named);
  },
  'Predict API of a version': async () => {
    rows(await answer(`${model}/versions/1:predict`, { instances: [tensor] }), 'predictions');
  },
  'Encoding binary values: pictures as instances': async () => {
    const bare = rows(await answer(`${model}:predict`, { instances: [{ b64 }] }), 'predictions');
    const named = rows(await answer(`${model}:predict`, { inputs: { image: [{ b64 }] } }), 'outputs');
    assert.deepEqual(bare, named);
  },
  'Classify API: examples with a binary feature beside another': async () => {
    const examples = [
      { image: { b64 }, caption: 'seaside' },
      { image: { b64 }, caption: 'mountains' },
    ];
    const { results } = await answer(`${model}:classify`, { signature_name: 'serving_default', examples });
    const classes = results as [string, number][][];
    assert.deepEqual(
      classes.map((best) => best.length),
      [5, 5],
    );
    assert.deepEqual(
      classes.map((best) => best[0]?.[0]),
      [label, label],
    );
    assert.ok(classes.flat().every(([, score]) => score >= 0 && score <= 1));
  },
  'Model status and metadata of a collection and of its version, with and without its owner': async () => {
    const { name, version: newest, before } = taught;
    const status = (version: string) => ({
      ...{ version, state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } },
    });
    for (const spelt of [name, `anonymous/${name}`, `anonymous%2F${name}`]) {
      const all = { model_version_status: [newest, before].map(status) };
      assert.deepEqual(await answer(`${models}/${spelt}`), all);
      for (const [versions, version] of [
        ['', newest],
        [`/versions/${newest}`, newest],
        [`/versions/${before}`, before],
      ] as const) {
        const one = { model_version_status: [status(version)] };
        if (versions !== '') assert.deepEqual(await answer(`${models}/${spelt}${versions}`), one);
        const { model_spec } = await answer(`${models}/${spelt}${versions}/metadata`);
        assert.deepEqual(model_spec, { name: decodeURIComponent(spelt), signature_name: '', version });
      }
    }
  },
  'Classify API of a collection: results as of any model, and beside them what is unknown': async () => {
    const examples = [{ image: { b64 } }];
    const { results, unknown } = await answer(`${models}/${taught.name}:classify`, { examples });
    assert.deepEqual(
      (results as [string, number][][])[0]?.map(([name]) => name),
      ['shown', 'other'],
    );
    assert.deepEqual(unknown, [false]);
    const strange = await answer(`${models}/anonymous/${taught.strange}:classify`, { examples });
    assert.deepEqual(strange.unknown, [true]);
  },
  'Predict API of a collection: several outputs are named, in rows and in columns': async () => {
    const path = `${models}/${taught.name}/versions/${taught.version}:predict`;
    const { predictions } = await answer(path, { instances: [{ b64 }, tensor] });
    const instances = predictions as Record<string, unknown>[];
    for (const instance of instances) {
      assert.deepEqual(Object.keys(instance), ['classes', 'scores', 'unknown', 'similarity']);
      assert.deepEqual(instance.classes, ['other', 'shown']);
    }
    const { outputs } = await answer(path, { inputs: [{ b64 }, tensor] });
    for (const [name, column] of Object.entries(outputs as Record<string, unknown[]>)) {
      assert.deepEqual(
        column,
        instances.map((instance) => instance[name]),
      );
    }
  },
  'a collection that is not there, and one without labels, are refused with an error': async () => {
    const body = { instances: [{ b64 }] };
    await refused(`${models}/none:predict`, body, 404, /no model "none"/);
    await refused(`${models}/${taught.name}/versions/99:predict`, body, 404, /There is clients-/);
    await refused(`${models}/${taught.untaught}:predict`, body, 409, /has a label/);
  },
  'Example: an unknown model is a 404 whose error names it': async () => {
    const half = model.replace(/[^/]+$/, 'half');
    await refused(`${half}:predict`, { instances: [1.0, 5.0] }, 404, /"half"/);
  },
  'an unknown version is a 404 whose error names it': async () => {
    await refused(`${model}/versions/7:predict`, { instances: [tensor] }, 404, /"7"/);
  },
  'an unknown signature is a 400 whose error names ours': async () => {
    const body = { signature_name: 'classify_objects', examples: [{ image: { b64 } }] };
    await refused(`${model}:classify`, body, 400, /serving_default/);
  },
  'both formats at once are a 400': async () => {
    await refused(`${model}:predict`, { instances: [tensor], inputs: [tensor] }, 400, /not both/);
  },
  'a tensor of a wrong shape is a 400 whose error says where': async () => {
    await refused(
      `${model}:predict`,
      { instances: [tensor.slice(1)] },
      400,
      /"instances.0" must be 224 rows/,
    );
  },
});
