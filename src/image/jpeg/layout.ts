/**
 * The layout of a JPEG's planes in memory: only MCUs that contribute to the network's input are kept, a row of MCUs at
 * a time.
 */
import type { JpegHeader, Size } from '../header.ts';
import { halvedPart, resizedSize, seenPart } from '../resample/taps.ts';
import type { Shrink } from '../shrink.ts';

const BLOCK = 8;
/** Rows of Y have the length that a whole number of vectors of Cb and Cr gives them. */
const LANES = 16;

export interface Layout {
  readonly shrink: Shrink;
  /** MCUs of the picture, across and down. */
  readonly columns: number;
  readonly rows: number;
  /** The MCUs that are kept: from `left` and `top` to `right` and `bottom`, exclusive. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly planes: readonly PlaneLayout[];
}

/** A plane of the kept samples, row by row, one byte each. */
interface PlaneLayout {
  /** Blocks in an MCU, across and down. */
  readonly across: number;
  readonly down: number;
  /** Samples of a block, across and down. */
  readonly side: number;
  /** Samples in a row, padded to a multiple of 16, or of 8 if it is subsampled; rows in a row of MCUs. */
  readonly width: number;
  readonly height: number;
  /** First column and row of the picture's plane that it contains, and the picture's last ones, counted from there. */
  readonly left: number;
  readonly top: number;
  readonly lastColumn: number;
  readonly lastRow: number;
}

/** @returns undefined for a JPEG that `JpegHeader.mcu` excludes. */
export function layoutOf(header: JpegHeader, shrink: Shrink): Layout | undefined {
  const { width, height, mcu, components } = header;
  if (mcu === undefined) return undefined;
  const resized = resizedSize(header);
  const seen = {
    columns: seenPart(Math.ceil(width / shrink), width / shrink, resized.width),
    rows: seenPart(Math.ceil(height / shrink), height / shrink, resized.height),
  };
  const sizes = Array.from({ length: components }, (_, i) => planeSize(header, mcu, shrink, i === 0));
  const kept = sizes.map(({ across, down, side, isHalved, ...size }) => {
    const x = isHalved.across ? halvedPart(seen.columns, size.width) : seen.columns;
    const y = isHalved.down ? halvedPart(seen.rows, size.height) : seen.rows;
    return {
      left: Math.floor(x.start / (across * side)),
      right: Math.ceil(x.end / (across * side)),
      top: Math.floor(y.start / (down * side)),
      bottom: Math.ceil(y.end / (down * side)),
    };
  });
  const left = Math.min(...kept.map((one) => one.left));
  const right = Math.max(...kept.map((one) => one.right));
  const top = Math.min(...kept.map((one) => one.top));
  const bottom = Math.max(...kept.map((one) => one.bottom));
  const stride = LANES * Math.ceil(((right - left) * (mcu.width / shrink)) / LANES);
  const planes = sizes.map(({ across, down, side, isHalved, width, height }): PlaneLayout => {
    const first = { left: left * across * side, top: top * down * side };
    const last = { lastColumn: width - 1 - first.left, lastRow: height - 1 - first.top };
    const rows = { width: isHalved.across ? stride / 2 : stride, height: down * side };
    return { across, down, side, ...first, ...last, ...rows };
  });
  const [columns, rows] = [Math.ceil(width / mcu.width), Math.ceil(height / mcu.height)];
  return { shrink, columns, rows, left, right, top, bottom, planes };
}

/**
 * A plane with fewer samples than pixels has whole ones at the edges too (A.1.1).
 *
 * As in libjpeg, the blocks of Cb and Cr are reduced by less if that gives them the size of Y.
 */
function planeSize(picture: Size, mcu: Size, shrink: Shrink, isFirst: boolean) {
  const [across, down] = [mcu.width / BLOCK, mcu.height / BLOCK];
  let side = BLOCK / shrink;
  const [lumaAcross, lumaDown] = [across * side, down * side];
  if (isFirst) {
    const [width, height] = [picture.width, picture.height].map((pixels) => Math.ceil(pixels / shrink));
    const isHalved = { across: false, down: false };
    return { across, down, side, width: width ?? 0, height: height ?? 0, isHalved };
  }
  while (side < BLOCK && lumaAcross % (2 * side) === 0 && lumaDown % (2 * side) === 0) side *= 2;
  const width = Math.ceil((picture.width * side) / mcu.width);
  const height = Math.ceil((picture.height * side) / mcu.height);
  const isHalved = { across: lumaAcross > side, down: lumaDown > side };
  return { across: 1, down: 1, side, width, height, isHalved };
}
