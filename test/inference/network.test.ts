import { beforeAll, describe, expect, it } from 'vitest';
import { createNetwork, type NetworkOutput, startRuntime } from '../../src/inference/network.ts';
import { runtimeMemoryBytes } from '../../src/inference/runtime.ts';
import { network } from '../service.ts';

const MIB = 1024 * 1024;
const INPUT_FLOATS = 3 * 224 * 224;

describe('the network in workerd', () => {
  let grey: NetworkOutput;

  beforeAll(async () => {
    grey = await network.run(new Float32Array(INPUT_FLOATS));
  });

  it('answers 1001 logits and a 1024-number embedding', () => {
    expect(grey.logits).toHaveLength(1001);
    expect(grey.embedding).toHaveLength(1024);
    expect(grey.logits.every(Number.isFinite)).toBe(true);
  });

  it('answers the same for the same input', async () => {
    const again = await network.run(new Float32Array(INPUT_FLOATS));
    expect(again.logits).toEqual(grey.logits);
  });

  it('answers differently for a different input', async () => {
    const white = await network.run(new Float32Array(INPUT_FLOATS).fill(1));
    expect(white.logits).not.toEqual(grey.logits);
  });

  it('keeps the runtime within its part of the memory account', () => {
    // Measured: 22.7 MiB, and it cannot grow.
    expect(runtimeMemoryBytes()).toBeGreaterThan(16 * MIB);
    expect(runtimeMemoryBytes()).toBeLessThanOrEqual(24 * MIB);
  });
});

describe('a runtime that does not start', () => {
  it('tries again after it has not started once', async () => {
    let tries = 0;
    const flaky = createNetwork(() => {
      tries++;
      return tries === 1 ? Promise.reject(new Error('no memory')) : startRuntime();
    });
    await expect(flaky.warm()).rejects.toThrow('no memory');
    await expect(flaky.warm()).resolves.toBeUndefined();
    expect(tries).toBe(2);
  });
});
