/**
 * Transforms stored pixels to the upright orientation.
 *
 * Each of the eight orientations (EXIF 2.32 §4.6.4, TIFF 6.0 p. 36) is a way to read the stored rows: with one or both
 * axes reversed, with the axes exchanged, or both. They are the eight symmetries of the square, so any sequence of
 * rotations and mirrorings is one of them. The full picture is never transformed, only the small input of the network.
 */
import type { Orientation, Size } from './header.ts';

interface Axes {
  /** Whether the upright picture's columns are stored as rows. */
  readonly exchanged: boolean;
  /** Whether the upright picture's columns are stored from the right. */
  readonly fromRight: boolean;
  /** Whether the upright picture's rows are stored from the bottom. */
  readonly fromBottom: boolean;
}

const AXES: Readonly<Record<Orientation, Axes>> = {
  1: { exchanged: false, fromRight: false, fromBottom: false },
  2: { exchanged: false, fromRight: true, fromBottom: false },
  3: { exchanged: false, fromRight: true, fromBottom: true },
  4: { exchanged: false, fromRight: false, fromBottom: true },
  5: { exchanged: true, fromRight: false, fromBottom: false },
  6: { exchanged: true, fromRight: false, fromBottom: true },
  7: { exchanged: true, fromRight: true, fromBottom: true },
  8: { exchanged: true, fromRight: true, fromBottom: false },
};

export function axesOf(orientation: Orientation): Axes {
  return AXES[orientation];
}

/** The size of the upright picture. */
export function uprightSize({ width, height }: Size, orientation: Orientation): Size {
  return AXES[orientation].exchanged ? { width: height, height: width } : { width, height };
}

/**
 * Makes square planes upright.
 *
 * @param planes any number of planes of `side` × `side`, as stored.
 * @returns the same planes upright; the same array if there is nothing to do.
 */
export function turnUpright(planes: Float32Array, side: number, orientation: Orientation): Float32Array {
  if (orientation === 1) return planes;
  const { exchanged, fromRight, fromBottom } = AXES[orientation];
  const columnStep = fromRight ? -1 : 1;
  const rowStep = fromBottom ? -side : side;
  const start = (fromRight ? side - 1 : 0) + (fromBottom ? side * (side - 1) : 0);
  const [acrossStep, downStep] = exchanged ? [rowStep, columnStep] : [columnStep, rowStep];

  const upright = new Float32Array(planes.length);
  for (let plane = 0, to = 0; plane < planes.length; plane += side * side) {
    for (let y = 0; y < side; y++) {
      let from = plane + start + y * downStep;
      for (let x = 0; x < side; x++, to++, from += acrossStep) {
        // Within bounds: start and steps stay inside the plane for x and y below `side`.
        upright[to] = planes[from] as number;
      }
    }
  }
  return upright;
}

const TURNED_LEFT = { 1: 8, 2: 5, 3: 6, 4: 7, 5: 4, 6: 1, 7: 2, 8: 3 } as const;
const MIRRORED = { 1: 2, 2: 1, 3: 4, 4: 3, 5: 6, 6: 5, 7: 8, 8: 7 } as const;

/** The orientation of a picture that, once upright, is rotated a quarter turn anticlockwise. */
export function turnedLeft(orientation: Orientation): Orientation {
  return TURNED_LEFT[orientation];
}

/** The orientation of a picture that, once upright, is mirrored left to right. */
export function mirrored(orientation: Orientation): Orientation {
  return MIRRORED[orientation];
}
