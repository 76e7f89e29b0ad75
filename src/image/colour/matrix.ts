/** From the samples of a picture to red, green and blue, by the matrix coefficients of ITU-T H.273 §8.3. */
import type { ColourNumbers } from '../header.ts';

/**
 * How the three samples of a pixel are read: with weights of red and blue in the luma, as red, green and blue
 * themselves, as YCgCo, or as luma alone.
 */
export type Weights = readonly [kr: number, kb: number] | 'identity' | 'ycgco' | 'grey';

/** Unspecified: read as BT.601, as other decoders do. */
const BT_601 = [0.299, 0.114] as const;
const BT_709 = [0.2126, 0.0722] as const;
const BT_2020 = [0.2627, 0.0593] as const;

/**
 * By `matrix_coefficients`. Missing are 3, which is reserved; 10, 13 and 14, which are not linear; 11; and 15 and
 * above, of which 16 and 17 have an extra bit in their differences.
 */
const WEIGHTS: Readonly<Record<number, Weights>> = {
  0: 'identity',
  1: BT_709,
  2: BT_601,
  4: [0.3, 0.11],
  5: BT_601,
  6: BT_601,
  7: [0.212, 0.087],
  8: 'ycgco',
  9: BT_2020,
};

/** For matrix 12, which is derived from the primaries: equations 39 to 44. */
const DERIVED = 12;
const BY_PRIMARIES: Readonly<Record<number, Weights>> = {
  1: BT_709,
  4: [0.299, 0.1146],
  5: [0.222, 0.0713],
  6: [0.2124, 0.0866],
  7: [0.2124, 0.0866],
  9: BT_2020,
  11: [0.2095, 0.0689],
  12: [0.229, 0.0793],
  22: [0.2318, 0.096],
};

/** @returns undefined for a matrix that is not read. */
export function weightsOf({
  matrix,
  primaries,
}: Omit<ColourNumbers, 'fullRange' | 'transfer'>): Weights | undefined {
  return matrix === DERIVED ? BY_PRIMARIES[primaries] : WEIGHTS[matrix];
}

/** A row of the matrix: the weights of the three samples, and an offset, in 0…255. */
type Row = readonly [first: number, second: number, third: number, added: number];

export interface Conversion {
  /** For red, green and blue. */
  readonly rows: readonly [Row, Row, Row];
  /** The samples of white, and of black. */
  readonly white: readonly [number, number, number];
  readonly black: readonly [number, number, number];
  /** Every sample is luma. */
  readonly isGrey?: true;
}

/** For samples that are red, green and blue in full range. */
export const AS_IT_IS: Conversion = {
  rows: [
    [1, 0, 0, 0],
    [0, 1, 0, 0],
    [0, 0, 1, 0],
  ],
  white: [255, 255, 255],
  black: [0, 0, 0],
};

/** Samples of 8 bits: luma from 16 to 235 in limited range, and differences to 240 (§8.3). */
export function conversionFor(weights: Weights, fullRange: boolean): Conversion {
  const [zero, full] = fullRange ? [0, 255] : [16, 235];
  const scale = 255 / (full - zero);
  const added = -zero * scale;
  if (weights === 'grey') {
    const row = [scale, 0, 0, added] as const;
    return { rows: [row, row, row], white: [full, full, full], black: [zero, zero, zero], isGrey: true };
  }
  if (weights === 'identity') {
    return {
      // Green comes first, then blue.
      rows: [
        [0, 0, scale, added],
        [scale, 0, 0, added],
        [0, scale, 0, added],
      ],
      white: [full, full, full],
      black: [zero, zero, zero],
    };
  }
  const differenceScale = fullRange ? 1 : 255 / 224;
  const row = (second: number, third: number): Row => {
    const [u, v] = [second * differenceScale, third * differenceScale];
    return [scale, u, v, added - 128 * (u + v)];
  };
  return {
    rows: weights === 'ycgco' ? [row(-1, 1), row(1, 0), row(-1, -1)] : byWeights(weights, row),
    white: [full, 128, 128],
    black: [zero, 128, 128],
  };
}

function byWeights(
  [kr, kb]: readonly [number, number],
  row: (second: number, third: number) => Row,
): Conversion['rows'] {
  const kg = 1 - kr - kb;
  const [red, blue] = [2 * (1 - kr), 2 * (1 - kb)];
  return [row(0, red), row((-kb * blue) / kg, (-kr * red) / kg), row(blue, 0)];
}
