/** Pictures in RGB spaces other than sRGB: the same colours in other numbers (ICC.1:2022). */
import { describe, expect, it } from 'vitest';
import { MAX_PROFILE_BYTES, readProfile } from '../../src/image/colour/profile.ts';
import { createMagickDecoder, isMagickReadable } from '../../src/image/magick/magick.ts';
import { partsOf } from '../../src/image/parts/parts.ts';
import { createPhotonDecoder } from '../../src/image/photon.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { MAGICK_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import { provided } from '../pictures/provided.ts';
import { decoder } from '../service.ts';
import { headerOf } from './stills.ts';

/** Mean difference of two inputs, of 255. libvips' rounding on the way to the file and back is below 1. */
const ROUNDING = { png: 1, webp: 1, tiff: 1, jpeg: 2, avif: 2 } as const;
const ENCODINGS = ['png', 'webp', 'tiff', 'jpeg', 'avif'] as const;
const SPACES = ['p3', 'adobe'] as const;

async function inputOf(bytes: Uint8Array): Promise<Float32Array> {
  const plan = planFor(bytes);
  const prepared = plan.ok ? await prepare(plan.value, decoder) : plan;
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.failure));
  return prepared.value.input;
}

function meanDifference(one: Float32Array, other: Float32Array): number {
  const sum = one.reduce((total, value, i) => total + Math.abs(value - (other[i] ?? Number.NaN)), 0);
  return (sum / one.length) * 127.5;
}

/** Offset at which its profile is overwritten with garbage, or with another's name. */
function withoutProfile(bytes: Uint8Array): Uint8Array {
  const { space } = headerOf(bytes);
  if (space === undefined || space === 'display-p3') throw new Error('there is no profile');
  return bytes.slice().fill(0x55, space.icc.start, space.icc.end);
}

describe.each(SPACES)('in %s', (space) => {
  it.each(ENCODINGS)('a picture gives the input that it gives in sRGB: %s', async (encoding) => {
    const expected = await inputOf(provided('balloon-in-srgb.png'));
    const bytes = provided(`balloon-in-${space}.${encoding}`);
    expect(meanDifference(await inputOf(bytes), expected)).toBeLessThan(ROUNDING[encoding]);
  });

  it.each(ENCODINGS)('with a damaged profile it is taken for sRGB: %s', async (encoding) => {
    const expected = await inputOf(provided('balloon-in-srgb.png'));
    const bytes = withoutProfile(provided(`balloon-in-${space}.${encoding}`));
    expect(meanDifference(await inputOf(bytes), expected)).toBeGreaterThan(2.5);
  });

  it.each(['png', 'webp', 'jpeg', 'tiff'] as const)(
    'both decoders hand out what is stored: %s',
    async (encoding) => {
      const bytes = provided(`balloon-in-${space}.${encoding}`);
      const header = headerOf(bytes);
      if (!isMagickReadable(header.format)) throw new Error(header.format);
      const corner = ({ data }: Pixels) => [...data.subarray(0, 3)];
      const photon = createPhotonDecoder().decode(partsOf(bytes, header), corner);
      const magick = await createMagickDecoder().decode(
        { format: header.format, bytes, limitBytes: MAGICK_MEMORY_BYTES },
        corner,
      );
      expect(magick).toEqual(photon);
      // The background's numbers in sRGB.
      expect(photon).not.toEqual({ ok: true, value: [0x9c, 0xc8, 0xee] });
    },
  );
});

describe('a profile', () => {
  const { space } = headerOf(provided('balloon-in-p3.jpeg'));
  const place = space === undefined || space === 'display-p3' ? { start: 0, end: 0 } : space.icc;
  const profile = provided('balloon-in-p3.jpeg').slice(place.start, place.end);

  it('that is sRGB changes nothing', async () => {
    const [one, other] = [provided('balloon-in-srgb.png'), withoutProfile(provided('balloon-in-srgb.png'))];
    expect(await inputOf(one)).toEqual(await inputOf(other));
  });

  it('is read as far as it is whole, and never throws', () => {
    expect(readProfile(profile)?.columns[0][0]).toBeCloseTo(0.515, 3);
    for (let length = 0; length < profile.length; length += 3) {
      readProfile(profile.subarray(0, length));
    }
    for (let at = 0; at < profile.length; at++) {
      for (const value of [0, 0x7f, 0xff]) {
        const read = readProfile(profile.with(at, value));
        for (const curve of read?.curves ?? []) expect(typeof curve(0.5)).toBe('number');
      }
    }
    expect(readProfile(new Uint8Array(MAX_PROFILE_BYTES + 1))).toBeUndefined();
  });
});
