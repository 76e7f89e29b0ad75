/** Reduces rows as they arrive, and writes them to their position in the picture. */
import type { Size } from '../header.ts';
import type { Pixels } from '../pixels.ts';
import { type Shrink, shrunkSize } from '../shrink.ts';

export interface Canvas {
  readonly pixels: Pixels;
  /** Bytes per pixel of the argument of `row`: grey, or red, green and blue. */
  readonly channels: 1 | 3;
  /**
   * Begins a part of the picture whose rows follow, from top to bottom. If it does not begin or end at a multiple of
   * `by`, except at the picture's edge, the pixels at its edges are not means of whole squares.
   */
  begin(left: number, top: number, width: number, height: number): void;
  row(values: Uint8Array): void;
}

export function createCanvas(size: Size, by: Shrink, channels: 1 | 3): Canvas {
  const { width, height } = shrunkSize(size, by);
  const data = new Uint8Array(width * height * channels);
  const sums = by === 1 ? undefined : new Uint32Array(width * channels);
  const part = { left: 0, top: 0, width: 0, height: 0 };
  let y = 0;

  const writeMeans = (sums: Uint32Array) => {
    const rows = (y % by) + 1;
    const columns = Math.ceil(part.width / by);
    const to = (Math.floor((part.top + y) / by) * width + Math.floor(part.left / by)) * channels;
    for (let o = 0; o < columns; o++) {
      const count = rows * Math.min(by, part.width - o * by);
      // Within bounds: at least as wide as the picture.
      for (let i = o * channels; i < (o + 1) * channels; i++)
        data[to + i] = (sums[i] as number) / count + 0.5;
    }
    sums.fill(0);
  };

  return {
    channels,
    pixels: {
      data,
      width,
      height,
      extent: { width: size.width / by, height: size.height / by },
      layout: { bytesPerPixel: channels, grey: channels === 1 },
    },
    begin(left, top, partWidth, partHeight) {
      Object.assign(part, { left, top, width: partWidth, height: partHeight });
      y = 0;
      sums?.fill(0);
    },
    row(values) {
      if (sums === undefined) {
        const bytes = part.width * channels;
        data.set(values.subarray(0, bytes), ((part.top + y) * width + part.left) * channels);
      } else {
        if (channels === 1) addGrey(values, part.width, by, sums);
        else addRgb(values, part.width, by, sums);
        if (y % by === by - 1 || y === part.height - 1) writeMeans(sums);
      }
      y += 1;
    },
  };
}

function addGrey(values: Uint8Array, count: number, by: number, sums: Uint32Array): void {
  for (let at = 0, o = 0; at < count; o++) {
    let sum = 0;
    // Within bounds, as below: a row has as many pixels.
    for (const end = Math.min(at + by, count); at < end; at++) sum += values[at] as number;
    sums[o] = (sums[o] as number) + sum;
  }
}

function addRgb(values: Uint8Array, count: number, by: number, sums: Uint32Array): void {
  const bytes = 3 * count;
  for (let at = 0, o = 0; at < bytes; o += 3) {
    let [red, green, blue] = [0, 0, 0];
    for (const end = Math.min(at + 3 * by, bytes); at < end; at += 3) {
      red += values[at] as number;
      green += values[at + 1] as number;
      blue += values[at + 2] as number;
    }
    sums[o] = (sums[o] as number) + red;
    sums[o + 1] = (sums[o + 1] as number) + green;
    sums[o + 2] = (sums[o + 2] as number) + blue;
  }
}
