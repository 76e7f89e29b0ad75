/** Items by the thousand, added to the real objects without HTTP. */
import { env } from 'cloudflare:workers';
import type { NewItem } from '../../src/collections/item.ts';
import type { Reference } from '../../src/collections/names.ts';
import { createObjects } from '../../src/collections/objects.ts';
import { DIMENSIONS, storedVector } from '../../src/collections/vectors.ts';
import type { Result } from '../../src/failure.ts';
import { normals } from './examples.ts';
import { freshName } from './teaching.ts';

export const OWNER = 'parts';
export const QUOTAS = { collections: 1000, items: 100_000, labels: 200, labelledItems: 100_000 };
export const BUDGET = 16 * 1024 * 1024;

/** Allows for a busy machine. */
export const objects = createObjects(env.COLLECTIONS, 60_000);

/** @throws if it has failed. */
export async function answerOf<T>(result: Promise<Result<T>>): Promise<T> {
  const done = await result;
  if (!done.ok) throw new Error(JSON.stringify(done.failure));
  return done.value;
}

export async function madeCollection(): Promise<Reference> {
  const reference = { owner: OWNER, name: freshName() };
  await answerOf(objects.ofCollection(reference, (object) => object.create(reference, {})));
  return reference;
}

/** Copies are not looked for, so that nothing is searched yet. */
export async function addTo(reference: Reference, items: readonly NewItem[]): Promise<void> {
  const quiet = items.map((item) => ({ ...item, copies: false }));
  await answerOf(objects.ofCollection(reference, (object) => object.add(OWNER, quiet, QUOTAS)));
}

/** Unlike every other vector. */
export function strangers(count: number, seed: number, prefix = 'stranger'): NewItem[] {
  const normal = normals(seed);
  return Array.from({ length: count }, (_, i) => ({
    id: `${prefix}-${i}`,
    vector: storedVector(Float32Array.from({ length: DIMENSIONS }, normal)),
  }));
}

const centre = Float32Array.from({ length: DIMENSIONS }, normals(77));

/** Similar vectors, each differing in another number. */
export function relative(seed: number): Int8Array {
  const normal = normals(1000 + seed);
  return storedVector(centre.map((value) => value + 0.6 * normal()));
}
