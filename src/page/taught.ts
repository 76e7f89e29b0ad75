/**
 * A collection inside a page, with the same head as the service trains, for callers that may not teach the service. The
 * page gets embeddings from `/v1/embed`, and nothing is stored.
 */
import { answerOf, type Head, type HeadAnswer } from '../collections/head.ts';
import { headJson, headMetadata } from '../collections/head-json.ts';
import { type HeadReport, reportOf } from '../collections/head-report.ts';
import { trainHead } from '../collections/head-training.ts';
import { onnxHead } from '../collections/onnx-head.ts';
import { DIMENSIONS, storedVector } from '../collections/vectors.ts';
import { EMBEDDING_SPACE } from '../inference/embedding-space.ts';

export interface Example {
  readonly id: string;
  readonly label: string;
  /** 1024 numbers of any scale. */
  readonly embedding: Float32Array;
}

/** The part of the answer of `/v1/classify?collection=` that a page needs. */
export interface TaughtAnswer extends Pick<HeadAnswer, 'unknown' | 'similarity' | 'nearest'> {
  /** Best first. */
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
}

export interface Taught extends HeadReport {
  /** @param embedding 1024 numbers of any scale. */
  answer(embedding: Float32Array): TaughtAnswer;
  /** The head as a file, in the form of a collection's export. @param name stated in it as the collection's. */
  file(format: 'json' | 'onnx', name: string): string | Uint8Array<ArrayBuffer>;
}

/** A head in a page has no earlier versions. */
const VERSION = 1;

/** Takes seconds with some thousand examples. @param examples at least one. */
export function trained(examples: readonly Example[]): Head {
  const vectors = new Int8Array(examples.length * DIMENSIONS);
  for (const [i, { embedding }] of examples.entries()) vectors.set(storedVector(embedding), i * DIMENSIONS);
  return trainHead({
    ids: examples.map(({ id }) => id),
    labels: examples.map(({ label }) => label),
    vectors,
  });
}

/** @param head that was trained here, or in a worker of the page. */
export function taughtWith(head: Head): Taught {
  const report = reportOf(head);
  return {
    ...report,
    answer(embedding) {
      const { probabilities, ...rest } = answerOf(head, embedding);
      const predictions = head.labels
        .map((label, index) => ({ label, score: probabilities[index] ?? 0 }))
        .sort((one, other) => other.score - one.score);
      return { ...rest, predictions };
    },
    file(format, name) {
      const { value: accuracy } = report.accuracy ?? {};
      const named = {
        facts: { name, embeddingSpace: EMBEDDING_SPACE },
        head,
        version: {
          version: VERSION,
          examples: head.ids.length,
          ...(accuracy === undefined ? {} : { accuracy }),
        },
      };
      return format === 'json'
        ? JSON.stringify(headJson(named, base64))
        : onnxHead(head, headMetadata(named));
    },
  };
}

/** Bytes that are encoded at once: three bytes become four letters. */
const PIECE_BYTES = 3 * 1024;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE_BYTES)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + PIECE_BYTES)));
  return text;
}
