import { beforeAll, describe, expect, it } from 'vitest';
import { createNetwork, type NetworkOutput } from '../../src/inference/network.ts';
import { createSession, runtimeMemoryBytes } from '../../src/inference/runtime.ts';
import { network } from '../service.ts';

const MIB = 1024 * 1024;

describe('the network in workerd', () => {
  let grey: NetworkOutput;

  beforeAll(async () => {
    grey = await network.run(new Float32Array(3 * 224 * 224));
  });

  it('answers 1001 logits and a 1024-number embedding', () => {
    expect(grey.logits).toHaveLength(1001);
    expect(grey.embedding).toHaveLength(1024);
    expect(grey.logits.every(Number.isFinite)).toBe(true);
  });

  it('answers the same for the same input', async () => {
    const again = await network.run(new Float32Array(3 * 224 * 224));
    expect(again.logits).toEqual(grey.logits);
  });

  it('answers differently for a different input', async () => {
    const white = await network.run(new Float32Array(3 * 224 * 224).fill(1));
    expect(white.logits).not.toEqual(grey.logits);
  });

  it('keeps the runtime within its part of the memory account', () => {
    // Measured: 28 MiB. The next step of growth of a wasm memory is what would show here.
    expect(runtimeMemoryBytes()).toBeGreaterThan(16 * MIB);
    expect(runtimeMemoryBytes()).toBeLessThanOrEqual(33 * MIB);
  });
});

describe('onnxruntime-web inside workerd', () => {
  it('is started through WebAssembly.instantiate, which is put back', async () => {
    const before = WebAssembly.instantiate;
    await network.warm();
    expect(WebAssembly.instantiate).toBe(before);
    expect(
      runtimeMemoryBytes(),
      'the runtime started without passing its memory to WebAssembly.instantiate: has a new onnxruntime-web ' +
        'changed its glue? See src/inference/runtime.ts',
    ).toBeGreaterThan(0);
  });

  it('reports a model that is none, and goes on', async () => {
    await expect(createSession(new Uint8Array([8, 7]), {})).rejects.toThrow();
    await expect(network.run(new Float32Array(3 * 224 * 224))).resolves.toBeDefined();
  });

  it('tries again after session creation has failed once', async () => {
    let tries = 0;
    const flaky = createNetwork(() => {
      tries++;
      return tries === 1 ? Promise.reject(new Error('no memory')) : createSession(new Uint8Array([8, 7]), {});
    });
    await expect(flaky.warm()).rejects.toThrow('no memory');
    await expect(flaky.warm()).rejects.toThrow(/create a session/);
    expect(tries).toBe(2);
  });
});
