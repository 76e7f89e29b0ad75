/** WebPs with endless codes and frames, and floods of chunks (RFC 9649). */
import { le24, le32, vp8x } from '../image/headers.ts';
import { type Bomb, BYTE_SIZES, filledWith, joined, times } from './bomb.ts';

function chunk(name: string, data: Uint8Array | readonly number[]): Uint8Array {
  return joined(name, le32(data.length), data, data.length % 2 === 0 ? [] : [0]);
}

function riff(...chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = chunks.reduce((sum, { length }) => sum + length, 4);
  return joined('RIFF', le32(bytes), 'WEBP', ...chunks);
}

/** A bit writer, lowest bit of a byte first. */
function bitWriter() {
  const bytes: number[] = [];
  let [hold, held] = [0, 0];
  const put = (value: number, bits: number) => {
    for (let i = 0; i < bits; i++) {
      hold |= ((value >> i) & 1) << held++;
      if (held === 8) {
        bytes.push(hold);
        [hold, held] = [0, 0];
      }
    }
  };
  const done = () => Uint8Array.from([...bytes, hold]);
  return { put, done };
}
type Bits = ReturnType<typeof bitWriter>;

/** A code with one symbol, which takes no bits (§6.2.1). */
function oneSymbol({ put }: Bits, symbol = 0): void {
  put(1, 1);
  put(0, 1);
  put(1, 1);
  put(symbol, 8);
}

/** A group of five codes with one symbol each. */
function emptyGroup(bits: Bits): void {
  for (let i = 0; i < 5; i++) oneSymbol(bits);
}

/** A group whose green code has lengths of up to 15 bits, which need long tables. */
function deepGroup(bits: Bits): void {
  for (let i = 0; i < 4; i++) {
    bits.put(0, 1);
    // All 19 code length codes: 17 for none; four bits for each of 0 to 15.
    bits.put(15, 4);
    for (const symbol of ORDER) bits.put(symbol <= 15 ? 4 : 0, 3);
    // As many as there are: lengths 1 to 15, and another of 15.
    bits.put(1, 1);
    bits.put(1, 3);
    bits.put(16 - 2, 4);
    for (let length = 1; length <= 15; length++) bits.put(reversed(length), 4);
    bits.put(reversed(15), 4);
  }
  oneSymbol(bits);
}

const ORDER = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const reversed = (value: number) =>
  [0, 1, 2, 3].reduce((sum, bit) => sum | (((value >> bit) & 1) << (3 - bit)), 0);

interface Lossless {
  readonly width: number;
  readonly height: number;
  /** Bits of the squares that share a group, minus two; absent without groups. */
  readonly groups?: { readonly count: number; readonly write: (bits: Bits) => void };
  readonly transforms?: (bits: Bits) => void;
  readonly cacheBits?: number;
}

/** A picture whose pixels take no bits. */
function lossless({ width, height, groups, transforms, cacheBits = 0 }: Lossless): Uint8Array {
  const bits = bitWriter();
  bits.put(0x2f, 8);
  bits.put(width - 1, 14);
  bits.put(height - 1, 14);
  bits.put(0, 4);
  transforms?.(bits);
  bits.put(0, 1);
  cache(bits, cacheBits);
  if (groups === undefined) bits.put(0, 1);
  else {
    bits.put(1, 1);
    bits.put(0, 3);
    // The entropy image, in which each pixel names the last group.
    cache(bits, 0);
    const last = groups.count - 1;
    oneSymbol(bits, last & 255);
    oneSymbol(bits, last >> 8);
    for (let i = 0; i < 3; i++) oneSymbol(bits);
  }
  for (let i = 0; i < (groups?.count ?? 1); i++) (groups?.write ?? emptyGroup)(bits);
  for (let i = 0; i < 64; i++) bits.put(0, 8);
  return bits.done();
}

function cache({ put }: Bits, cacheBits: number): void {
  put(cacheBits > 0 ? 1 : 0, 1);
  if (cacheBits > 0) put(cacheBits, 4);
}

/** Prediction by mode 13, the costliest, the colour transform, and subtract green. */
function allTransforms(bits: Bits): void {
  for (const [type, green] of [
    [0, 13],
    [1, 7],
  ] as const) {
    bits.put(1, 1);
    bits.put(type, 2);
    bits.put(0, 3);
    cache(bits, 0);
    oneSymbol(bits, green);
    for (let i = 0; i < 4; i++) oneSymbol(bits, 3);
  }
  bits.put(1, 1);
  bits.put(2, 2);
}

