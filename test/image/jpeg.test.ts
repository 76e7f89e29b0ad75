/** Our own JPEG decoder compared with libjpeg-turbo, which made the PNGs "by sharp". */
import { beforeAll, describe, expect, it } from 'vitest';
import type { JpegHeader, Orientation } from '../../src/image/header.ts';
import { readScan } from '../../src/image/headers/jpeg-scan.ts';
import { decodeJpeg } from '../../src/image/jpeg/decode.ts';
import { jpegMemoryBytes, WINDOW_BYTES } from '../../src/image/jpeg/kernel.ts';
import { createMagickDecoder } from '../../src/image/magick/magick.ts';
import { createPhotonDecoder } from '../../src/image/photon.ts';
import { toInput } from '../../src/image/resample/resample.ts';
import type { Shrink } from '../../src/image/shrink.ts';
import { JPEG_MEMORY_BYTES, MAGICK_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import { waysFor } from '../../src/image/ways/ways-for.ts';
import { flatJpeg } from '../pictures/flat-jpeg.ts';
import { provided, providedNames } from '../pictures/provided.ts';
import { ORIENTATIONS } from '../pictures/turned.ts';
import { segment } from './headers.ts';
import { headerOf } from './stills.ts';

const names = providedNames().filter((name) => providedNames().includes(`${name}, by sharp`));

function jpegHeaderOf(bytes: Uint8Array): JpegHeader {
  const header = headerOf(bytes);
  if (header.format !== 'jpeg') throw new Error(header.format);
  return header;
}

/** magick leaves smaller ones at their size. */
const scalable = names.filter((name) => {
  const { width, height } = headerOf(provided(name));
  return Math.min(width, height) >= 8;
});

const SHRINKS = [1, 2, 4, 8] as const;

function inputOf(
  bytes: Uint8Array,
  shrink: Shrink = 1,
  orientation: Orientation = 1,
  header = jpegHeaderOf(bytes),
): Float32Array | undefined {
  const picture = decodeJpeg(bytes, header, shrink);
  return picture && toInput(picture, orientation);
}

function ofSharp(name: string): Float32Array {
  const made = createPhotonDecoder().decode([provided(`${name}, by sharp`)], (rgba) => toInput(rgba, 1));
  if (!made.ok) throw new Error(name);
  return made.value;
}

const magick = createMagickDecoder();
/** On a busy machine magick takes a while to start. */
const START_MS = 120_000;
beforeAll(async () => {
  await ofMagick(provided('16×9 2×2, restarts 0.jpeg'), 1);
}, START_MS);

/** The result of libjpeg-turbo, in magick, at a reduced size. */
async function ofMagick(
  bytes: Uint8Array,
  shrink: Shrink,
  orientation: Orientation = 1,
): Promise<Float32Array> {
  const { width, height } = jpegHeaderOf(bytes);
  const scale = shrink === 1 ? {} : { scale: { width, height, denominator: shrink } };
  const task = { format: 'jpeg', bytes, limitBytes: MAGICK_MEMORY_BYTES, ...scale } as const;
  const made = await magick.decode(task, (picture) => {
    const size = { width: Math.ceil(width / shrink), height: Math.ceil(height / shrink) };
    expect(picture).toMatchObject(size);
    return toInput(picture, orientation);
  });
  if (!made.ok || made.value === undefined) throw new Error('magick does not decode it');
  return made.value;
}

/** Of 255: in some pixels red is rounded to the next level. Grey is identical. */
const MOST = 0.05;
const MEAN = 0.001;

function expectSame(input: Float32Array | undefined, expected: Float32Array): void {
  if (input === undefined) throw new Error('refused');
  const differences = input.map((value, i) => Math.abs(value - (expected[i] ?? Number.NaN)) * 127.5);
  expect(differences.reduce((most, one) => Math.max(most, one), 0)).toBeLessThan(MOST);
  expect(differences.reduce((sum, one) => sum + one, 0) / differences.length).toBeLessThan(MEAN);
}

describe('an ordinary JPEG', () => {
  it('is of all these kinds', () => {
    expect(names).toHaveLength(6 * 6 + 2 * 4 + 3 + 1 + 3 + 6);
    for (const name of names) {
      const ways = waysFor(provided(name), headerOf(provided(name)));
      expect(ways).toMatchObject({
        ok: true,
        value: [{ decoder: 'planes', shrink: 1 }, { decoder: 'magick' }],
      });
    }
  });

  it.each(names)('is what libjpeg makes of it: %s', (name) => {
    expectSame(inputOf(provided(name)), ofSharp(name));
  });

  it.each(scalable)('and so at a half, a quarter and an eighth: %s', async (name) => {
    const bytes = provided(name);
    for (const shrink of SHRINKS) {
      expectSame(inputOf(bytes, shrink), await ofMagick(bytes, shrink));
    }
  });

  it('and however it is turned', async () => {
    for (const name of ['333×257 2×2, restarts 0.jpeg', '250×39 1×2, restarts 0.jpeg']) {
      const bytes = provided(name);
      for (const orientation of ORIENTATIONS) {
        const shrink = SHRINKS[orientation % 4] ?? 1;
        expectSame(inputOf(bytes, shrink, orientation), await ofMagick(bytes, shrink, orientation));
      }
    }
  });

  it('and where its components are red, green and blue', async () => {
    const bytes = provided('rgb-small.jpeg');
    expect(jpegHeaderOf(bytes)).toMatchObject({ isRgb: true });
    expectSame(inputOf(bytes), await ofMagick(bytes, 1));
    // The result if the check were missing.
    const other = inputOf(bytes, 1, 1, { ...jpegHeaderOf(bytes), isRgb: false });
    expect(() => expectSame(other, inputOf(bytes) ?? new Float32Array())).toThrow();
  });

  it('is decoded at the largest of these that leaves its short side 512 pixels', () => {
    for (const [name, shrink] of [
      ['large.jpeg-420', 2],
      ['noise.jpeg-420', 1],
      ['12mp.jpeg-420', 4],
    ] as const) {
      const bytes = provided(name);
      expect(waysFor(bytes, headerOf(bytes))).toMatchObject({ value: [{ decoder: 'planes', shrink }, {}] });
    }
  });

  it('is decoded anew after any other', () => {
    const [one, other] = [provided('640×480 2×2, restarts 0.jpeg'), provided('333×257 grey.jpeg')];
    const first = inputOf(one);
    inputOf(other, 2);
    inputOf(one.subarray(0, one.length - 100));
    expect(inputOf(one)).toEqual(first);
  });

  it('is the same wherever the windows end through which it is read', () => {
    const bytes = provided('320×240 many windows.jpeg');
    const expected = inputOf(bytes);
    expectSame(expected, ofSharp('320×240 many windows.jpeg'));
    const start = readScan(bytes)?.start ?? 0;
    const restarts = restartsIn(bytes);
    const [first = 0] = restarts;
    const stuffed = [...bytes.keys()].filter((at) => at > first && bytes[at] === 0xff && bytes[at + 1] === 0);
    for (const at of [restarts[1] ?? 0, restarts.at(-1) ?? 0, stuffed[0] ?? 0, stuffed.at(-1) ?? 0]) {
      const toEnd = WINDOW_BYTES - ((at - start) % WINDOW_BYTES);
      for (let shift = toEnd - 4; shift < toEnd + 3; shift++) {
        // Any number of fill bytes may precede a marker.
        const fill = new Array<number>(shift).fill(0xff);
        const shifted = Uint8Array.from([...bytes.subarray(0, first), ...fill, ...bytes.subarray(first)]);
        const input = inputOf(shifted);
        expect(
          input?.every((value, i) => value === expected?.[i]),
          `${shift} bytes`,
        ).toBe(true);
      }
    }
  });
});

/** Offsets of its restart markers. */
function restartsIn(bytes: Uint8Array): number[] {
  return [...bytes.keys()].filter((at) => bytes[at] === 0xff && ((bytes[at + 1] ?? 0) & 0xf8) === 0xd0);
}

describe('another JPEG is not for this decoder', () => {
  it.each(['jpeg-progressive', 'jpeg-cmyk'])('%s', (encoding) => {
    const bytes = provided(`crossword.${encoding}`);
    expect(jpegHeaderOf(bytes).mcu).toBeUndefined();
    expect(inputOf(bytes)).toBeUndefined();
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

describe('a JPEG whose end is not as it should be', () => {
  const whole = provided('333×257 2×2, restarts 7.jpeg');
  const alike = provided('333×257 2×2, restarts 0.jpeg');
  const expected = inputOf(whole);

  it.each([
    ['has no end', []],
    ['has half an end', [0xff]],
    ['has bytes of something else behind it', [0xff, 0xd9, 1, 2, 3, 0xff, 0xda, 0xff]],
    ['has those in place of its end', [0x53, 0x45, 0x46, 0x48, 0xff, 0x00, 0xff, 0xc4, 0]],
    ['has a restart marker before its end', [0xff, 0xd5, 0xff, 0xd9]],
    ['has another scan behind its own', [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0x55, 0xff, 0xd9]],
  ])('is whole where it %s', (_, end) => {
    for (const bytes of [whole, alike]) {
      expect(bytes.subarray(-2)).toEqual(Uint8Array.of(0xff, 0xd9));
      const other = Uint8Array.from([...bytes.subarray(0, -2), ...end]);
      expectSame(inputOf(other), expected ?? new Float32Array());
    }
  });
});

describe('a broken JPEG', () => {
  const whole = provided('333×257 2×2, restarts 7.jpeg');
  const header = jpegHeaderOf(whole);
  const isRefused = (bytes: Uint8Array, shrink: Shrink = 1, own = header) =>
    inputOf(bytes, shrink, 1, own) === undefined;

  it('that ends before its last MCU does is refused, wherever', () => {
    // The last bits of the last byte may be padding.
    const least = whole.length - 3;
    expect(isRefused(whole.subarray(0, least + 1))).toBe(false);
    for (let length = 0; length < least; length += length < least - 200 ? 7 : 1) {
      expect(isRefused(whole.subarray(0, length)), `${length} bytes`).toBe(true);
    }
  });

  it('is refused also where its end is put after what is left, whatever its size is made', () => {
    // Any bits form a code in such tables.
    for (const name of ['333×257 2×2, restarts 0.jpeg', 'quality 80, codes of its own.jpeg']) {
      const plain = provided(name);
      for (let cut = 20; cut < plain.length - 700; cut += 97) {
        const cutOff = Uint8Array.from([...plain.subarray(0, plain.length - cut), 0xff, 0xd9]);
        const shrink = SHRINKS[cut % 4];
        expect(isRefused(cutOff, shrink, jpegHeaderOf(plain)), `${cut} bytes of ${name}`).toBe(true);
      }
    }
  });

  it('is refused when a restart marker is another than expected, or missing', () => {
    const restarts = restartsIn(whole);
    expect(restarts.length).toBeGreaterThan(40);
    for (const at of restarts) {
      const other = whole.with(at + 1, (whole[at + 1] ?? 0) ^ 1);
      expect(isRefused(other)).toBe(true);
      const late = [...whole.subarray(0, at), ...new Array<number>(9).fill(0x55), ...whole.subarray(at)];
      expect(isRefused(Uint8Array.from(late))).toBe(true);
      const missing = Uint8Array.from([...whole.subarray(0, at), ...whole.subarray(at + 2)]);
      expect(isRefused(missing)).toBe(true);
    }
  });

  it('is refused when its codes cannot be', () => {
    const table = whole.findIndex((byte, at) => byte === 0xff && whole[at + 1] === 0xc4);
    // Three codes of one bit.
    expect(isRefused(whole.with(table + 5, 3))).toBe(true);
  });

  it('never throws and never takes more memory than it may, whatever byte is changed', () => {
    for (const name of ['16×9 2×2, restarts 0.jpeg', '250×39 2×1, restarts 0.jpeg', '1×1 grey.jpeg']) {
      const bytes = provided(name);
      const own = jpegHeaderOf(bytes);
      for (let at = 2; at < bytes.length; at++) {
        for (const value of [0, 0x7f, 0xff, (bytes[at] ?? 0) ^ 0x10]) {
          const input = inputOf(bytes.with(at, value), SHRINKS[at % 4], 1, own);
          expect(input?.[0] ?? 0).toBeCloseTo(0, -1);
        }
      }
    }
    expect(jpegMemoryBytes()).toBeLessThanOrEqual(JPEG_MEMORY_BYTES);
  });
});

describe('its memory', () => {
  it.each([
    ['the largest', { width: 16_384, height: 16_384 }],
    ['the longest', { width: 65_500, height: 4096 }],
    ['the largest in full', { width: 65_500, height: 1023 }],
    ['the narrowest', { width: 1, height: 65_500 }],
    ['the flattest', { width: 65_500, height: 1 }],
  ])('has room for %s', (_, size) => {
    for (const [across, down] of [
      [1, 1],
      [2, 1],
      [1, 2],
      [2, 2],
    ] as const) {
      const bytes = flatJpeg(size, across, down);
      const ways = waysFor(bytes, jpegHeaderOf(bytes));
      const [way] = ways.ok ? ways.value : [];
      if (way?.decoder !== 'planes') throw new Error('another way');
      expect(inputOf(bytes, way.shrink)?.every((value) => Math.abs(value) < 0.01)).toBe(true);
    }
    expect(jpegMemoryBytes()).toBeLessThanOrEqual(JPEG_MEMORY_BYTES);
  });
});
