/** Where the samples of a JPEG's planes lie: only those of MCUs that the network's input is made of are kept. */
import type { JpegHeader, Size } from '../header.ts';
import { halvedPart, type Part, resizedSize, seenPart } from '../resample/taps.ts';

const BLOCK = 8;

export interface Layout {
  /** MCUs of the picture, across and down. */
  readonly columns: number;
  readonly rows: number;
  /** Those of them that are kept: from `left` and `top` up to, not including, `right` and `bottom`. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly planes: readonly PlaneLayout[];
  /** Of all planes together. */
  readonly bytes: number;
}

/** A plane of the kept samples, row by row, a byte each. */
interface PlaneLayout {
  /** Blocks in an MCU, across and down. */
  readonly across: number;
  readonly down: number;
  /** Samples in a row. */
  readonly width: number;
  /** Column and row of the picture's plane that it begins with, and those that the picture ends with, from there on. */
  readonly left: number;
  readonly top: number;
  readonly lastColumn: number;
  readonly lastRow: number;
  readonly bytes: number;
}

/** @returns undefined for a JPEG of another kind than `JpegHeader.mcu` tells. */
export function layoutOf({ width, height, mcu, components }: JpegHeader): Layout | undefined {
  if (mcu === undefined) return undefined;
  const sizes = Array.from({ length: components }, (_, i) => planeSize({ width, height }, mcu, i === 0));
  const resized = resizedSize({ width, height });
  const columns = seenPart(width, resized.width);
  const rows = seenPart(height, resized.height);
  const seen = sizes.map(({ across, down, perSample, ...size }) => {
    const x = partOf(columns, perSample.width, size.width);
    const y = partOf(rows, perSample.height, size.height);
    return {
      left: Math.floor(x.start / (across * BLOCK)),
      right: Math.ceil(x.end / (across * BLOCK)),
      top: Math.floor(y.start / (down * BLOCK)),
      bottom: Math.ceil(y.end / (down * BLOCK)),
    };
  });
  const left = Math.min(...seen.map((one) => one.left));
  const right = Math.max(...seen.map((one) => one.right));
  const top = Math.min(...seen.map((one) => one.top));
  const bottom = Math.max(...seen.map((one) => one.bottom));
  const planes = sizes.map(({ across, down, ...size }): PlaneLayout => {
    const stride = (right - left) * across * BLOCK;
    const first = { left: left * across * BLOCK, top: top * down * BLOCK };
    const last = { lastColumn: size.width - 1 - first.left, lastRow: size.height - 1 - first.top };
    const bytes = stride * (bottom - top) * down * BLOCK;
    return { across, down, ...first, ...last, width: stride, bytes };
  });
  return {
    columns: Math.ceil(width / mcu.width),
    rows: Math.ceil(height / mcu.height),
    left,
    right,
    top,
    bottom,
    planes,
    bytes: planes.reduce((sum, plane) => sum + plane.bytes, 0),
  };
}

function partOf(pixels: Part, perSample: number, samples: number): Part {
  return perSample === 1 ? pixels : halvedPart(pixels, samples);
}

/** A plane with fewer samples than pixels has whole ones at the edges too (A.1.1). */
function planeSize(picture: Size, mcu: Size, isFirst: boolean) {
  const [across, down] = isFirst ? [mcu.width / BLOCK, mcu.height / BLOCK] : [1, 1];
  const perSample = { width: mcu.width / (across * BLOCK), height: mcu.height / (down * BLOCK) };
  const width = Math.ceil(picture.width / perSample.width);
  const height = Math.ceil(picture.height / perSample.height);
  return { across, down, perSample, width, height };
}
