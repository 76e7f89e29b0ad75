/** dav1d in magick's memory. */

import { describe, expect, it } from 'vitest';
import { openAv1 } from '../../src/image/av1/dav1d.ts';
import { sequenceOf } from '../../src/image/av1/sequence-header.ts';
import type { HeifHeader } from '../../src/image/header.ts';
import { assemble } from '../../src/image/heif/assemble.ts';
import { av1Pieces } from '../../src/image/heif/av1-pieces.ts';
import { codedPieces } from '../../src/image/heif/coded.ts';
import { magickPieces } from '../../src/image/heif/magick-pieces.ts';
import { createMagickDecoder } from '../../src/image/magick/magick.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { UNHURRIED } from '../../src/image/turns.ts';
import { MAGICK_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import { provided } from '../pictures/provided.ts';
import { headerOf } from './stills.ts';

const LOAN = 8 * 2 ** 20;
const SIZE = { width: 321, height: 243 };
const PIXELS = SIZE.width * SIZE.height;

const magick = createMagickDecoder();

function heifOf(name: string): readonly [bytes: Uint8Array, header: HeifHeader] {
  const bytes = provided(name);
  const header = headerOf(bytes);
  if (header.format !== 'avif') throw new Error(`${name} is no AVIF`);
  return [bytes, header];
}

function dataOf(name: string): Uint8Array {
  const [bytes, header] = heifOf(name);
  const [picture] = codedPieces(bytes, header, header.itemId)?.pictures ?? [];
  if (picture === undefined) throw new Error(`${name} has no picture`);
  return picture.data;
}

function pages(mebibytes: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: mebibytes * 16 });
}

/** Whether a picture is decoded in a memory of this size. */
function decodes(data: Uint8Array, { loan = LOAN, pixels = PIXELS, stackBytes = 512 * 1024 } = {}): boolean {
  return openAv1(pages(loan / 2 ** 20), stackBytes)?.decode(data, pixels) !== undefined;
}

describe('dav1d', () => {
  // The first one loads both modules, which takes a busy machine half a minute.
  it.each([
    ['small.avif-420', 2],
    ['small.avif-444', 1],
    ['small.avif-grey', 1],
    ['small.avif-alpha', 1],
    ['slow.avif-420', 2],
    ['slow.avif-444', 1],
  ])('decodes as the other decoder does: %s', { timeout: 120_000 }, async (name, most) => {
    const [bytes, header] = heifOf(name);
    const own = await assemble(av1Pieces(magick, LOAN, header.numbers, UNHURRIED), bytes, header, 1);
    const other = await assemble(magickPieces(magick, header, UNHURRIED), bytes, header, 1);
    if (own === undefined || other === undefined) throw new Error('not decoded');
    const expected = rgbOf(other);
    const difference = rgbOf(own).reduce((sum, value, i) => sum + Math.abs(value - (expected[i] ?? 0)), 0);
    // One level is rounding; subsampled chroma is upsampled by another filter.
    expect(difference / expected.length).toBeLessThan(most);
  });

  const whole = dataOf('small.avif-420');
  it.each([
    ['junk', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) >>> 3)],
    ['nothing', new Uint8Array()],
    ['half a picture', whole.subarray(0, whole.length / 2)],
    ['a picture without its sequence header', whole.subarray(whole.length / 2)],
    ['10 bits', dataOf('small.avif-10-bit')],
  ])('refuses %s', (_, data) => {
    expect(decodes(data)).toBe(false);
  });

  it('refuses what is larger than its header said, or than the memory', () => {
    expect(decodes(whole)).toBe(true);
    expect(decodes(whole, { pixels: PIXELS - 1 })).toBe(false);
    expect(decodes(dataOf('4mp.avif-420'), { pixels: 5e6 })).toBe(false);
    expect(decodes(dataOf('4mp.avif-420'), { pixels: 5e6, loan: 12 * 2 ** 20 })).toBe(true);
    expect(decodes(whole, { stackBytes: 2 * LOAN })).toBe(false);
  });

  it('notices when the stack was too small', () => {
    const slow = dataOf('slow.avif-444');
    const decoder = openAv1(pages(8));
    expect(decoder?.decode(slow, PIXELS)).toBeDefined();
    // The module was built with 64 KiB, and gets 512.
    const used = decoder?.stackBytes() ?? 0;
    expect(used).toBeGreaterThan(128 * 1024);
    expect(used).toBeLessThan(384 * 1024);
    expect(decodes(slow, { stackBytes: used + 64 })).toBe(true);
    expect(decodes(slow, { stackBytes: used - 512 })).toBe(false);
    expect(decodes(whole, { stackBytes: 64 * 1024 })).toBe(true);
  });

  it('decodes one after the other', () => {
    const decoder = openAv1(pages(8));
    const [first, second] = [dataOf('small.avif-420'), dataOf('slow.avif-444')];
    const sum = (data: Uint8Array) => {
      const picture = decoder?.decode(data, PIXELS);
      if (picture === undefined) return undefined;
      // Behind each row is what the memory had before.
      const [stride] = picture.strides;
      return picture.planes[0].reduce((total, value, i) => total + (i % stride < SIZE.width ? value : 0), 0);
    };
    const sums = [first, second, first].map(sum);
    expect(sums[0]).toBeGreaterThan(0);
    expect(sums[2]).toBe(sums[0]);
    expect(sums[1]).not.toBe(sums[0]);
  });

  it('leaves nothing behind that the other decoder could stumble over', async () => {
    const task = {
      format: 'png',
      bytes: provided('crossword.png-rgb8'),
      limitBytes: MAGICK_MEMORY_BYTES,
    } as const;
    const before = await magick.decode(task, rgbOf);
    // Other tests in this isolate may have made it grow further.
    const held = magick.memoryBytes();
    const [bytes, header] = heifOf('8mp.avif-420');
    const pixels = await assemble(
      av1Pieces(magick, MAGICK_MEMORY_BYTES, undefined, UNHURRIED),
      bytes,
      header,
      4,
    );
    expect(pixels).toMatchObject({ width: 816, height: 612 });
    expect(magick.memoryBytes()).toBe(Math.max(held, MAGICK_MEMORY_BYTES));
    expect(await magick.decode(task, rgbOf)).toEqual(before);
  });
});

