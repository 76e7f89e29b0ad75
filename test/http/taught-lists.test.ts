/** A collection as a model in the dialects that answer with a list: Hugging Face and Workers AI. */
import { describe, expect, it } from 'vitest';
import { ask, PARTS } from '../collections/teaching.ts';
import {
  app,
  b64,
  expectNative,
  type LabelScore,
  listOf,
  name,
  native,
  photo,
  strange,
  teachAll,
} from './taught.ts';

await teachAll();

describe('Hugging Face', () => {
  it('lists labels, best first, with what the native API says of them', async () => {
    const list = listOf(await ask(app, PARTS, 'POST', `/hf/models/${name}`, photo));
    expect(list.map(({ label }) => label)).toEqual(native.predictions.map(({ label }) => label));
    expectNative(
      list.map(({ label }) => label),
      list.map(({ score }) => score),
    );
    expect(list.map(({ unknown }) => unknown)).toEqual([false, false, false]);
    const strangers = listOf(await ask(app, PARTS, 'POST', `/hf/models/${strange}`, photo));
    expect(strangers.map(({ unknown }) => unknown)).toEqual([true, true]);
  });

  it('takes parameters: top_k, and the function that makes scores of logits', async () => {
    const by = async (parameters: object) =>
      listOf(await ask(app, PARTS, 'POST', `/hf/models/${name}`, { inputs: b64, parameters }));
    expect((await by({ top_k: 1 })).map(({ label }) => label)).toEqual(['ball']);
    const logits = await by({ function_to_apply: 'none' });
    const powers = logits.map(({ score }) => Math.exp(score));
    const sum = powers.reduce((one, other) => one + other);
    expectNative(
      logits.map(({ label }) => label),
      powers.map((power) => power / sum),
    );
    const sigmoid = await by({ function_to_apply: 'sigmoid' });
    for (const [index, { score }] of sigmoid.entries()) {
      expect(score).toBeCloseTo(1 / (1 + Math.exp(-(logits[index]?.score ?? 0))), 5);
    }
  });

  it('keeps answering with the network under its own name, for every owner', async () => {
    const path = '/hf/models/google/mobilenet_v3_small_100_224';
    const list = listOf(await ask(app, PARTS, 'POST', path, photo));
    expect(list[0]).toEqual({ label: 'golf ball', score: expect.any(Number) });
  });
});

describe('Workers AI', () => {
  it.each(['@me/', '@me%2F'])('runs a collection as %sNAME', async (before) => {
    const answer = await ask(app, PARTS, 'POST', `/client/v4/accounts/any/ai/run/${before}${name}`, photo);
    expect(answer.body).toMatchObject({ success: true, errors: [], messages: [] });
    const result = answer.body.result as LabelScore[];
    expectNative(
      result.map(({ label }) => label),
      result.map(({ score }) => score),
    );
    expect(result.map(({ unknown }) => unknown)).toEqual([false, false, false]);
  });
});
