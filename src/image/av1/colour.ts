/**
 * From planes of luma and colour difference to RGB (ITU-T H.273 §8.3), made smaller on the way.
 *
 * The mean of a square is taken of the samples as they are coded: the equations are linear, so it is that of
 * the RGB but for what would be clamped.
 */
import type { Pixels } from '../pixels.ts';
import type { Planes } from './dav1d.ts';

/** Kr and Kb by `matrix_coefficients`; unspecified and all others as BT.601, which readers take for them. */
const BT_601 = [0.299, 0.114] as const;
const WEIGHTS: Readonly<Record<number, readonly [kr: number, kb: number]>> = {
  1: [0.2126, 0.0722],
  4: [0.3, 0.11],
  7: [0.212, 0.087],
  9: [0.2627, 0.0593],
  10: [0.2627, 0.0593],
};

const RGB = 3;

type Colours = Omit<Planes, 'takenBytes'>;

/** @param shrink 1, 2, 4 or 8: by how much width and height are made smaller. */
export function rgbOf(picture: Colours, shrink: number): Pixels {
  // Whole squares only: what is left at the right and the bottom is less than one.
  const width = Math.floor(picture.width / shrink);
  const height = Math.floor(picture.height / shrink);
  const data = new Uint8Array(width * height * RGB);
  const [luma, blues, reds] = [new Float32Array(width), new Float32Array(width), new Float32Array(width)];
  const [kr, kb] = WEIGHTS[picture.matrix] ?? BT_601;
  const kg = 1 - kr - kb;
  for (let y = 0, to = 0; y < height; y++) {
    meansOf(picture, 0, shrink, y, luma);
    meansOf(picture, 1, shrink, y, blues);
    meansOf(picture, 2, shrink, y, reds);
    for (let x = 0; x < width; x++, to += RGB) {
      // Within bounds: the rows are `width` long.
      const light = luma[x] as number;
      const red = 2 * (1 - kr) * (reds[x] as number);
      const blue = 2 * (1 - kb) * (blues[x] as number);
      data[to] = clamped(light + red);
      data[to + 1] = clamped(light - (kr * red + kb * blue) / kg);
      data[to + 2] = clamped(light + blue);
    }
  }
  const extent = { width: picture.width / shrink, height: picture.height / shrink };
  return { data, width, height, extent, layout: { bytesPerPixel: RGB, grey: false } };
}

/** Adding a half, the conversion to a byte rounds. */
function clamped(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5;
}

/** One row of one plane's means: luma in 0…255, colour differences around 0. */
function meansOf(picture: Colours, plane: 0 | 1 | 2, shrink: number, y: number, row: Float32Array): void {
  const samples = picture.planes[plane];
  const stride = picture.strides[plane];
  const isDifference = plane > 0;
  const sampling = isDifference ? 2 : 1;
  const side = Math.max(1, shrink / sampling);
  const top = Math.floor((y * shrink) / sampling);
  const zero = isDifference ? 128 : picture.fullRange ? 0 : 16;
  const most = picture.fullRange ? 255 : isDifference ? 224 : 219;
  const scale = 255 / (most * side * side);
  const offset = (zero * 255) / most;
  for (let x = 0; x < row.length; x++) {
    const left = Math.floor((x * shrink) / sampling);
    let sum = 0;
    for (let i = 0; i < side; i++) {
      const at = (top + i) * stride + left;
      for (let j = 0; j < side; j++) sum += samples[at + j] as number;
    }
    row[x] = sum * scale - offset;
  }
}
