/**
 * The bytes of a cache entry: 32 of SHA-256, the 1001 logits and the 1024 numbers of the embedding as float32 in the
 * machine's byte order, the perceptual hash, and the facts about the picture as JSON. The picture itself is not
 * included.
 *
 * The hash covers the key and everything that follows it, so that a damaged entry, or one found under another key, is
 * detected.
 */
import { EMBEDDING_LENGTH } from '../answer.ts';
import type { Seen } from '../classifier.ts';
import { type ImageFacts, imageFactsSchema } from '../image/facts.ts';
import { FINGERPRINT_BYTES } from '../image/fingerprint.ts';
import { LOGIT_COUNT } from '../inference/softmax.ts';

const HASH_BYTES = 32;
const LOGITS_BYTES = LOGIT_COUNT * Float32Array.BYTES_PER_ELEMENT;
const EMBEDDING_BYTES = EMBEDDING_LENGTH * Float32Array.BYTES_PER_ELEMENT;
const FINGERPRINT_AT = HASH_BYTES + LOGITS_BYTES + EMBEDDING_BYTES;
const FACTS_AT = FINGERPRINT_AT + FINGERPRINT_BYTES;

export async function encodeEntry(
  key: string,
  { logits, embedding, fingerprint, image }: Seen,
): Promise<Uint8Array<ArrayBuffer>> {
  const facts = new TextEncoder().encode(JSON.stringify(image));
  const entry = new Uint8Array(FACTS_AT + facts.byteLength);
  entry.set(bytesOf(logits), HASH_BYTES);
  entry.set(bytesOf(embedding), HASH_BYTES + LOGITS_BYTES);
  entry.set(fingerprint, FINGERPRINT_AT);
  entry.set(facts, FACTS_AT);
  entry.set(new Uint8Array(await hashOf(key, entry.subarray(HASH_BYTES))));
  return entry;
}

/** @returns undefined if the bytes are not an entry of that key. */
export async function decodeEntry(key: string, buffer: ArrayBuffer): Promise<Seen | undefined> {
  if (buffer.byteLength <= FACTS_AT) return undefined;
  const entry = new Uint8Array(buffer);
  const hash = await hashOf(key, entry.subarray(HASH_BYTES));
  if (!crypto.subtle.timingSafeEqual(hash, entry.subarray(0, HASH_BYTES))) return undefined;
  return {
    logits: new Float32Array(buffer, HASH_BYTES, LOGIT_COUNT),
    embedding: new Float32Array(buffer, HASH_BYTES + LOGITS_BYTES, EMBEDDING_LENGTH),
    fingerprint: entry.slice(FINGERPRINT_AT, FACTS_AT),
    image: factsOf(entry.subarray(FACTS_AT)),
  };
}

/** @throws if they are not in this version's format: `ENTRY_VERSION` was not raised. */
function factsOf(json: Uint8Array): ImageFacts {
  return imageFactsSchema.parse(JSON.parse(new TextDecoder().decode(json)));
}

function hashOf(key: string, rest: Uint8Array): Promise<ArrayBuffer> {
  const name = new TextEncoder().encode(key);
  const hashed = new Uint8Array(name.byteLength + rest.byteLength);
  hashed.set(name);
  hashed.set(rest, name.byteLength);
  return crypto.subtle.digest('SHA-256', hashed);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
