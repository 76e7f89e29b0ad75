/** A collection as a model of TensorFlow Serving. */
import { describe, expect, it } from 'vitest';
import { ask, PARTS } from '../collections/teaching.ts';
import {
  app,
  b64,
  expectNative,
  name,
  native,
  nested,
  prepared,
  strange,
  teachAll,
  version,
} from './taught.ts';

await teachAll();

describe('TensorFlow Serving', () => {
  it('tells status and signature', async () => {
    for (const versions of ['', `/versions/${version}`]) {
      const path = `/tf/v1/models/${name}${versions}`;
      expect((await ask(app, PARTS, 'GET', path)).body).toEqual({
        model_version_status: [
          { version: String(version), state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } },
        ],
      });
      const { body } = await ask(app, PARTS, 'GET', `${path}/metadata`);
      expect(body.model_spec).toEqual({ name, signature_name: '', version: String(version) });
      const any = { size: '-1', name: '' };
      expect(body).toMatchObject({
        metadata: {
          signature_def: {
            signature_def: {
              serving_default: {
                inputs: { inputs: { dtype: 'DT_FLOAT' } },
                outputs: {
                  classes: { dtype: 'DT_STRING', tensor_shape: { dim: [any, any] } },
                  scores: { dtype: 'DT_FLOAT', tensor_shape: { dim: [any, any] } },
                  unknown: { dtype: 'DT_BOOL', tensor_shape: { dim: [any] } },
                  similarity: { dtype: 'DT_FLOAT', tensor_shape: { dim: [any] } },
                },
              },
            },
          },
        },
      });
    }
  });

  it('classifies, and says beside it which are unknown', async () => {
    const examples = [{ image: { b64 } }, { image: { b64 } }];
    const path = `/tf/v1/models/${name}/versions/${version}:classify?top_k=2`;
    const { body } = await ask(app, PARTS, 'POST', path, { examples });
    const two = native.predictions.slice(0, 2).map(({ label, score }) => [label, expect.closeTo(score, 5)]);
    expect(body).toEqual({ results: [two, two], unknown: [false, false] });
    const strangers = await ask(app, PARTS, 'POST', `/tf/v1/models/${strange}:classify`, { examples });
    expect(strangers.body.unknown).toEqual([true, true]);
  });

  it('predicts in rows and in columns, from a file and from a tensor', async () => {
    const path = `/tf/v1/models/${name}:predict`;
    const rows = await ask(app, PARTS, 'POST', path, { instances: [{ b64 }] });
    const [row] = rows.body.predictions as { classes: string[]; scores: number[]; similarity: number }[];
    expect(Object.keys(row ?? {})).toEqual(['classes', 'scores', 'unknown', 'similarity']);
    expectNative(row?.classes ?? [], row?.scores ?? []);
    expect(row).toMatchObject({ unknown: false, similarity: expect.closeTo(native.similarity, 5) });
    const columns = await ask(app, PARTS, 'POST', path, { inputs: [{ b64 }] });
    expect(columns.body).toEqual({
      outputs: {
        classes: [row?.classes],
        scores: [row?.scores],
        unknown: [false],
        similarity: [row?.similarity],
      },
    });
    const floats = await ask(app, PARTS, 'POST', path, { instances: [nested(await prepared())] });
    const [tensor] = floats.body.predictions as { scores: number[] }[];
    expect(tensor?.scores).toEqual(row?.scores.map((score) => expect.closeTo(score, 3)));
  });
});
