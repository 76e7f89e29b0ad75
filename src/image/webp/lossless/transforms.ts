/** The transforms of a stored picture, undone row by row (RFC 9649 §4). */
import type { Size } from '../../header.ts';
import { type BitReader, readBits } from './bits.ts';
import { readSmall } from './entropy-image.ts';
import { readPalette } from './palette.ts';
import { predictedRows } from './predictors.ts';
import type { Rows } from './stored-rows.ts';
import type { Squares, Transform } from './undone.ts';

const PREDICTION = 0;
const COLOUR = 1;
const SUBTRACT_GREEN = 2;
const PALETTE = 3;

/** @returns undefined if it is broken. */
export function readTransform(
  bits: BitReader,
  kind: number,
  size: Size,
  kept: Uint32Array,
): Transform | undefined {
  if (kind === PALETTE) return readPalette(bits, size, kept);
  const undo = readUndo(bits, kind, size, kept);
  return undo && { storedWidth: size.width, undo };
}

function readUndo(
  bits: BitReader,
  kind: number,
  size: Size,
  kept: Uint32Array,
): Transform['undo'] | undefined {
  const { width } = size;
  switch (kind) {
    case PREDICTION: {
      const modes = readSquares(
        bits,
        size,
        kept,
        (pixel) => (pixel >>> 8) & 15,
        (length) => new Uint8Array(length),
      );
      return modes && ((rows) => predictedRows(rows, modes, width));
    }
    case COLOUR: {
      const factors = readSquares(
        bits,
        size,
        kept,
        (pixel) => pixel,
        (length) => new Uint32Array(length),
      );
      return factors && ((rows) => mapped(rows, width, (from, to, y) => addShares(from, to, y, factors)));
    }
    case SUBTRACT_GREEN:
      return (rows) => mapped(rows, width, addGreen);
    default:
      return undefined;
  }
}

function readSquares<Values extends Uint8Array | Uint32Array>(
  bits: BitReader,
  { width, height }: Size,
  kept: Uint32Array,
  numberOf: (pixel: number) => number,
  create: (length: number) => Values,
): Squares<Values> | undefined {
  const squareBits = 2 + readBits(bits, 3);
  const size = { width: Math.ceil(width / 2 ** squareBits), height: Math.ceil(height / 2 ** squareBits) };
  const values = readSmall(bits, size, kept, numberOf, create);
  return values && { bits: squareBits, columns: size.width, values };
}

/** Into a separate row, because the source may need the original for its next. */
function mapped(
  rows: Rows,
  width: number,
  change: (from: Uint32Array, to: Uint32Array, y: number) => void,
): Rows {
  const row = new Uint32Array(width);
  let y = 0;
  return {
    next() {
      const from = rows.next();
      if (from === undefined) return undefined;
      change(from, row, y++);
      return row;
    },
  };
}

/** §4.3. */
function addGreen(from: Uint32Array, to: Uint32Array): void {
  for (let x = 0; x < to.length; x++) {
    // Within bounds, as all below.
    const pixel = from[x] as number;
    const green = (pixel >>> 8) & 0xff;
    to[x] = (pixel & 0xff00ff00) | (((pixel & 0xff00ff) + ((green << 16) | green)) & 0xff00ff);
  }
}

/** §4.2: adds back shares of green to red and blue, and of red to blue, as stored for each square. */
function addShares(
  from: Uint32Array,
  to: Uint32Array,
  y: number,
  { bits, columns, values }: Squares<Uint32Array>,
): void {
  const start = (y >> bits) * columns;
  for (let x = 0; x < to.length; x++) {
    const factors = values[start + (x >> bits)] as number;
    const pixel = from[x] as number;
    const green = pixel >>> 8;
    const red = ((pixel >>> 16) + share(factors, green)) & 0xff;
    const blue = (pixel + share(factors >>> 8, green) + share(factors >>> 16, red)) & 0xff;
    to[x] = (pixel & 0xff00ff00) | (red << 16) | blue;
  }
}

/** The product of the lowest bytes, as signed numbers; the factor is in 32nds. */
function share(factor: number, value: number): number {
  return (((factor << 24) >> 24) * ((value << 24) >> 24)) >> 5;
}
