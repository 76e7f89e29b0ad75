/** Our own JPEG decoder beside libjpeg-turbo, which has made the PNGs "by sharp". */
import { describe, expect, it } from 'vitest';
import type { JpegHeader } from '../../src/image/header.ts';
import { decodeJpeg } from '../../src/image/jpeg/decode.ts';
import { jpegMemoryBytes } from '../../src/image/jpeg/kernel.ts';
import { createPhotonDecoder } from '../../src/image/photon.ts';
import type { Picture } from '../../src/image/pixels.ts';
import { toInput } from '../../src/image/resample/resample.ts';
import { JPEG_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import { waysFor } from '../../src/image/ways/ways-for.ts';
import { provided, providedNames } from '../pictures/provided.ts';
import { segment } from './headers.ts';
import { headerOf } from './stills.ts';

const names = providedNames().filter((name) => providedNames().includes(`${name}, by sharp`));

function jpegHeaderOf(bytes: Uint8Array): JpegHeader {
  const header = headerOf(bytes);
  if (header.format !== 'jpeg') throw new Error(header.format);
  return header;
}

function decoded(bytes: Uint8Array): Picture | undefined {
  return decodeJpeg(bytes, jpegHeaderOf(bytes));
}

function ofSharp<T>(name: string, use: (rgba: { data: Uint8Array; width: number; height: number }) => T): T {
  const made = createPhotonDecoder().decode([provided(`${name}, by sharp`)], use);
  if (!made.ok) throw new Error(name);
  return made.value;
}

/** Of 255: in some pixels red is rounded to the next level. Grey is the very same. */
const MOST = 0.05;
const MEAN = 0.001;

describe('an ordinary JPEG', () => {
  it('is of all these kinds', () => {
    expect(names).toHaveLength(6 * 6 + 2 * 4 + 3 + 6);
    for (const name of names) {
      const ways = waysFor(provided(name), headerOf(provided(name)));
      expect(ways).toMatchObject({
        ok: true,
        value: [{ decoder: 'planes', shrink: 1 }, { decoder: 'magick' }],
      });
    }
  });

  it.each(names)('is what libjpeg makes of it: %s', (name) => {
    const planes = decoded(provided(name));
    if (planes === undefined) throw new Error('refused');
    const input = toInput(planes, 1);
    const expected = ofSharp(name, (pixels) => toInput(pixels, 1));
    const differences = input.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN)) * 127.5);
    expect(differences.reduce((most, one) => Math.max(most, one), 0)).toBeLessThan(MOST);
    expect(differences.reduce((sum, one) => sum + one, 0) / differences.length).toBeLessThan(MEAN);
  });

  it('is decoded anew after any other', () => {
    const [one, other] = [provided('640×480 2×2, restarts 0.jpeg'), provided('333×257 grey.jpeg')];
    const input = (bytes: Uint8Array) => {
      const planes = decoded(bytes);
      return planes && toInput(planes, 1);
    };
    const first = input(one);
    input(other);
    decoded(one.subarray(0, one.length - 100));
    expect(input(one)).toEqual(first);
  });
});

describe('another JPEG is not for this decoder', () => {
  const encodings = ['jpeg-progressive', 'jpeg-cmyk'];
  it.each([...encodings.map((one) => `crossword.${one}`), 'rgb-small.jpeg'])('%s', (name) => {
    const header = jpegHeaderOf(provided(name));
    expect(header.mcu).toBeUndefined();
    expect(decodeJpeg(provided(name), header)).toBeUndefined();
  });

  it('one whose components come in a scan each', () => {
    const bytes = provided('640×480 1×1, restarts 0.jpeg');
    const scan = bytes.findIndex((byte, at) => byte === 0xff && bytes[at + 1] === 0xda);
    const alone = Uint8Array.from([
      ...bytes.subarray(0, scan),
      ...segment(0xda, [1, 1, 0, 0, 63, 0]),
      ...bytes.subarray(scan + 14),
    ]);
    expect(jpegHeaderOf(bytes).mcu).toEqual({ width: 8, height: 8 });
    expect(jpegHeaderOf(alone).mcu).toBeUndefined();
  });
});

describe('a broken JPEG', () => {
  const whole = provided('333×257 2×2, restarts 7.jpeg');
  const header = jpegHeaderOf(whole);

  it('that ends early is refused, wherever', () => {
    expect(decodeJpeg(whole, header)).toBeDefined();
    for (let length = 0; length < whole.length; length++) {
      expect(decodeJpeg(whole.subarray(0, length), header), `${length} bytes`).toBeUndefined();
    }
  });

  it('is refused also where its end is put after what is left', () => {
    // Whatever comes after is a code in such tables.
    for (const name of ['333×257 2×2, restarts 0.jpeg', 'quality 80, codes of its own.jpeg']) {
      const plain = provided(name);
      for (let cut = 20; cut < plain.length - 700; cut += 97) {
        const cutOff = Uint8Array.from([...plain.subarray(0, plain.length - cut), 0xff, 0xd9]);
        expect(decodeJpeg(cutOff, jpegHeaderOf(plain)), `${cut} bytes of ${name}`).toBeUndefined();
      }
    }
  });

  it('is refused when a restart marker is another than expected, or missing', () => {
    const restarts = [...whole.keys()].filter(
      (at) => whole[at] === 0xff && ((whole[at + 1] ?? 0) & 0xf8) === 0xd0,
    );
    expect(restarts.length).toBeGreaterThan(40);
    for (const at of restarts) {
      const other = whole.with(at + 1, (whole[at + 1] ?? 0) ^ 1);
      expect(decodeJpeg(other, header)).toBeUndefined();
      const late = [...whole.subarray(0, at), ...new Array<number>(9).fill(0x55), ...whole.subarray(at)];
      expect(decodeJpeg(Uint8Array.from(late), header)).toBeUndefined();
      const missing = Uint8Array.from([...whole.subarray(0, at), ...whole.subarray(at + 2)]);
      expect(decodeJpeg(missing, header)).toBeUndefined();
    }
  });

  it('is refused when its codes cannot be', () => {
    const table = whole.findIndex((byte, at) => byte === 0xff && whole[at + 1] === 0xc4);
    // Three codes of one bit.
    expect(decodeJpeg(whole.with(table + 5, 3), header)).toBeUndefined();
  });

  it('never throws and never takes more memory than it may, whatever byte is changed', () => {
    for (const name of ['16×9 2×2, restarts 0.jpeg', '250×39 2×1, restarts 0.jpeg', '1×1 grey.jpeg']) {
      const bytes = provided(name);
      const own = jpegHeaderOf(bytes);
      for (let at = 2; at < bytes.length; at++) {
        for (const value of [0, 1, 0x7f, 0xff, (bytes[at] ?? 0) ^ 0x10]) {
          const planes = decodeJpeg(bytes.with(at, value), own);
          if (planes !== undefined) expect(planes).toMatchObject({ width: own.width, height: own.height });
        }
      }
    }
    expect(jpegMemoryBytes()).toBeLessThanOrEqual(JPEG_MEMORY_BYTES);
  });
});
