/** Every depth and colour type of PNG and every kind of JPEG components shows the right colours. */
import { describe, expect, it } from 'vitest';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { provided, providedNames } from '../pictures/provided.ts';
import { decoder } from '../service.ts';

/**
 * Of 255. Alpha is rounded in a PNG's reference, and YCbCr in the JPEG; each colour separately, so the mean is less.
 */
const MOST = { png: 1.01, jpeg: 4 };
const MEAN = { png: 0.5, jpeg: 1 };

const ORDINARY = /^(ycc|grey|rgb)-(small|large)\.jpeg$/;

function decoderOf(name: string): string {
  if (ORDINARY.test(name)) return 'planes';
  return name.endsWith('jpeg') || name.includes('-large') ? 'magick' : 'photon';
}

async function prepared(bytes: Uint8Array) {
  const plan = planFor(bytes);
  const result = plan.ok ? await prepare(plan.value, decoder) : plan;
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

const stored = providedNames().filter((name) => providedNames().includes(`${name}, seen`));

describe.each(['png', 'jpeg'] as const)('%s', (format) => {
  it.each(stored.filter((name) => name.endsWith(format)))('shows what it should: %s', async (name) => {
    const { input: seen } = await prepared(provided(`${name}, seen`));
    const { input, decoder: by } = await prepared(provided(name));
    expect(by).toBe(decoderOf(name));
    const differences = input.map((value, i) => Math.abs(value - (seen[i] ?? Number.NaN)) * 127.5);
    expect(differences.reduce((most, one) => Math.max(most, one), 0)).toBeLessThan(MOST[format]);
    expect(differences.reduce((sum, one) => sum + one, 0) / differences.length).toBeLessThan(MEAN[format]);
  });
});
