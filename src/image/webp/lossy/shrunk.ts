/** Reduces lines of luma and chroma to a smaller picture: each pixel is the mean of a square. */
import type { Size } from '../../header.ts';
import type { Pixels } from '../../pixels.ts';
import { type Shrink, shrunkSize } from '../../shrink.ts';
import type { Plane } from './band.ts';
import { storeRgb } from './bt601.ts';
import type { Lines } from './vp8.ts';

const RGB = { bytesPerPixel: 3, grey: false };

export interface Shrunk {
  /** @returns false if the picture turns out to be broken. */
  take(lines: Lines): boolean;
  /** Complete once all lines were taken. */
  readonly pixels: Pixels;
}

/** @param by factor of reduction, across and down: at least 2. Squares at the edges may have fewer pixels. */
export function createShrunk(size: Size, by: Shrink): Shrunk {
  const { width, height } = shrunkSize(size, by);
  // Rounds, and clamps to 0…255.
  const data = new Uint8ClampedArray(width * height * RGB.bytesPerPixel);
  const sums = { luma: new Int32Array(width), blue: new Int32Array(width), red: new Int32Array(width) };
  const chroma = { width: Math.ceil(size.width / 2), height: Math.ceil(size.height / 2) };
  /** Chroma is stored at half the size. */
  const chromaBy = by / 2;
  let row = 0;
  let lumaLines = 0;
  let chromaLines = 0;

  function finish(): void {
    const lumaWeights = weightsOf(size.width, by, lumaLines);
    const chromaWeights = weightsOf(chroma.width, chromaBy, chromaLines);
    let at = row * width * RGB.bytesPerPixel;
    const last = width - 1;
    for (let x = 0; x < width; x++, at += RGB.bytesPerPixel) {
      // Within bounds: the sums are as many as the pixels of a row.
      const luma = (sums.luma[x] as number) * (x === last ? lumaWeights.last : lumaWeights.each);
      const weight = x === last ? chromaWeights.last : chromaWeights.each;
      storeRgb(data, at, luma, (sums.blue[x] as number) * weight, (sums.red[x] as number) * weight);
    }
    row += 1;
    lumaLines = 0;
    sums.luma.fill(0);
    chromaLines = 0;
    sums.blue.fill(0);
    sums.red.fill(0);
  }

  return {
    take({ band, y, count, luma, chroma: chromaAt }) {
      for (let i = 0; i < count; i++) {
        addLine(sums.luma, band.luma, luma + i * band.luma.stride, size.width, by);
        lumaLines += 1;
        if (i % 2 === 0) {
          const at = chromaAt + (i / 2) * band.blue.stride;
          addLine(sums.blue, band.blue, at, chroma.width, chromaBy);
          addLine(sums.red, band.red, at, chroma.width, chromaBy);
          chromaLines += 1;
        }
        if (lumaLines === by || y + i === size.height - 1) finish();
      }
      return true;
    },
    // The same bytes; storing in this view does not clamp.
    pixels: {
      data: new Uint8Array(data.buffer),
      width,
      height,
      extent: { width: size.width / by, height: size.height / by },
      layout: RGB,
    },
  };
}

/** The factor from a sum to a mean; the last one of a row may have fewer samples. */
function weightsOf(samples: number, by: number, lines: number): { each: number; last: number } {
  return { each: 1 / (by * lines), last: 1 / ((samples % by || by) * lines) };
}

function addLine(sums: Int32Array, { samples }: Plane, start: number, width: number, by: number): void {
  let at = start;
  const whole = Math.floor(width / by);
  for (let x = 0; x < whole; x++) {
    let sum = samples[at++] as number;
    for (let i = 1; i < by; i++) sum += samples[at++] as number;
    sums[x] = (sums[x] as number) + sum;
  }
  for (const end = start + width; at < end; at++)
    sums[whole] = (sums[whole] as number) + (samples[at] as number);
}
