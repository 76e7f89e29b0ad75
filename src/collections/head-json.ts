/** An exported head, for the Worker and the page alike: as JSON, and the metadata of the ONNX file. */
import card from '../../model/card.json';
import type { Head } from './head.ts';

/** Raised when an existing member changes its meaning. */
export const HEAD_FORMAT = 'mobilenet-edge/head/1' as const;

/** A head with its facts: those parts of `Facts` and `HeadVersion` that the page has too. */
export interface NamedHead {
  readonly facts: { readonly name: string; readonly embeddingSpace: string };
  readonly head: Head;
  readonly version: {
    readonly version: number;
    /** Number of items that it was trained on. */
    readonly examples: number;
    /** Leave-one-out accuracy, 0–1. */
    readonly accuracy?: number;
  };
}

const MODEL = { name: card.name, version: card.version };

/**
 * Everything that is needed to use it elsewhere, and to import it again. `ExportedHead` of `src/transfer` describes it.
 *
 * @param base64 encoder, because not every browser that opens the page has `toBase64`.
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

/** The metadata of the ONNX file. */
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
