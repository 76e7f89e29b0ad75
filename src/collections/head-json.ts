/** A head as it leaves, for the Worker and for the page alike: as JSON, and what the ONNX file says of itself. */
import card from '../../model/card.json';
import type { Head } from './head.ts';

/** Its number goes up when an existing member changes its meaning. */
export const HEAD_FORMAT = 'mobilenet-edge/head/1' as const;

/** A head with what is said of it: a part of `Facts` and `HeadVersion`, which know what only the Worker has. */
export interface NamedHead {
  readonly facts: { readonly name: string; readonly embeddingSpace: string };
  readonly head: Head;
  readonly version: {
    readonly version: number;
    /** How many items it was trained on. */
    readonly examples: number;
    /** By leave-one-out, 0–1. */
    readonly accuracy?: number;
  };
}

const MODEL = { name: card.name, version: card.version };

/**
 * Everything that is needed to use it elsewhere, and to bring it back. `ExportedHead` of `src/transfer` describes it.
 *
 * @param base64 not every browser that opens the page has `toBase64`.
 */
export function headJson({ facts, head, version }: NamedHead, base64: (bytes: Uint8Array) => string) {
  const { labels, weights, bias, means, temperature, threshold } = head;
  return {
    format: HEAD_FORMAT,
    name: facts.name,
    version: version.version,
    embedding_space: facts.embeddingSpace,
    labels: [...labels],
    weights: base64(bytesOf(weights)),
    bias: [...bias],
    temperature,
    unknown: { means: base64(bytesOf(means)), threshold },
    examples: version.examples,
    ...(version.accuracy === undefined ? {} : { accuracy: version.accuracy }),
    model: MODEL,
    preprocessing: card.preprocessing,
  };
}

/** What the ONNX file says of itself. */
export function headMetadata({ facts, version }: NamedHead): Record<string, string> {
  return {
    name: facts.name,
    version: String(version.version),
    embedding_space: facts.embeddingSpace,
    model: JSON.stringify(MODEL),
    preprocessing: JSON.stringify(card.preprocessing),
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
