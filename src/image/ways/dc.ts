/** The DC coefficients of a progressive JPEG, which give the picture at an eighth of its size. */
import { RESIZED_SHORT_SIDE } from '../resample/taps.ts';
import { MAX_PIXELS, pixelsBesideFile } from './account.ts';
import { SCALED_SHORT_SIDE, shortSide } from './scale.ts';
import { unitsOf } from './time.ts';
import type { WayRow } from './way.ts';

const SHRINK = 8;
const RGB = 3;
const BYTES_A_COEFFICIENT = 2;

export const dcWay: WayRow = {
  decoder: 'dc',
  reads: (header) =>
    header.format === 'jpeg' &&
    header.process === 'progressive' &&
    header.entropyCoding === 'huffman' &&
    header.bitDepth === 8 &&
    header.components !== 4 &&
    shortSide(header) / SHRINK >= RESIZED_SHORT_SIDE &&
    header.scans?.isEnded === true,
  shrink: () => SHRINK,
  holds(header, shrink, fileBytes) {
    if (header.format !== 'jpeg') return 0;
    const samples = header.storedSamples / (header.width * header.height);
    const perPixel = (BYTES_A_COEFFICIENT * samples + RGB) / shrink ** 2;
    return Math.min(MAX_PIXELS, pixelsBesideFile(fileBytes, perPixel));
  },
  units: (header, _, fileBytes) =>
    unitsOf({ picture: 0.1, megapixel: 0.12, megabyte: 0.3 }, header, fileBytes),
  isCoarse: (header) => shortSide(header) / SHRINK < SCALED_SHORT_SIDE,
};
