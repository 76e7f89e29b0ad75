/**
 * The dialects answer exactly what their protocols define, byte for byte: classes by label, and nothing about groups.
 * The expected texts are made from the logits and the label table alone.
 */
import { expect, it } from 'vitest';
import table from '../../model/labels.json';
import { softmax } from '../../src/inference/softmax.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post, service } from '../service.ts';

const app = service();
const picture = provided('digital-clock.jpeg-420');
const MODEL = 'mobilenet_v3_small_100_224';
const b64 = picture.toBase64();

const seen = await classifier.see(picture);
if (!seen.ok) throw new Error(seen.failure.code);
const { logits } = seen.value;
const scores = softmax(logits);

/** Outputs of the network, the likeliest first. */
const ranked = Array.from(logits.keys()).sort((a, b) => (logits[b] ?? 0) - (logits[a] ?? 0) || a - b);

function labels(count: number): [label: string, score: number][] {
  const classes = ranked.filter((output) => output > 0).slice(0, count);
  return classes.map((output) => [table[output - 1]?.label ?? '', scores[output] ?? 0]);
}

async function textOf(path: string, body: BodyInit): Promise<string> {
  const response = await app.request(path, post(body));
  expect(response.status).toBe(200);
  return response.text();
}

const listed = labels(5).map(([label, score]) => ({ label, score }));

it('Hugging Face', async () => {
  expect(await textOf('/hf', picture)).toBe(JSON.stringify(listed));
  const all = labels(1000).map(([label, score]) => ({ label, score }));
  expect(await textOf('/hf?top_k=1000', picture)).toBe(JSON.stringify(all));
});

it('Workers AI', async () => {
  const expected = { result: listed, success: true, errors: [], messages: [] };
  expect(await textOf(`/client/v4/accounts/a/ai/run/${MODEL}`, picture)).toBe(JSON.stringify(expected));
});

it('TensorFlow Serving', async () => {
  const classify = JSON.stringify({ examples: [{ b64 }] });
  expect(await textOf(`/tf/v1/models/${MODEL}:classify`, classify)).toBe(
    JSON.stringify({ results: [labels(5)] }),
  );
  const predict = JSON.stringify({ instances: [{ b64 }] });
  const predictions = [Array.from(logits)];
  expect(await textOf(`/tf/v1/models/${MODEL}:predict`, predict)).toBe(JSON.stringify({ predictions }));
});

it('Open Inference', async () => {
  const data = ranked.slice(0, 3).map((output) => {
    const label = output === 0 ? 'background' : table[output - 1]?.label;
    return `${logits[output]?.toFixed(6)}:${output}:${label}`;
  });
  const body = JSON.stringify({
    inputs: [{ name: 'image', shape: [1], datatype: 'BYTES', data: [b64] }],
    outputs: [{ name: 'logits', parameters: { classification: 3 } }],
  });
  const expected = {
    model_name: `${MODEL}_image`,
    model_version: '1',
    outputs: [{ name: 'logits', datatype: 'BYTES', shape: [1, 3], data }],
  };
  expect(await textOf(`/v2/models/${MODEL}_image/infer`, body)).toBe(JSON.stringify(expected));
});
