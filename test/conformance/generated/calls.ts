/** Calls of `openapi-fetch` with the generated types, against a running Worker. */
import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import { report, target } from './report.ts';
import type { paths } from './schema.d.ts';

const { url, image } = await target();
const client = createClient<paths>({ baseUrl: url });
const base64 = Buffer.from(image).toString('base64');

/** The types have a string where a file is expected, as the document describes bytes. */
const asFile = {
  body: '',
  bodySerializer: () => image,
  headers: { 'content-type': 'application/octet-stream' },
};

await report({
  'classify takes JSON, and its answer is typed': async () => {
    const { data } = await client.POST('/v1/classify', { body: { image: base64, top_k: 2 } });
    const predictions = data?.predictions ?? [];
    assert.equal(predictions.length, 2);
    assert.ok((predictions[0]?.score ?? 0) > 0.1);
    assert.equal(data?.image.format, 'jpeg');
  },
  'classify takes the file itself, with options in the query': async () => {
    const params = { query: { top_k: 3, 'labels.exclude': ['tabby'] } };
    const { data } = await client.POST('/v1/classify', { ...asFile, params });
    assert.equal(data?.predictions.length, 3);
  },
  'classify takes a form': async () => {
    const { data } = await client.POST('/v1/classify', {
      body: { image: '', top_k: 1 },
      bodySerializer: () => {
        const form = new FormData();
        form.append('image', new Blob([image]), 'café.jpg');
        form.append('top_k', '1');
        return form;
      },
    });
    assert.equal(data?.predictions.length, 1);
  },
  // A batch is answered as JSON or as lines, and the type covers both.
  'embed and batches': async () => {
    const vector = await client.POST('/v1/embed', { body: { image: base64, normalize: true } });
    assert.equal(vector.data?.embedding.length, 1024);
    const many = await client.POST('/v1/batch', { body: { images: [base64, 'A!'], top_k: 1 } });
    const [first, second] = many.data && 'results' in many.data ? many.data.results : [];
    assert.ok(first && 'result' in first && first.result.predictions.length === 1);
    assert.ok(second && 'error' in second && second.error.code === 'base64_invalid');
    const vectors = await client.POST('/v1/embed/batch', { body: { images: [base64] } });
    const [only] = vectors.data && 'results' in vectors.data ? vectors.data.results : [];
    assert.ok(only && 'result' in only && only.result.embedding.length === 1024);
  },
  facts: async () => {
    const labels = await client.GET('/v1/labels');
    assert.equal(labels.data?.[281]?.label, 'tabby');
    assert.ok(((await client.GET('/v1/limits')).data?.batch.max_items ?? 0) > 0);
    assert.match((await client.GET('/v1/model')).data?.version ?? '', /^\d+\.\d+\.\d+$/);
    assert.equal((await client.GET('/healthz')).data?.status, 'ok');
  },
  'the dialects': async () => {
    const scores = await client.POST('/hf', { body: { inputs: base64, parameters: { top_k: 2 } } });
    assert.equal(scores.data?.length, 2);
    const model = 'mobilenet_v3_small_100_224';
    const target = { params: { path: { model } } };
    const logits = await client.POST('/tf/v1/models/{model}:predict', {
      ...target,
      body: { instances: [{ b64: base64 }] },
    });
    assert.ok(logits.data && 'predictions' in logits.data);
    const [row] = logits.data.predictions;
    // A collection returns objects.
    assert.ok(Array.isArray(row) && row.length === 1001);
    const classes = await client.POST('/tf/v1/models/{model}:classify', {
      ...target,
      body: { examples: [{ image: { b64: base64 } }] },
    });
    assert.equal(typeof classes.data?.results[0]?.[0]?.[0], 'string');
    const outputs = await client.POST('/v2/models/{model}/infer', {
      params: { path: { model: `${model}_image` } },
      body: { inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', data: [base64] }] },
    });
    assert.ok(outputs.data && typeof outputs.data !== 'string' && outputs.data.outputs.length > 0);
    const result = await client.POST('/client/v4/accounts/{account}/ai/run/{model}', {
      params: { path: { account: 'a', model } },
      body: { image: [...image] },
    });
    assert.equal(result.data?.result.length, 5);
  },
  'a refusal is typed': async () => {
    const { error } = await client.POST('/v1/classify', { body: { image: 'A!' } });
    assert.equal(error?.code, 'base64_invalid');
    assert.equal(error?.status, 400);
  },
});
