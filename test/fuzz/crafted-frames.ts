/** GIFs and WebPs whose frames and canvas disagree, or that have too many frames. */
import sharp from 'sharp';
import { bytesOf, descriptor, le16, riff, screen } from '../image/headers.ts';

const PALETTE = [0, 0, 0, 255, 255, 255];
/** Global colour table of two colours. */
const TWO_COLOURS = 0x80;
/** LZW code size, one pixel and the end code. */
const ONE_PIXEL = [2, 2, 0x44, 1, 0];
const TRAILER = 0x3b;

/** Frames of one pixel each on a canvas of the given size. */
export function gifOfDots(width: number, height: number, frames: number): Uint8Array {
  const dot = Uint8Array.from([...descriptor(1, 1), ...ONE_PIXEL]);
  const dots = Buffer.concat(Array.from({ length: frames }, () => dot));
  return new Uint8Array(
    Buffer.concat([bytesOf(screen(width, height, TWO_COLOURS), PALETTE), dots, bytesOf(TRAILER)]),
  );
}

/** A canvas of one pixel, and a frame that states another size. */
export function gifOfFrame(width: number, height: number): Uint8Array {
  return bytesOf(screen(1, 1, TWO_COLOURS), PALETTE, descriptor(width, height), ONE_PIXEL, TRAILER);
}

/** The chunks of a simple WebP, after a VP8X chunk with another canvas. */
export function webpWithCanvas(webp: Uint8Array, width: number, height: number, flags = 0): Uint8Array {
  const le24 = (value: number) => [...le16(value & 0xffff), value >>> 16];
  const canvas = bytesOf('VP8X', [10, 0, 0, 0], [flags, 0, 0, 0], le24(width - 1), le24(height - 1));
  return riff(canvas, webp.subarray(12));
}

export async function animatedWebp(rgb: Uint8Array, width: number, pageHeight: number): Promise<Uint8Array> {
  const both = Buffer.concat([rgb, rgb.map((value) => 255 - value)]);
  const raw = { width, height: 2 * pageHeight, channels: 3, pageHeight } as const;
  return new Uint8Array(await sharp(both, { raw }).webp({ effort: 0 }).toBuffer());
}
