/**
 * A head as bytes, for the memory of isolates, for rows and for the cache.
 *
 * Eight bytes of signature with the format's version, four of a length, JSON of that length, padding to a multiple of
 * four, then the arrays in the machine's byte order, which is little-endian wherever Workers run.
 */
import * as z from 'zod';
import { allBitsOf } from './bits.ts';
import type { Head } from './head.ts';
import { DIMENSIONS } from './vectors.ts';

/** Its last character changes with the format. A head in another format is trained again. */
const MARK = new TextEncoder().encode('mnehead1');
const LENGTH_AT = MARK.length;
const JSON_AT = LENGTH_AT + 4;

const factsSchema = z.object({
  labels: z.array(z.string()).min(1),
  ids: z.array(z.string()),
  temperature: z.number().positive(),
  threshold: z.number(),
});

export function encodeHead(head: Head): Uint8Array<ArrayBuffer> {
  const { labels, ids, temperature, threshold } = head;
  const facts = new TextEncoder().encode(JSON.stringify({ labels, ids, temperature, threshold }));
  const parts = [head.weights, head.bias, head.means, head.classes, head.leftOut, head.vectors];
  const arraysAt = aligned(JSON_AT + facts.length);
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, arraysAt));
  bytes.set(MARK);
  new DataView(bytes.buffer).setUint32(LENGTH_AT, facts.length, true);
  bytes.set(facts, JSON_AT);
  let at = arraysAt;
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/**
 * @param buffer as `encodeHead` returns it. The head's arrays are views of it, so it must not be written to.
 * @returns undefined if it has another format, or is incomplete.
 */
export function decodeHead(buffer: ArrayBuffer): Head | undefined {
  const bytes = new Uint8Array(buffer);
  if (bytes.length < JSON_AT || MARK.some((byte, i) => bytes[i] !== byte)) return undefined;
  const length = new DataView(buffer).getUint32(LENGTH_AT, true);
  const facts = factsIn(bytes.subarray(JSON_AT, JSON_AT + length));
  if (facts === undefined) return undefined;
  const classCount = facts.labels.length;
  const total = facts.ids.length;
  const weightsAt = aligned(JSON_AT + length);
  const biasAt = weightsAt + 4 * classCount * DIMENSIONS;
  const meansAt = biasAt + 4 * classCount;
  const classesAt = meansAt + 4 * classCount * DIMENSIONS;
  const leftOutAt = classesAt + 2 * total;
  const vectorsAt = leftOutAt + 2 * total;
  if (bytes.length !== vectorsAt + total * DIMENSIONS) return undefined;
  const vectors = new Int8Array(buffer, vectorsAt, total * DIMENSIONS);
  return {
    ...facts,
    weights: new Float32Array(buffer, weightsAt, classCount * DIMENSIONS),
    bias: new Float32Array(buffer, biasAt, classCount),
    means: new Float32Array(buffer, meansAt, classCount * DIMENSIONS),
    classes: new Uint16Array(buffer, classesAt, total),
    leftOut: new Uint16Array(buffer, leftOutAt, total),
    vectors,
    bits: allBitsOf(vectors),
  };
}

function factsIn(json: Uint8Array): z.output<typeof factsSchema> | undefined {
  try {
    return factsSchema.parse(JSON.parse(new TextDecoder().decode(json)));
  } catch {
    return undefined;
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 4) * 4;
}
