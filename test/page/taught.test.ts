import { describe, expect, it } from 'vitest';
import { answerOf } from '../../src/collections/head.ts';
import { headJson, headMetadata } from '../../src/collections/head-json.ts';
import { reportOf } from '../../src/collections/head-report.ts';
import { trainHead } from '../../src/collections/head-training.ts';
import { onnxHead } from '../../src/collections/onnx-head.ts';
import { vectorAt } from '../../src/collections/vectors.ts';
import { EMBEDDING_SPACE } from '../../src/inference/embedding-space.ts';
import { taughtWith, trained } from '../../src/page/taught.ts';
import { exportedHeadSchema, importedHead } from '../../src/transfer/portable-head.ts';
import { examplesOf } from '../collections/examples.ts';

// So far from their classes that some are misclassified.
const EXAMPLES = examplesOf([6, 7, 5], 8);
const HEAD = trainHead(EXAMPLES);

const taught = taughtWith(
  trained(
    EXAMPLES.ids.map((id, i) => ({
      id,
      label: EXAMPLES.labels[i] ?? '',
      // Of another scale than the stored ones.
      embedding: Float32Array.from(vectorAt(EXAMPLES.vectors, i), (value) => value / 127),
    })),
  ),
);

describe('what is taught in a page', () => {
  it('reports what the head of a collection with these items reports', () => {
    expect(reportOf(HEAD).confused.length).toBeGreaterThan(0);
    expect(taught).toMatchObject({ ...reportOf(HEAD) });
  });

  it('answers as it does, the best first', () => {
    const question = Float32Array.from(vectorAt(EXAMPLES.vectors, 8));
    const { probabilities, ...rest } = answerOf(HEAD, question);
    const answer = taught.answer(question);
    expect(answer).toMatchObject(rest);
    expect(answer.predictions.map(({ score }) => score)).toEqual([...probabilities].sort((a, b) => b - a));
    expect(answer.predictions[0]).toEqual({ label: 'b', score: probabilities[1] });
  });

  it('is saved as the service exports it, and can be imported', () => {
    const told = { examples: EXAMPLES.ids.length, accuracy: reportOf(HEAD).accuracy?.value ?? Number.NaN };
    const named = {
      facts: { name: 'mine', embeddingSpace: EMBEDDING_SPACE },
      head: HEAD,
      version: { version: 1, ...told },
    };
    const file = JSON.parse(String(taught.file('json', 'mine')));
    expect(file).toEqual(headJson(named, (bytes) => bytes.toBase64()));
    expect(exportedHeadSchema.parse(file)).toEqual(file);
    const imported = importedHead(file);
    const { ids, classes, vectors, bits, leftOut, ...rest } = HEAD;
    expect(imported).toMatchObject({ ok: true, value: { head: rest, told } });
    expect(taught.file('onnx', 'mine')).toEqual(onnxHead(HEAD, headMetadata(named)));
  });
});