const still = (picture: Lossless) => riff(chunk('VP8L', lossless(picture)));
const SIZE = { width: 320, height: 240 } as const;
const DIMENSIONS = [SIZE.width, SIZE.height] as const;
const PICTURE = chunk('VP8L', lossless(SIZE));

/** A frame in the corner of the canvas. */
const frameOf = (data: Uint8Array) =>
  chunk('ANMF', joined(le24(0), le24(0), le24(SIZE.width - 1), le24(SIZE.height - 1), le24(100), [0], data));
const ANIM = chunk('ANIM', new Uint8Array(6));
const [ANIMATED, ALPHA] = [2, 0x10];

/** A VP8 key frame whose macroblocks are all read from zeros (RFC 6386 §9). */
function lossy(width: number, height: number): Uint8Array {
  const first = 4000;
  const tag = (first << 5) | 0x10;
  const data = joined(
    [tag & 255, (tag >> 8) & 255, (tag >> 16) & 255, 0x9d, 1, 0x2a],
    [width & 255, width >> 8, height & 255, height >> 8],
    new Uint8Array(first + 20_000),
  );
  return chunk('VP8 ', data);
}

const large: readonly Bomb[] = [
  ...(
    [
      ['no bits', {}],
      ['all transforms', { transforms: allTransforms }],
      ['a cache of colours', { cacheBits: 11 }],
    ] as const
  ).map(
    ([what, more]): Bomb => ({
      name: `WebP: lossless, of ${what}`,
      sizes: [1000, 3500, 4900, 16_383],
      unit: 'pixels wide',
      make: (width) => still({ width, height: width, ...more }),
    }),
  ),
  ...(
    [
      ['of one symbol', emptyGroup],
      ['of long codes', deepGroup],
    ] as const
  ).map(
    ([what, write]): Bomb => ({
      name: `WebP: groups ${what}`,
      sizes: [100, 4096, 65_536],
      unit: 'groups',
      make: (count) => still({ ...SIZE, groups: { count, write } }),
    }),
  ),
  {
    name: 'WebP: groups for each four pixels of a large picture',
    sizes: [1000, 3500],
    unit: 'pixels wide',
    make: (width) => still({ width, height: width, groups: { count: 4096, write: emptyGroup } }),
  },
  {
    name: 'WebP: lossy, of zeros',
    sizes: [1000, 3500, 4900, 16_383],
    unit: 'pixels wide',
    make: (width) => riff(lossy(width, width)),
  },
  {
    name: 'WebP: alpha, of zeros',
    sizes: [1000, 3500, 4900],
    unit: 'pixels wide',
    make: (width) =>
      // For lossless alpha the size is left out.
      riff(
        vp8x(width, width, ALPHA),
        chunk('ALPH', joined([1], lossless({ width, height: width }).subarray(5))),
        lossy(width, width),
      ),
  },
];

export const WEBP_BOMBS: readonly Bomb[] = [
  ...large,
  {
    name: 'WebP: chunks, empty',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) => riff(vp8x(...DIMENSIONS), filledWith(chunk('abcd', []), bytes - 2000), PICTURE),
  },
  {
    name: 'WebP: pictures one after the other',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) => riff(vp8x(...DIMENSIONS), filledWith(PICTURE, bytes - 2000)),
  },
  {
    name: 'WebP: frames',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) => riff(vp8x(...DIMENSIONS, ANIMATED), ANIM, filledWith(frameOf(PICTURE), bytes - 2000)),
  },
  {
    name: 'WebP: frames without a picture',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) =>
      riff(vp8x(...DIMENSIONS, ANIMATED), ANIM, filledWith(frameOf(new Uint8Array()), bytes - 2000)),
  },
  {
    name: 'WebP: chunks in the first frame',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) =>
      riff(
        vp8x(...DIMENSIONS, ANIMATED),
        ANIM,
        frameOf(joined(filledWith(chunk('abcd', []), bytes - 2000), PICTURE)),
      ),
  },
  {
    name: 'WebP: profiles',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    make: (bytes) =>
      riff(vp8x(...DIMENSIONS, 0x20), filledWith(chunk('ICCP', times([0], 128)), bytes - 2000), PICTURE),
  },
];
