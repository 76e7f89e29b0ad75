import { describe, expect, it } from 'vitest';
import type { JpegHeader } from '../../src/image/header.ts';
import { createMagickDecoder } from '../../src/image/magick/magick.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { decodeDc } from '../../src/image/progressive/dc.ts';
import { MAGICK_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import { provided } from '../pictures/provided.ts';
import { headerOf } from './stills.ts';

/** Mean difference of the colours, 0–255. */
function difference(one: Pixels, other: Pixels): number {
  const bytes = [one, other].map(({ layout }) => layout?.bytesPerPixel ?? 4);
  const [step = 4, otherStep = 4] = bytes;
  let sum = 0;
  for (let i = 0; i < one.width * one.height; i++) {
    for (let c = 0; c < 3; c++) {
      const [at, otherAt] = [
        i * step + (one.layout?.grey ? 0 : c),
        i * otherStep + (other.layout?.grey ? 0 : c),
      ];
      sum += Math.abs((one.data[at] ?? 0) - (other.data[otherAt] ?? 0));
    }
  }
  return sum / (one.width * one.height * 3);
}

describe('the DC coefficients of a progressive JPEG', () => {
  it.each(['crossword.jpeg-progressive', 'crossword.jpeg-progressive-444', '8mp.jpeg-progressive'])(
    'are the picture at an eighth: %s',
    async (name) => {
      const bytes = provided(name);
      const dc = dcOf(bytes);
      if (dc === undefined) throw new Error('not decoded');
      const scale = { width: dc.width * 8, height: dc.height * 8, denominator: 8 } as const;
      const compared = await createMagickDecoder().decode(
        { format: 'jpeg', bytes, scale, limitBytes: MAGICK_MEMORY_BYTES },
        (pixels) => ({ width: pixels.width, height: pixels.height, difference: difference(dc, pixels) }),
      );
      expect(compared).toMatchObject({ ok: true, value: { width: dc.width, height: dc.height } });
      // Not identical: for subsampled chroma, libjpeg uses finer coefficients.
      expect(compared.ok && compared.value.difference).toBeLessThan(name.includes('444') ? 0.2 : 3);
    },
  );

  it('know where the picture ends within the last of them', () => {
    expect(dcOf(provided('odd.jpeg-progressive'))).toMatchObject({
      width: 42,
      height: 31,
      extent: { width: 41.125, height: 30.125 },
    });
  });

  it('are not taken from a file that ends early', () => {
    const bytes = provided('crossword.jpeg-progressive');
    const header = jpegHeaderOf(bytes);
    for (let length = 0; length < bytes.length; length += 97) {
      expect(decodeDc(bytes.subarray(0, length), header)).toBeUndefined();
    }
  });

  it('are not taken from another frame than the account has seen', () => {
    const bytes = provided('crossword.jpeg-progressive');
    const header = jpegHeaderOf(bytes);
    expect(decodeDc(bytes, { ...header, width: header.width - 1 })).toBeUndefined();
    expect(decodeDc(bytes, { ...header, storedSamples: header.storedSamples - 64 })).toBeUndefined();
  });

  it('never throw, whatever byte is changed', () => {
    const bytes = provided('crossword.jpeg-progressive');
    const header = jpegHeaderOf(bytes);
    for (let at = 2; at < Math.min(bytes.length, 1500); at++) {
      for (const value of [0, 0xff, (bytes[at] ?? 0) ^ 0x10]) {
        decodeDc(bytes.with(at, value), header);
      }
    }
  });
});

function jpegHeaderOf(bytes: Uint8Array): JpegHeader {
  const header = headerOf(bytes);
  if (header.format !== 'jpeg') throw new Error(header.format);
  return header;
}

function dcOf(bytes: Uint8Array): Pixels | undefined {
  return decodeDc(bytes, jpegHeaderOf(bytes));
}
