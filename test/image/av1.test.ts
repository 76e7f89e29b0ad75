/** dav1d in magick's memory. */
import { describe, expect, it } from 'vitest';
import { rgbOf } from '../../src/image/av1/colour.ts';
import { decodeAv1, type Planes } from '../../src/image/av1/dav1d.ts';
import { sequenceOf } from '../../src/image/av1/sequence-header.ts';
import { codedPrimary } from '../../src/image/heif/coded.ts';
import { createMagickDecoder } from '../../src/image/magick/magick.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { MAGICK_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import { provided } from '../pictures/provided.ts';
import { headerOf } from './stills.ts';

const LOAN = 8 * 2 ** 20;
const SIZE = { width: 321, height: 243 };
const PIXELS = SIZE.width * SIZE.height;

const magick = createMagickDecoder();

function dataOf(name: string): Uint8Array {
  const bytes = provided(name);
  const header = headerOf(bytes);
  const item = header.format === 'avif' ? codedPrimary(bytes, header) : undefined;
  if (item === undefined) throw new Error(`${name} has no picture`);
  return item.data;
}

/** What `use` makes of the planes; undefined when there are none. */
async function decoded<T>(
  data: Uint8Array,
  use: (planes: Planes) => T,
  { loan = LOAN, pixels = PIXELS } = {},
): Promise<T | undefined> {
  const outcome = await magick.lend(loan, (memory) => {
    const planes = decodeAv1(memory, data, pixels);
    return planes && use(planes);
  });
  if (!outcome.ok) throw new Error('not lent');
  return outcome.value;
}

describe('dav1d', () => {
  // The first loads both modules, which takes a busy machine half a minute.
  it('decodes as the other decoder does', { timeout: 120_000 }, async () => {
    const rgb = await decoded(dataOf('small.avif-420'), (planes) => {
      expect(planes).toMatchObject({ ...SIZE, fullRange: true });
      return rgbOf(planes, 1).data;
    });
    const file = provided('small.avif-420');
    const task = { format: 'avif', bytes: file, limitBytes: MAGICK_MEMORY_BYTES } as const;
    const other = await magick.decode(task, rgbBytes);
    if (rgb === undefined || !other.ok) throw new Error('not decoded');
    expect(rgb.length).toBe(other.value.length);
    const difference = rgb.reduce((sum, value, i) => sum + Math.abs(value - (other.value[i] ?? 0)), 0);
    // One level is rounding; colour is made larger with another filter.
    expect(difference / rgb.length).toBeLessThan(2);
  });

  it('makes it smaller to the mean of the pixels', async () => {
    const pixels = await decoded(dataOf('small.avif-420'), (planes) => ({
      full: rgbOf(planes, 1).data,
      half: rgbOf(planes, 2),
    }));
    if (pixels === undefined) throw new Error('not decoded');
    expect(pixels.half).toMatchObject({
      width: 160,
      height: 121,
      extent: { width: 160.5, height: 121.5 },
    });
    for (const at of [0, 5000, 58_079]) {
      const [x, y] = [Math.floor(at / 3) % 160, Math.floor(at / 3 / 160)];
      const square = [0, 1, 321, 322].map(
        (to) => pixels.full[(2 * y * 321 + 2 * x + to) * 3 + (at % 3)] ?? 0,
      );
      const mean = square.reduce((sum, value) => sum + value, 0) / 4;
      expect(Math.abs((pixels.half.data[at] ?? 0) - mean)).toBeLessThanOrEqual(1);
    }
  });

  const whole = dataOf('small.avif-420');
  it.each([
    ['junk', Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) >>> 3)],
    ['nothing', new Uint8Array()],
    ['half a picture', whole.subarray(0, whole.length / 2)],
    ['a picture without its sequence header', whole.subarray(whole.length / 2)],
    ['4:4:4', dataOf('small.avif-444')],
    ['10 bits', dataOf('small.avif-10-bit')],
  ])('refuses %s', async (_, data) => {
    expect(await decoded(data, () => 'a picture')).toBeUndefined();
  });

  it('refuses what is larger than its header said, or than the memory', async () => {
    expect(await decoded(whole, () => 'a picture', { pixels: PIXELS - 1 })).toBeUndefined();
    const pages = (mebibytes: number) => new WebAssembly.Memory({ initial: mebibytes * 16 });
    expect(decodeAv1(pages(8), dataOf('4mp.avif-420'), 5e6)).toBeUndefined();
    expect(decodeAv1(pages(12), dataOf('4mp.avif-420'), 5e6)).toBeDefined();
    expect(await decoded(whole, () => 'a picture')).toBe('a picture');
  });

  it('leaves nothing behind that the other decoder could stumble over', async () => {
    const task = {
      format: 'png',
      bytes: provided('crossword.png-rgb8'),
      limitBytes: MAGICK_MEMORY_BYTES,
    } as const;
    const before = await magick.decode(task, rgbBytes);
    // Other tests in this isolate may have let it grow further.
    const held = magick.memoryBytes();
    const more = { loan: MAGICK_MEMORY_BYTES, pixels: 9e6 };
    expect(await decoded(dataOf('8mp.avif-420'), ({ width }) => width, more)).toBe(3264);
    expect(magick.memoryBytes()).toBe(Math.max(held, MAGICK_MEMORY_BYTES));
    expect(await magick.decode(task, rgbBytes)).toEqual(before);
  });
});

function rgbBytes({ data, layout = { bytesPerPixel: 4, grey: false } }: Pixels): Uint8Array {
  return data.filter((_, i) => i % layout.bytesPerPixel < 3);
}

describe('the sequence header', () => {
  /** One, as an OBU with its size, of the fields that are named by the specification. */
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
  const COLOUR = [
    [0, 1],
    [0, 1],
    [1, 1],
    [9, 8],
    [16, 8],
    [9, 8],
    [0, 1],
    [0, 2],
  ] as const;

  it('is read from a still picture and from a film, with its timing and its layers', () => {
    const still = header([[0, 3], [1, 1], [1, 1], [0, 5], ...SIZED, [0, 3], [0, 3], ...COLOUR]);
    expect(sequenceOf(still)).toEqual({ ...SIZE, matrix: 9, fullRange: false });
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
    expect(sequenceOf(Uint8Array.of(0x12, 0, ...film))).toEqual({ ...SIZE, matrix: 9, fullRange: false });
  });
});

describe('colour', () => {
  const pixel = (y: number, u: number, v: number, more: { matrix?: number; fullRange?: boolean } = {}) =>
    rgbOf(
      {
        width: 1,
        height: 1,
        matrix: 1,
        fullRange: true,
        planes: [Uint8Array.of(y), Uint8Array.of(u), Uint8Array.of(v)],
        strides: [1, 1, 1],
        ...more,
      },
      1,
    ).data;

  it('knows the ranges and the matrices', () => {
    expect(pixel(200, 128, 128)).toEqual(Uint8Array.of(200, 200, 200));
    expect(pixel(235, 128, 128, { fullRange: false })).toEqual(Uint8Array.of(255, 255, 255));
    expect(pixel(16, 128, 128, { fullRange: false })).toEqual(Uint8Array.of(0, 0, 0));
    // Pure red in BT.601 and in BT.709, full range: Y is Kr, Cb and Cr as they follow from it.
    expect(pixel(76, 85, 255, { matrix: 6 })).toEqual(Uint8Array.of(254, 0, 0));
    expect(pixel(54, 99, 255, { matrix: 1 })).toEqual(Uint8Array.of(254, 0, 0));
  });
});
