/**
 * Runs an exported head in onnxruntime-web, as a page would: it answers as the service does.
 *
 *     node test/conformance/heads.ts --url http://127.0.0.1:8787 --image photo.jpg
 */
import assert from 'node:assert/strict';
import { InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { report, target } from './report.ts';
import { teach } from './taught.ts';

/** The service rounds to six decimals, and sums in another order. */
const CLOSE = 2e-6;

interface Answer {
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
  readonly similarity: number;
  readonly unknown: boolean;
}

const { url, image } = await target();
const taught = await teach({ url, image });

async function get(path: string): Promise<Response> {
  const response = await fetch(`${url}${path}`);
  assert.equal(response.status, 200, path);
  return response;
}

async function post<T>(path: string): Promise<T> {
  const response = await fetch(`${url}${path}`, { method: 'POST', body: image });
  assert.equal(response.status, 200, path);
  return response.json() as Promise<T>;
}

await report({
  'onnxruntime-web answers as the service does': async () => {
    const { embedding } = await post<{ embedding: number[] }>('/v1/embed');
    const file = await (await get(`/v1/collections/${taught.name}/export?format=onnx`)).arrayBuffer();
    const { labels } = (await (await get(`/v1/collections/${taught.name}/export`)).json()) as {
      labels: string[];
    };
    const session = await InferenceSession.create(new Uint8Array(file));
    const { probabilities, similarity, unknown } = await session.run({
      embedding: new Tensor('float32', Float32Array.from(embedding), [1, 1024]),
    });
    const answer = await post<Answer>(`/v1/classify?collection=${taught.name}`);
    assert.equal(answer.predictions.length, labels.length);
    for (const { label, score } of answer.predictions) {
      const given = Number(probabilities?.data[labels.indexOf(label)]);
      assert.ok(Math.abs(given - score) <= CLOSE, `${label}: ${given} is not ${score}`);
    }
    assert.ok(Math.abs(Number(similarity?.data[0]) - answer.similarity) <= CLOSE);
    assert.equal(Boolean(unknown?.data[0]), answer.unknown);
  },
});
