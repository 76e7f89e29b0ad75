/** Predicts pixels from those before them (RFC 9649 §4.1). */
import { sumOf } from './pixel.ts';
import type { Rows } from './stored-rows.ts';
import type { Squares } from './undone.ts';

const BLACK = 0xff000000 | 0;

/** Half the sum, each byte separately. */
function mean(one: number, other: number): number {
  return (one & other) + (((one ^ other) & 0xfefefefe) >>> 1);
}

function inByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** Sum of the absolute differences of the bytes. */
function distance(one: number, other: number): number {
  let sum = 0;
  for (let shift = 0; shift < 32; shift += 8)
    sum += Math.abs(((one >>> shift) & 0xff) - ((other >>> shift) & 0xff));
  return sum;
}

function select(left: number, above: number, corner: number): number {
  return distance(above, corner) < distance(left, corner) ? left : above;
}

function gradient(left: number, above: number, corner: number): number {
  let pixel = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const value = ((left >>> shift) & 0xff) + ((above >>> shift) & 0xff) - ((corner >>> shift) & 0xff);
    pixel |= inByte(value) << shift;
  }
  return pixel;
}

function halfGradient(middle: number, corner: number): number {
  let pixel = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    const value = (middle >>> shift) & 0xff;
    // The division rounds towards 0.
    pixel |= inByte(value + Math.trunc((value - ((corner >>> shift) & 0xff)) / 2)) << shift;
  }
  return pixel;
}

function predict(mode: number, left: number, above: number, corner: number, beyond: number): number {
  switch (mode) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return beyond;
    case 4:
      return corner;
    case 5:
      return mean(mean(left, beyond), above);
    case 6:
      return mean(left, corner);
    case 7:
      return mean(left, above);
    case 8:
      return mean(corner, above);
    case 9:
      return mean(above, beyond);
    case 10:
      return mean(mean(left, corner), mean(above, beyond));
    case 11:
      return select(left, above, corner);
    case 12:
      return gradient(left, above, corner);
    case 13:
      return halfGradient(mean(left, above), corner);
    default:
      return BLACK;
  }
}

/** Adds its prediction to each pixel, by the mode of its square. */
export function predictedRows(
  rows: Rows,
  { bits, columns, values }: Squares<Uint8Array>,
  width: number,
): Rows {
  // Signed numbers are faster; the bytes are the same.
  let above = new Int32Array(width);
  let row = new Int32Array(width);
  let y = 0;
  return {
    next() {
      const stored = rows.next();
      if (stored === undefined) return undefined;
      // Within bounds: rows have the same width, and squares cover them.
      let left = sumOf(stored[0] as number, y === 0 ? BLACK : (above[0] as number));
      row[0] = left;
      const start = (y >> bits) * columns;
      for (let x = 1; x < width; x++) {
        const mode = y === 0 ? 1 : (values[start + (x >> bits)] as number);
        // Beyond the last pixel above comes the first of this row.
        const beyond = x + 1 < width ? (above[x + 1] as number) : (row[0] as number);
        left = sumOf(
          stored[x] as number,
          predict(mode, left, above[x] as number, above[x - 1] as number, beyond),
        );
        row[x] = left;
      }
      y += 1;
      [above, row] = [row, above];
      return new Uint32Array(above.buffer);
    },
  };
}