function rgbOf({ data, width, height, layout = { bytesPerPixel: 4, grey: false } }: Pixels): Uint8Array {
  const { bytesPerPixel, grey } = layout;
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3) * bytesPerPixel;
    return data[pixel + (grey ? 0 : i % 3)] ?? 0;
  });
}

describe('the sequence header', () => {
  /** A sequence header as an OBU with its size, from the fields that the specification names. */
  const header = (fields: readonly (readonly [value: number, bits: number])[]) => {
    const bits = fields.map(([value, count]) => value.toString(2).padStart(count, '0')).join('');
    const bytes = bits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)) ?? [];
    return Uint8Array.of(0x0a, bytes.length, ...bytes);
  };
  const SIZED = [
    [8, 4],
    [7, 4],
    [320, 9],
    [242, 8],
  ] as const;
  /** Colour description: the primaries, the curve and the matrix of BT.2020; limited range. */
  const NUMBERS = [
    [1, 1],
    [9, 8],
    [16, 8],
    [9, 8],
    [0, 1],
  ] as const;
  /** 8 bits, not monochrome; the chroma sample position, one quantiser for both planes, film grain. */
  const COLOUR = [[0, 1], [0, 1], ...NUMBERS, [0, 2], [0, 1], [1, 1]] as const;
  const EXPECTED = {
    ...SIZE,
    bitDepth: 8,
    isGrey: false,
    across: 2,
    down: 2,
    numbers: { primaries: 9, transfer: 16, matrix: 9, fullRange: false },
    filmGrain: true,
  };

  it('is read from a still picture and from a film, with its timing and its layers', () => {
    const still = header([[0, 3], [1, 1], [1, 1], [0, 5], ...SIZED, [0, 3], [0, 3], ...COLOUR]);
    expect(sequenceOf(still)).toEqual(EXPECTED);
    // Timing with a number of ticks, a decoder model, delays of 20 bits, two layers.
    const timing = [
      [1, 1],
      [1, 32],
      [25, 32],
      [1, 1],
      [4, 5],
      [1, 1],
      [19, 5],
      [7, 32],
      [3, 5],
      [3, 5],
    ] as const;
    const layers = [
      ...([
        [1, 1],
        [1, 5],
      ] as const),
      ...([
        [1, 12],
        [9, 5],
        [1, 1],
        [1, 1],
        [9, 20],
        [9, 20],
        [0, 1],
        [1, 1],
        [5, 4],
      ] as const),
      ...([
        [2, 12],
        [4, 5],
        [0, 1],
        [0, 1],
      ] as const),
    ];
    const tools = [
      [1, 1],
      [5, 4],
      [2, 3],
      [7, 3],
      [15, 4],
      [1, 1],
      [3, 2],
      [0, 1],
      [1, 1],
      [0, 1],
      [1, 1],
      [6, 3],
    ] as const;
    const film = header([[0, 3], [0, 2], ...timing, ...layers, ...SIZED, ...tools, [7, 3], ...COLOUR]);
    expect(sequenceOf(Uint8Array.of(0x12, 0, ...film))).toEqual(EXPECTED);
  });

  const still = (profile: number, ...colours: readonly (readonly [number, number])[]) =>
    sequenceOf(header([[profile, 3], [1, 1], [1, 1], [0, 5], ...SIZED, [0, 3], [0, 3], ...colours]));
  const NO_GRAIN = [
    [0, 1],
    [0, 1],
  ] as const;

  it('tells how the picture is laid out, and in how many bits', () => {
    const grey = still(0, [0, 1], [1, 1], ...NUMBERS, [0, 1]);
    expect(grey).toMatchObject({ isGrey: true, across: 1, down: 1, filmGrain: false });
    expect(still(0, [1, 1], [0, 1], ...NUMBERS, [0, 2], ...NO_GRAIN)).toMatchObject({
      bitDepth: 10,
      down: 2,
    });
    expect(still(1, [0, 1], ...NUMBERS, ...NO_GRAIN)).toMatchObject({ across: 1, down: 1, bitDepth: 8 });
    expect(still(2, [0, 1], [0, 1], ...NUMBERS, ...NO_GRAIN)).toMatchObject({ across: 2, down: 1 });
    const twelve = still(2, [1, 1], [1, 1], [0, 1], ...NUMBERS, [1, 1], [1, 1], [0, 2], ...NO_GRAIN);
    expect(twelve).toMatchObject({ bitDepth: 12, across: 2, down: 2 });
    const rgb = [
      [1, 1],
      [1, 8],
      [13, 8],
      [0, 8],
    ] as const;
    expect(still(1, [0, 1], ...rgb, [0, 1], [1, 1])).toMatchObject({
      numbers: { matrix: 0, fullRange: true },
      across: 1,
      filmGrain: true,
    });
    const unnamed = still(0, [0, 1], [0, 1], [0, 1], [1, 1], [0, 2], ...NO_GRAIN);
    expect(unnamed?.numbers).toEqual({ primaries: 2, transfer: 2, matrix: 2, fullRange: true });
    expect(still(3, ...COLOUR)).toBeUndefined();
  });
});
