/** The network's embeddings of inputs. Many files decode to the same input, which is sent once. */
import { createHash } from 'node:crypto';
import { embeddingOf } from '../reference/worker.ts';

/** @returns the embedding of an input of 3 planes of 224×224 in [−1, 1]. */
export function embeddingsBy(url: string): (input: Float32Array) => Promise<Float32Array> {
  const kept = new Map<string, Float32Array>();
  return async (input) => {
    const bytes = new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
    const name = createHash('sha256').update(bytes).digest('hex');
    const embedding = kept.get(name) ?? (await embeddingOf(url, input));
    kept.set(name, embedding);
    return embedding;
  };
}
