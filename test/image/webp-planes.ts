/** The planes of a lossy WebP, and RGB computed from them as libwebp does. */
import type { Size } from '../../src/image/header.ts';
import { atOnce } from '../../src/image/turns.ts';
import type { Plane } from '../../src/image/webp/lossy/band.ts';
import { decodeVp8 } from '../../src/image/webp/lossy/vp8.ts';

interface Planes extends Size {
  readonly luma: Uint8Array;
  readonly blue: Uint8Array;
  readonly red: Uint8Array;
}

/** @param frame a `VP8 ` chunk's payload. */
export function planesOf(frame: Uint8Array, { width, height }: Size): Planes {
  const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
  const luma = new Uint8Array(width * height);
  const [blue, red] = [new Uint8Array(chroma), new Uint8Array(chroma)];
  let next = 0;
  const copy = (to: Uint8Array, row: number, plane: Plane, start: number, wide: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const at = start + i * plane.stride;
      to.set(plane.samples.subarray(at, at + wide), (row + i) * wide);
    }
  };
  const isWhole = atOnce(
    decodeVp8(frame, { width, height }, (lines) => {
      if (lines.y !== next) throw new Error(`line ${lines.y} after ${next}`);
      next += lines.count;
      const { band, y, count } = lines;
      copy(luma, y, band.luma, lines.luma, width, count);
      copy(blue, y / 2, band.blue, lines.chroma, Math.ceil(width / 2), Math.ceil(count / 2));
      copy(red, y / 2, band.red, lines.chroma, Math.ceil(width / 2), Math.ceil(count / 2));
      return true;
    }),
  );
  if (!isWhole || next !== height) throw new Error(`broken off at line ${next}`);
  return { width, height, luma, blue, red };
}

/**
 * Chroma interpolated from the four nearest samples, 9 : 3 : 3 : 1, and BT.601 in libwebp's fixed-point numbers and
 * rounding; at the left and right edges from the two that exist.
 */
export function upsampled({ width, height, luma, blue, red }: Planes): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  const share = (value: number, by: number) => (value * by) >> 8;
  const byte = (value: number) => Math.min(Math.max(value >> 6, 0), 255);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const l = share(luma[y * width + x] ?? 0, 19_077);
      const [b, r] = [chromaAt(blue, { width, height }, x, y), chromaAt(red, { width, height }, x, y)];
      rgb[at] = byte(l + share(r, 26_149) - 14_234);
      rgb[at + 1] = byte(l - share(b, 6419) - share(r, 13_320) + 8708);
      rgb[at + 2] = byte(l + share(b, 33_050) - 17_685);
    }
  }
  return rgb;
}

function chromaAt(plane: Uint8Array, size: Size, x: number, y: number): number {
  const [columns, rows] = [Math.ceil(size.width / 2), Math.ceil(size.height / 2)];
  const [column, row] = [x >> 1, y >> 1];
  const beside = Math.min(Math.max(column + (x % 2 === 1 ? 1 : -1), 0), columns - 1);
  const over = Math.min(Math.max(row + (y % 2 === 1 ? 1 : -1), 0), rows - 1);
  const sample = (c: number, r: number) => plane[r * columns + c] ?? 0;
  const [nearest, across, down] = [sample(column, row), sample(beside, row), sample(column, over)];
  if (beside === column) return (3 * nearest + down + 2) >> 2;
  const all = nearest + across + down + sample(beside, over) + 8;
  return (((all + 2 * (across + down)) >> 3) + nearest) >> 1;
}
