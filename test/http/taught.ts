/** Collections for the tests of the dialects, and the requests by which each dialect names them. */
import { expect } from 'vitest';
import type { CollectionClassification } from '../../src/collection-answer.ts';
import { collectionsOf } from '../../src/collections/collections.ts';
import { createApp } from '../../src/http/app.ts';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { createAllowance } from '../../src/image/ways/allowance.ts';
import { readSettings } from '../../src/settings.ts';
import { type Answer, ask, items, KEYS, LOADER, made, PARTS, teach } from '../collections/teaching.ts';
import { provided } from '../pictures/provided.ts';
import { COLLECTIONS, classifier, decoder, service } from '../service.ts';

export const app = service(KEYS);
export const photo = provided('golf-ball.jpeg-420');
export const b64 = photo.toBase64();
const PIXELS = 224 * 224;

/** Shared by `parts`: balls, clocks and lines, one of which is the photo. */
export let name: string;
/** The version in which its labels last changed. */
export let version: number;
/** The native API's answer for the photo. */
export let native: CollectionClassification;
/** With labels that no picture resembles. */
export let strange: string;
export let untaught: string;
/** Owned by `loader`, who does not share it. */
export let foreign: string;

/** Each file must await it: files share this module, and tests in between may have emptied the storage. */
export async function teachAll(): Promise<void> {
  name = await made(app, PARTS, true);
  version = await taught(name);
  native = await classified(name);
  strange = await made(app, PARTS);
  await teach(app, PARTS, strange, items(2, 5));
  untaught = await made(app, PARTS);
  foreign = await made(app, LOADER);
  await teach(app, LOADER, foreign, items(2, 5));
}

async function taught(collection: string): Promise<number> {
  const path = `/v1/collections/${collection}/items`;
  let last = 0;
  for (const [picture, label] of [
    ['golf-ball.jpeg-420', 'ball'],
    ['digital-clock.jpeg-420', 'clock'],
    ['spider-web.jpeg-420', 'lines'],
    ['crossword.jpeg-420', 'lines'],
  ] as const) {
    const added = await ask(app, PARTS, 'POST', `${path}?label=${label}`, provided(picture));
    expect(added.status, JSON.stringify(added.body)).toBe(200);
    last = (added.body.collection as { version: number }).version;
  }
  // A change that does not affect training: answers stay those of the version before.
  await ask(app, PARTS, 'POST', path, provided('portrait.jpeg-420'));
  return last;
}

async function classified(collection: string): Promise<CollectionClassification> {
  const { body } = await ask(app, PARTS, 'POST', `/v1/classify?collection=${collection}`, photo);
  const answer = body as unknown as CollectionClassification;
  expect(answer.predictions.length).toBe(3);
  expect(answer.collection.version).toBe(version + 1);
  return answer;
}

/** Scores by label: dialects do not round them, and some list them in the order of the labels. */
export function expectNative(labels: readonly unknown[], scores: readonly unknown[]): void {
  const found = labels.map((label, index) => [label, Number(Number(scores[index]).toFixed(5))]);
  const wanted = native.predictions.map(({ label, score }) => [label, Number(score.toFixed(5))]);
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
}

export interface LabelScore {
  label: string;
  score: number;
  unknown?: boolean;
}

export interface Tensor {
  name: string;
  datatype: string;
  shape: number[];
  data: (number | string | boolean)[];
}

export function listOf(answer: Answer): LabelScore[] {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body as unknown as LabelScore[];
}

export function tensors(answer: Answer): Map<string, Tensor> {
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return new Map((answer.body.outputs as Tensor[]).map((tensor) => [tensor.name, tensor]));
}

/** The photo as a client that sends tensors prepares it: RGB in [0, 1], NHWC. */
export async function prepared(): Promise<number[]> {
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

export function nested(floats: readonly number[]): number[][][] {
  return Array.from({ length: 224 }, (_, y) =>
    Array.from({ length: 224 }, (_, x) => floats.slice(3 * (224 * y + x), 3 * (224 * y + x) + 3)),
  );
}

export const image = (count = 1) => ({
  inputs: [{ name: 'image', datatype: 'BYTES', shape: [count], data: Array(count).fill(b64) }],
});

/** How each dialect names a collection in a request, and where its answer has the best label. */
export const DIALECTS = {
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

export const EACH = Object.entries(DIALECTS);

/** The app's collections, for calls without the app. */
export const collections = collectionsOf(readSettings(KEYS), COLLECTIONS);

/** The app, with one method of its collections replaced. */
export function appWith(changed: Partial<typeof collections>) {
  const settings = readSettings({ CACHE_SECONDS: '0', ...KEYS });
  return createApp(settings, classifier, undefined, undefined, { ...collections, ...changed });
}
