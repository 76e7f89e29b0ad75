/**
 * Converts the network's input from another RGB space to sRGB: 50,176 pixels, however large the picture is.
 *
 * Resampling comes before, on the stored values, as for sRGB itself.
 */
import type { Curve, RgbSpace } from './profile.ts';

/** Linear sRGB from XYZ relative to D50: the inverse of IEC 61966-2-1's matrix, adapted by Bradford. */
const TO_SRGB = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

const STEPS = 1024;
/** A space counts as sRGB if no colour differs by more, of 255. */
const SAME_LEVELS = 2;
/** Steps of each component for that comparison. */
const SAMPLES = [0, 0.25, 0.5, 0.75, 1];

type Row = readonly [number, number, number];
type Matrix = readonly Row[];

/**
 * @param input NCHW [1, 3, side, side] in [−1, 1], in `space`.
 * @returns the same in sRGB, with colours outside it clipped. The same array if the space is sRGB.
 */
export function toSrgb(input: Float32Array, space: RgbSpace): Float32Array {
  const matrix = matrixOf(space);
  const curves = space.curves.map(table);
  if (isSrgb(matrix, curves)) return input;
  const encode = table(encoded);
  const converted = new Float32Array(input.length);
  const plane = input.length / 3;
  const linear = [0, 0, 0];
  for (let i = 0; i < plane; i++) {
    // Within bounds: three planes, three curves, three rows.
    for (let channel = 0; channel < 3; channel++) {
      linear[channel] = at(curves[channel] as Float32Array, ((input[i + channel * plane] as number) + 1) / 2);
    }
    for (let channel = 0; channel < 3; channel++) {
      converted[i + channel * plane] = at(encode, dot(matrix[channel] as Row, linear)) * 2 - 1;
    }
  }
  return converted;
}

function isSrgb(matrix: Matrix, curves: readonly Float32Array[]): boolean {
  return SAMPLES.every((red) =>
    SAMPLES.every((green) =>
      SAMPLES.every((blue) => {
        const stored = [red, green, blue];
        const linear = curves.map((curve, channel) => at(curve, stored[channel] ?? 0));
        return matrix.every(
          (row, channel) =>
            Math.abs(encoded(clamped(dot(row, linear))) - (stored[channel] ?? 0)) * 255 <= SAME_LEVELS,
        );
      }),
    ),
  );
}

/** Linear sRGB from linear light in the space. */
function matrixOf({ columns }: RgbSpace): Matrix {
  const [red, green, blue] = columns;
  return TO_SRGB.map((row) => [dot(row, red), dot(row, green), dot(row, blue)] as const);
}

function dot(row: Row, column: readonly number[]): number {
  return row[0] * (column[0] ?? 0) + row[1] * (column[1] ?? 0) + row[2] * (column[2] ?? 0);
}

/** The inverse of sRGB's curve. */
function encoded(linear: number): number {
  return linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
}

function table(curve: Curve): Float32Array {
  return Float32Array.from({ length: STEPS + 1 }, (_, i) => curve(i / STEPS));
}

/** Interpolates between two entries of a table. */
function at(values: Float32Array, value: number): number {
  const place = clamped(value) * STEPS;
  const below = Math.min(STEPS - 1, Math.floor(place));
  const from = values[below] as number;
  return from + ((values[below + 1] as number) - from) * (place - below);
}

/** 0 for NaN. */
function clamped(value: number): number {
  return value > 0 ? Math.min(1, value) : 0;
}
