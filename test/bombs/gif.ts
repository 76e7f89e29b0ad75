/** GIFs with too many frames or codes, and floods of blocks (GIF89a). */
import { bytesOf, descriptor, screen } from '../image/headers.ts';
import { type Bomb, filledWith, joined, READ_SIZES, times } from './bomb.ts';

const SIZE = [320, 240] as const;
const TWO_COLOURS = 0x80;
const PALETTE = [0, 0, 0, 255, 255, 255];
const TRAILER = [0x3b];
/** Minimum code size, one pixel and the end code. */
const ONE_PIXEL = [2, 2, 0x44, 1, 0];

const head = (width: number = SIZE[0], height: number = SIZE[1]) =>
  bytesOf(screen(width, height, TWO_COLOURS), PALETTE);
const dot = [...descriptor(1, 1), ...ONE_PIXEL];

/** Sub-blocks of 255 bytes each. */
function blocks(data: readonly number[], bytes: number): Uint8Array {
  const whole = times(data, 255 * Math.ceil(data.length / data.length));
  const each = Array.from({ length: data.length }, (_, i) => [
    255,
    ...whole.subarray(i * 255, (i + 1) * 255),
  ]).flat();
  return joined(filledWith(each, bytes), [0]);
}

/** A frame of the canvas's size, with its data. */
const frameOf = (data: Uint8Array, literalBits = 2) =>
  joined(head(), descriptor(...SIZE), [literalBits], data, TRAILER);

const flood = (name: string, piece: readonly number[], where: 'before' | 'behind'): Bomb => ({
  name: `GIF: ${name} ${where} the frame`,
  sizes: READ_SIZES,
  unit: 'bytes',
  make: (bytes) => {
    const all = filledWith(piece, bytes - 2000);
    return where === 'before' ? joined(head(), all, dot, TRAILER) : joined(head(), dot, all, dot, TRAILER);
  },
});

const FLOODS = {
  'comments, empty': [0x21, 0xfe, 0],
  'comments in blocks of one byte': [0x21, 0xfe, ...times([1, 7], 1000), 0],
  'graphic controls': [0x21, 0xf9, 4, 1, 0, 0, 1, 0],
  'empty blocks': [0],
} as const;

export const GIF_BOMBS: readonly Bomb[] = [
  ...Object.entries(FLOODS).flatMap(([name, piece]) => [
    flood(name, piece, 'before'),
    flood(name, piece, 'behind'),
  ]),
  {
    name: 'GIF: frames of one pixel',
    sizes: READ_SIZES,
    unit: 'bytes',
    make: (bytes) => joined(head(), filledWith(dot, bytes - 1000), TRAILER),
  },
  {
    name: 'GIF: frames of one pixel on a huge canvas',
    sizes: [1000, 4900],
    unit: 'pixels wide',
    make: (width) => joined(head(width, width), times(dot, 10_000), TRAILER),
  },
  {
    // Two bits: 4 is the clear code, and codes have three bits.
    name: 'GIF: clear codes',
    sizes: READ_SIZES,
    unit: 'bytes',
    make: (bytes) => frameOf(blocks([0x24, 0x49, 0x92], bytes - 1000)),
  },
  {
    name: 'GIF: clear codes and pixels by turns',
    sizes: READ_SIZES,
    unit: 'bytes',
    make: (bytes) =>
      frameOf(
        blocks(
          [0b00_000_100, 0b0_000_100_0, 0b100_000_10].map((byte) => byte & 255),
          bytes - 1000,
        ),
      ),
  },
  {
    name: 'GIF: codes behind the last row',
    sizes: READ_SIZES,
    unit: 'bytes',
    make: (bytes) => joined(head(), descriptor(1, 1), [2], blocks([0], bytes - 1000), TRAILER),
  },
  {
    name: 'GIF: data in blocks of one byte',
    sizes: READ_SIZES,
    unit: 'bytes',
    make: (bytes) => frameOf(joined(filledWith([1, 0x24, 1, 0x49, 1, 0x92], bytes - 1000), [0])),
  },
  {
    name: 'GIF: codes of growing length, 12 and 24 megapixels',
    sizes: [3500, 4900],
    unit: 'pixels wide',
    make: (width) =>
      joined(head(width, width), descriptor(width, width), [2], growing(width * width), TRAILER),
  },
];

/** Index 0 in strings of 1, 2, 3 … indices: each code is the one that is about to be defined (appendix F). */
function growing(pixels: number): Uint8Array {
  const bytes: number[] = [];
  let [hold, held] = [0, 0];
  const put = (code: number, bits: number) => {
    hold |= code << held;
    for (held += bits; held >= 8; held -= 8, hold >>>= 8) bytes.push(hold & 255);
  };
  let [next, bits] = [6, 3];
  put(4, 3);
  for (let made = 0, length = 1; made < pixels; made += length, length++) {
    put(length === 1 ? 0 : next, bits);
    if (length > 1) next += 1;
    if (next === 1 << bits && bits < 12) bits += 1;
    if (next === 4095) {
      put(4, 12);
      [next, bits, length] = [6, 3, 0];
    }
  }
  put(5, bits);
  put(0, 7);
  const all = Uint8Array.from(bytes);
  const parts = Array.from({ length: Math.ceil(all.length / 255) }, (_, i) => {
    const block = all.subarray(i * 255, (i + 1) * 255);
    return joined([block.length], block);
  });
  return joined(...parts, [0]);
}
