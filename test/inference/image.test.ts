/** Compares `vendor/network.wasm`, made at installation, with the package that it is made from; and its failures. */
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createSession, floatTensor, type OrtSession } from '../../bench/onnxruntime-web.ts';
import graph from '../../model/mobilenet_v3_small.onnx';
import weights from '../../model/weights.bin';
import layout from '../../model/weights.json';
import layoutText from '../../model/weights.json?raw';
import { writeWeights } from '../../scripts/vendor/network/weights.ts';
import { createClassifier } from '../../src/classifier.ts';
import { createApp } from '../../src/http/app.ts';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { createNetwork } from '../../src/inference/network.ts';
import { once } from '../../src/inference/once.ts';
import { createRuntime, type Image } from '../../src/inference/runtime.ts';
import { readSettings } from '../../src/settings.ts';
import av1 from '../../vendor/av1.wasm';
import image from '../../vendor/network.json';
import module from '../../vendor/network.wasm';
import { provided } from '../pictures/provided.ts';
import { decoder, network, post, runtime } from '../service.ts';

const INPUT_FLOATS = 3 * 224 * 224;
/** The same as at the installation (`scripts/vendor/network.ts`). */
const MOST_ROUNDING = 1e-4;
const clock = provided('digital-clock.jpeg-420');

describe('the installed image', () => {
  it.each([
    ['model/mobilenet_v3_small.onnx', graph],
    ['model/weights.bin', weights],
    ['model/weights.json', new TextEncoder().encode(layoutText)],
  ] as const)('is made of %s as it is now; if not: node scripts/vendor.mjs', async (file, bytes) => {
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    expect(image.sources[file]).toBe(digest.toHex());
  });
});

describe('the image beside the package it is made of', () => {
  let session: OrtSession;

  beforeAll(async () => {
    session = await plainSession();
  });

  it.each(['digital-clock.jpeg-420', 'spider-web.jpeg-420', 'crossword.png-rgb8'])(
    '%s: the same but for rounding',
    async (name) => {
      await expectClose(session, await inputOf(provided(name)));
    },
  );

  it.each([
    ['zeros', () => 0],
    ['what is too small for a normal number', (i: number) => (i % 100) * 2 ** -149],
    ['what is too large for the layers', (i: number) => (i % 2 === 0 ? 3e38 : -3e38)],
    ['not a number', () => Number.NaN],
    ['infinity', () => Number.NEGATIVE_INFINITY],
  ])('%s: the same but for rounding', async (_name, float) => {
    await expectClose(
      session,
      Float32Array.from({ length: INPUT_FLOATS }, (_, i) => float(i)),
    );
  });
});

describe('a runtime that breaks', () => {
  /**
   * Its run has one input too many: the error that ONNX Runtime raises needs functions that the image does not have.
   */
  const broken = once(async () => {
    const [session = 0, names = 0, values = 0, inputs = 0, ...rest] = image.run;
    return createRuntime(module, { ...image, run: [session, names, values, inputs + 1, ...rest] });
  });

  it('traps where it comes to a function that no run calls', async () => {
    const run = (await broken()).run;
    expect(run).toThrow(WebAssembly.RuntimeError);
  });

  it('is not run again: the next call starts another', async () => {
    let starts = 0;
    const flaky = createNetwork(() => (++starts === 1 ? broken() : runtime()));
    const input = new Float32Array(INPUT_FLOATS);
    await expect(flaky.run(input)).rejects.toThrow(WebAssembly.RuntimeError);
    await expect(flaky.run(input)).resolves.toEqual(await network.run(input));
    await flaky.run(input);
    expect(starts).toBe(2);
  });

  it('two at once: each fails, and one other is started for both', async () => {
    let starts = 0;
    const twice = createNetwork(() => (++starts === 1 ? broken() : runtime()));
    const input = new Float32Array(INPUT_FLOATS);
    const both = await Promise.allSettled([twice.run(input), twice.run(input)]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await Promise.all([twice.run(input), twice.run(input)]);
    expect(starts).toBe(2);
  });

  it('is a 500 that tells nothing, and the next picture is answered', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    let starts = 0;
    const settings = readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '0' });
    const flaky = createNetwork(() => (++starts === 1 ? broken() : runtime()));
    const app = createApp(settings, createClassifier(decoder, flaky));
    const failed = await app.request('/v1/classify', post(clock));
    expect(failed.status).toBe(500);
    const text = await failed.text();
    expect(text).not.toMatch(/unreachable|wasm/);
    expect(JSON.parse(text)).toMatchObject({ code: 'internal' });
    expect(logged.mock.calls.flat().join()).toContain('unreachable');
    logged.mockRestore();
    expect((await app.request('/v1/classify', post(clock))).status).toBe(200);
  });

  it('does not start from a module that wants other imports', () => {
    expect(() => createRuntime(av1, image satisfies Image)).toThrow();
  });

  it('refuses an input of another size and goes on', async () => {
    await expect(network.run(new Float32Array(12))).rejects.toThrow('an input of 12 floats');
    await expect(network.run(new Float32Array(INPUT_FLOATS))).resolves.toBeDefined();
  });
});

/** A session as the image's own is made, by the package itself. */
function plainSession(): Promise<OrtSession> {
  const floats = new Float32Array(layout.floats);
  const placeOf = (tensor: number) => {
    const { offset = 0, shape = [] } = layout.tensors[tensor] ?? {};
    return floats.subarray(offset, offset + shape.reduce((product, side) => product * side, 1));
  };
  writeWeights(weights, placeOf, 'runtime');
  return createSession(new Uint8Array(graph), {
    graphOptimizationLevel: 'disabled',
    externalData: [{ path: 'weights.f32', data: new Uint8Array(floats.buffer) }],
    extra: { session: { disable_prepacking: '1' } },
  });
}

async function expectClose(session: OrtSession, input: Float32Array): Promise<void> {
  const plain = await session.run({ input: floatTensor(input, [1, 3, 224, 224]) });
  const ours = await network.run(input);
  expect(largestDifference(ours.logits, plain.logits?.data)).toBeLessThan(MOST_ROUNDING);
  expect(largestDifference(ours.embedding, plain.embedding?.data)).toBeLessThan(MOST_ROUNDING);
}

/** Only where the package gives a number. Ours adds in another order, and rounds a multiply-add once. */
function largestDifference(ours: Float32Array, plain: unknown): number {
  if (!(plain instanceof Float32Array)) throw new Error('not floats');
  return plain.reduce((largest, value, i) => {
    const difference = Number.isFinite(value) ? Math.abs(value - (ours[i] ?? Number.NaN)) : 0;
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(largest, difference);
  }, 0);
}

async function inputOf(file: Uint8Array): Promise<Float32Array> {
  const plan = planFor(file);
  const prepared = plan.ok ? await prepare(plan.value, decoder) : plan;
  if (!prepared.ok) throw new Error(prepared.failure.code);
  return prepared.value.input;
}
