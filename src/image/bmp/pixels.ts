/** Uncompressed rows of pixels: indices, bytes, or bits under masks. */
import type { Bitmap } from '../header.ts';
import { dibStride } from '../headers/dib.ts';
import { readPalette } from './palette.ts';

/**
 * Fills a row of ARGB.
 *
 * @param stored index of the row, in the order of the file.
 */
export type RowReader = (argb: Uint32Array, stored: number) => void;

const OPAQUE = 0xff00_0000;
const [RED, GREEN, BLUE] = [0xff_0000, 0xff00, 0xff];

/** @param bitmap uncompressed and complete in `bytes`. Without a mask for alpha, the fourth byte is ignored. */
export function rowReader(bytes: Uint8Array, bitmap: Bitmap): RowReader {
  const { width, bitCount, masks, dataAt } = bitmap;
  const stride = dibStride(bitmap);
  const [red, green, blue, alpha] = masks;
  if (bitCount <= 8) {
    const palette = readPalette(bytes, bitmap);
    return (argb, stored) => readIndices(argb, bytes, dataAt + stride * stored, width, bitCount, palette);
  }
  if (bitCount === 24) return (argb, stored) => readBytes(argb, bytes, dataAt + stride * stored, width, 3);
  const usual = red === RED && green === GREEN && blue === BLUE && (alpha === 0 || alpha >>> 0 === OPAQUE);
  if (bitCount === 32 && usual) {
    return (argb, stored) => readBytes(argb, bytes, dataAt + stride * stored, width, 4);
  }
  const channels = {
    red: channelOf(red),
    green: channelOf(green),
    blue: channelOf(blue),
    alpha: channelOf(alpha),
  };
  return (argb, stored) => readMasked(argb, bytes, dataAt + stride * stored, width, bitCount / 8, channels);
}

/** Whether alpha is 0 in all pixels of 16 or 32 bits. */
export function isAlphaBlank(bytes: Uint8Array, bitmap: Bitmap, mask: number): boolean {
  const { width, height, bitCount, dataAt } = bitmap;
  const stride = dibStride(bitmap);
  const bytesPerPixel = bitCount / 8;
  for (let y = 0; y < height; y++) {
    let at = dataAt + stride * y;
    for (let x = 0; x < width; x++, at += bytesPerPixel) {
      if ((wordAt(bytes, at, bytesPerPixel) & mask) !== 0) return false;
    }
  }
  return true;
}

/** Two or four bytes, little-endian. */
function wordAt(bytes: Uint8Array, at: number, count: number): number {
  // Within bounds, as all below: the bitmap is complete.
  const low = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
  return count === 2 ? low : low | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
}

function readIndices(
  argb: Uint32Array,
  bytes: Uint8Array,
  start: number,
  width: number,
  bits: number,
  palette: Uint32Array,
): void {
  const most = (1 << bits) - 1;
  for (let x = 0, bit = 0; x < width; x++, bit += bits) {
    const index = ((bytes[start + (bit >> 3)] as number) >> (8 - bits - (bit & 7))) & most;
    argb[x] = palette[index] as number;
  }
}

/** Blue, green, red and the fourth byte, in the order of an ARGB word. */
function readBytes(
  argb: Uint32Array,
  bytes: Uint8Array,
  start: number,
  width: number,
  perPixel: number,
): void {
  for (let x = 0, at = start; x < width; x++, at += perPixel) {
    argb[x] =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
  }
}

interface Channel {
  readonly mask: number;
  readonly shift: number;
  /** Scales from the largest value of the mask to 255. */
  readonly scale: number;
}

type Channels = Readonly<Record<'red' | 'green' | 'blue' | 'alpha', Channel>>;

function channelOf(mask: number): Channel {
  const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  return { mask, shift, scale: most === 0 ? 0 : 255 / most };
}

function readMasked(
  argb: Uint32Array,
  bytes: Uint8Array,
  start: number,
  width: number,
  perPixel: number,
  { red, green, blue, alpha }: Channels,
): void {
  for (let x = 0, at = start; x < width; x++, at += perPixel) {
    const word = wordAt(bytes, at, perPixel);
    argb[x] =
      (levelOf(word, alpha) << 24) |
      (levelOf(word, red) << 16) |
      (levelOf(word, green) << 8) |
      levelOf(word, blue);
  }
}

function levelOf(word: number, { mask, shift, scale }: Channel): number {
  return (((word & mask) >>> shift) * scale + 0.5) | 0;
}
