/**
 * Converts lines of luma and chroma to pixels at full size.
 *
 * Chroma is stored at half the size. As in libwebp ("fancy upsampling"), each pixel's chroma is a mean of the four
 * samples around it, by 9, 3, 3 and 1 sixteenths; at an edge, the sample inside replaces the one beyond.
 */
import type { Size } from '../../header.ts';
import type { AlphaRows } from '../alpha.ts';
import type { Plane } from './band.ts';
import { storeRgb } from './bt601.ts';
import type { Shrunk } from './shrunk.ts';
import type { Lines } from './vp8.ts';

const RGB = { bytesPerPixel: 3, grey: false };
const WHITE = 255;

/** A line of chroma of both colours. */
interface Chroma {
  readonly blue: Uint8Array;
  readonly red: Uint8Array;
}

/** @param alpha of the picture, by which it is blended with white; absent if it is opaque. */
export function createUpsampled({ width, height }: Size, alpha?: AlphaRows): Shrunk {
  const data = new Uint8ClampedArray(width * height * RGB.bytesPerPixel);
  const chromaWidth = Math.ceil(width / 2);
  const chroma = (): Chroma => ({ blue: new Uint8Array(chromaWidth), red: new Uint8Array(chromaWidth) });
  let [earlier, later] = [chroma(), chroma()];
  /** The second line of the previous pair, which needs the chroma of the next pair. */
  const waiting = new Uint8Array(width);
  let row = 0;

  /** One row of the picture; its chroma is three quarters of `near` and one of `far`. */
  function finish(luma: Uint8Array | Uint8ClampedArray, start: number, near: Chroma, far: Chroma): boolean {
    let at = row * width * RGB.bytesPerPixel;
    for (let x = 0; x < width; x++, at += RGB.bytesPerPixel) {
      // Within bounds: the neighbour's index is clamped to the line.
      const here = x >> 1;
      const beside = Math.min(Math.max(here + (x % 2 === 0 ? -1 : 1), 0), chromaWidth - 1);
      const blue = between(near.blue, far.blue, here, beside);
      const red = between(near.red, far.red, here, beside);
      storeRgb(data, at, luma[start + x] as number, blue, red);
    }
    const isMixed = alpha === undefined || mix(alpha, data.subarray(at - width * RGB.bytesPerPixel, at));
    row += 1;
    return isMixed;
  }

  function keep(plane: Plane, at: number, line: Uint8Array): void {
    line.set(plane.samples.subarray(at, at + chromaWidth));
  }

  return {
    take({ band, y, count, luma, chroma: chromaAt }: Lines) {
      for (let i = 0; i < count; i += 2) {
        [earlier, later] = [later, earlier];
        keep(band.blue, chromaAt + (i / 2) * band.blue.stride, later.blue);
        keep(band.red, chromaAt + (i / 2) * band.red.stride, later.red);
        const first = luma + i * band.luma.stride;
        const second = first + band.luma.stride;
        if (y + i > 0 && !finish(waiting, 0, earlier, later)) return false;
        if (!finish(band.luma.samples, first, later, y + i > 0 ? earlier : later)) return false;
        if (i + 1 === count) continue;
        waiting.set(band.luma.samples.subarray(second, second + width));
        if (y + i + 2 === height && !finish(waiting, 0, later, later)) return false;
      }
      return true;
    },
    // The same bytes; storing in this view does not clamp.
    pixels: { data: new Uint8Array(data.buffer), width, height, extent: { width, height }, layout: RGB },
  };
}

function between(near: Uint8Array, far: Uint8Array, here: number, beside: number): number {
  return (
    (9 * (near[here] as number) +
      3 * (near[beside] as number) +
      3 * (far[here] as number) +
      (far[beside] as number)) /
    16
  );
}

/** @returns false if the alpha is broken or ends. */
function mix(alpha: AlphaRows, rgb: Uint8ClampedArray): boolean {
  const covers = alpha.next();
  if (covers === undefined) return false;
  for (let x = 0, at = 0; at < rgb.length; x++) {
    const cover = (covers[x] as number) / WHITE;
    for (const end = at + RGB.bytesPerPixel; at < end; at++) {
      rgb[at] = WHITE + ((rgb[at] as number) - WHITE) * cover;
    }
  }
  return true;
}
