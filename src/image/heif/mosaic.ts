/**
 * Assembles a picture from pieces and reduces it: sums squares of pixels, and takes their means at the end.
 *
 * Samples are summed as coded. Their conversion to RGB is linear, so the mean of a square is the mean of its RGB,
 * except for clamping; compositing on white is linear too.
 */
import { AS_IT_IS, type Conversion } from '../colour/matrix.ts';
import type { Region, Size } from '../header.ts';
import type { Pixels } from '../pixels.ts';

/** Samples of one kind, where a decoder has left them. */
export interface Plane {
  readonly samples: Uint8Array;
  /** Bytes from a sample to the next, and from row to row. */
  readonly step: number;
  readonly stride: number;
  /** Pixels per sample, across and down: 1 or 2. */
  readonly across: 1 | 2;
  readonly down: 1 | 2;
}

/** A decoded piece: one plane, or three. */
export interface Piece extends Size {
  readonly planes: readonly Plane[];
  readonly conversion: Conversion;
  /** Whether the coded data themselves have limited range, whatever the file says. */
  readonly isNarrow?: boolean;
}

/** The opacity of each pixel of the region, one byte each, row by row. */
export interface Cover {
  readonly alpha: Uint8Array;
  readonly isPremultiplied: boolean;
}

export interface Mosaic {
  /** Adds the part of a piece that is in the region; `left` and `top` are its position in the same picture. */
  add(piece: Piece, left: number, top: number): void;
  /** The means, in RGB or grey; squares without samples are black. To be called once. */
  pixels(): Pixels;
}

/**
 * @param region of the picture that is assembled. Only whole squares count: the rest at its right and bottom is cut
 *   off.
 * @param shrink 1, 2, 4 or 8: side of a square.
 * @param first one of the pieces: all must be of its kind.
 */
export function createMosaic(region: Region, shrink: number, first: Piece, cover?: Cover): Mosaic {
  const [width, height] = [Math.floor(region.width / shrink), Math.floor(region.height / shrink)];
  const channels = first.planes.length;
  const length = width * height * channels;
  const sums = shrink === 1 ? new Uint8Array(length) : new Uint16Array(length);
  const { conversion } = first;

  return {
    add(piece, left, top) {
      const [right, down] = [left - region.left, top - region.top];
      const start = Math.max(0, right);
      const end = Math.min(width * shrink, right + piece.width);
      const last = Math.min(height * shrink, down + piece.height);
      for (let y = Math.max(0, down); y < last; y++) {
        const row = Math.floor(y / shrink) * width * channels;
        for (const [channel, plane] of piece.planes.entries()) {
          const from = Math.floor((y - down) / plane.down) * plane.stride;
          const to = row + channel;
          const line = { sums, to, channels, plane, from, right, start, end, shrink };
          if (cover === undefined) addRow(line);
          else addRowOnWhite(line, cover, y * region.width, conversion, channel);
        }
      }
    },
    pixels() {
      const data = new Uint8Array(sums.buffer, 0, length);
      const isEachAlike = conversion === AS_IT_IS || conversion.isGrey;
      if (isEachAlike) toMeans(sums, data, shrink, conversion);
      else toRgb(sums, data, shrink, conversion);
      const extent = { width: region.width / shrink, height: region.height / shrink };
      return { data, width, height, extent, layout: { bytesPerPixel: channels, grey: channels === 1 } };
    },
  };
}

/** Pixels of one row and one plane, and the destination of their sums. */
interface Line {
  readonly sums: Uint8Array | Uint16Array;
  /** Index of the row's first square. */
  readonly to: number;
  readonly channels: number;
  readonly plane: Plane;
  /** Position of the row's first sample. */
  readonly from: number;
  /** Pixels of the region before the piece begins; negative if the piece begins before the region. */
  readonly right: number;
  /** Pixels of the region that the piece covers. */
  readonly start: number;
  readonly end: number;
  readonly shrink: number;
}

function addRow({ sums, to, channels, plane, from, right, start, end, shrink }: Line): void {
  const { samples, step, across } = plane;
  const halves = across - 1;
  for (let x = start; x < end; ) {
    const square = Math.floor(x / shrink);
    const next = Math.min(end, (square + 1) * shrink);
    let sum = 0;
    // Within bounds: the piece has these pixels. With subsampling, two pixels share a column.
    for (; x < next; x++) sum += samples[from + ((x - right) >> halves) * step] as number;
    const at = to + square * channels;
    sums[at] = (sums[at] as number) + sum;
  }
}

/** The same, with each sample blended with that of white. */
function addRowOnWhite(
  { sums, to, channels, plane, from, right, start, end, shrink }: Line,
  { alpha, isPremultiplied }: Cover,
  alphaRow: number,
  conversion: Conversion,
  channel: number,
): void {
  const { samples, step, across } = plane;
  const halves = across - 1;
  const white = conversion.white[channel] as number;
  // Premultiplied values are closer to black.
  const [kept, added] = isPremultiplied ? [0, white - (conversion.black[channel] as number)] : [1, white];
  for (let x = start; x < end; ) {
    const square = Math.floor(x / shrink);
    const next = Math.min(end, (square + 1) * shrink);
    let sum = 0;
    for (; x < next; x++) {
      const sample = samples[from + ((x - right) >> halves) * step] as number;
      const clear = 255 - (alpha[alphaRow + x] as number);
      sum += sample * 255 + clear * (added - kept * sample);
    }
    const at = to + square * channels;
    // Colours brighter than their alpha would become brighter than white.
    sums[at] = Math.min((sums[at] as number) + Math.round(sum / 255), 255 * shrink ** 2);
  }
}

/** In the same memory: a mean is never written beyond its sum. Every sample is converted alike. */
function toMeans(
  sums: Uint8Array | Uint16Array,
  data: Uint8Array,
  shrink: number,
  { rows }: Conversion,
): void {
  const [scale, , , added] = rows[0];
  const factor = scale / shrink ** 2;
  // Within bounds, as below: both have the same length.
  for (let at = 0; at < data.length; at++) data[at] = clamped((sums[at] as number) * factor + added);
}

function toRgb(sums: Uint8Array | Uint16Array, data: Uint8Array, shrink: number, { rows }: Conversion): void {
  const pixels = shrink ** 2;
  const [red, green, blue] = rows;
  for (let at = 0; at < data.length; at += 3) {
    const first = (sums[at] as number) / pixels;
    const second = (sums[at + 1] as number) / pixels;
    const third = (sums[at + 2] as number) / pixels;
    data[at] = clamped(red[0] * first + red[1] * second + red[2] * third + red[3]);
    data[at + 1] = clamped(green[0] * first + green[1] * second + green[2] * third + green[3]);
    data[at + 2] = clamped(blue[0] * first + blue[1] * second + blue[2] * third + blue[3]);
  }
}

/** Adding a half, the conversion to a byte rounds. */
function clamped(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5;
}
