/** The colour space of an item, from its `colr` boxes (ISO/IEC 14496-12 §12.1.5, ISO/IEC 23008-12 §6.5.5). */
import { weightsOf } from '../colour/matrix.ts';
import type { ColourNumbers, ColourSpace, HeifHeader } from '../header.ts';
import { type Box, readerOf } from './boxes.ts';
import { fourCC } from './bytes.ts';
import type { Coding } from './heif-properties.ts';

const COLR = fourCC('colr');
const ICC_TYPES = ['prof', 'rICC'].map(fourCC);
const NCLX = fourCC('nclx');
/** ITU-T H.273: the primaries of Display P3, and the transfer curves of ordinary pictures, including unspecified. */
const P3_PRIMARIES = 12;
const ORDINARY_CURVES = [1, 2, 6, 13];
/** The matrix of YCgCo. */
const YCGCO = 8;

/**
 * @param numbers those that apply to the picture, wherever they were found.
 * @returns a profile if there are both.
 */
export function spaceOf(
  bytes: Uint8Array,
  properties: readonly Box[],
  numbers: ColourNumbers | undefined,
): ColourSpace | undefined {
  for (const { type, start, end } of colourBoxes(bytes, properties)) {
    if (ICC_TYPES.includes(type)) return { icc: { start, end }, deflated: false };
  }
  const isP3 = numbers?.primaries === P3_PRIMARIES && ORDINARY_CURVES.includes(numbers.transfer);
  return isP3 ? 'display-p3' : undefined;
}

/** The item's own numbers, which override those in the coded data. */
export function numbersOf(bytes: Uint8Array, properties: readonly Box[]): ColourNumbers | undefined {
  const box = colourBoxes(bytes, properties).find(({ type }) => type === NCLX);
  if (box === undefined) return undefined;
  const reader = readerOf(bytes, box);
  const [primaries, transfer, matrix] = [reader.uint(2), reader.uint(2), reader.uint(2)];
  const fullRange = (reader.uint(1) & 0x80) !== 0;
  return reader.overran() ? undefined : { primaries, transfer, matrix, fullRange };
}

/** @returns colours that no decoder here converts to RGB, as text to follow "An AVIF"; undefined if one does. */
export function unreadMatrix(
  format: HeifHeader['format'],
  numbers: ColourNumbers | undefined,
  coding: Coding,
): string | undefined {
  if (numbers === undefined || coding.grey) return undefined;
  const { matrix } = numbers;
  if (weightsOf(numbers) === undefined) return `in colours of matrix ${matrix} of ITU-T H.273`;
  // magick misreads them.
  if (matrix === YCGCO && (format === 'heic' || coding.bitDepth > 8))
    return coding.bitDepth > 8 ? 'of more than 8 bits in YCgCo' : 'in YCgCo';
  const isRgb = matrix === 0;
  return isRgb && coding.samplesPerPixel !== 3
    ? 'of red, green and blue that has not all samples of each'
    : undefined;
}

/** Boxes by the type of their content, which comes first in them. */
function colourBoxes(bytes: Uint8Array, properties: readonly Box[]): readonly Box[] {
  return properties.flatMap((box) => {
    if (box.type !== COLR) return [];
    const reader = readerOf(bytes, box);
    const type = reader.uint(4);
    return reader.overran() ? [] : [{ type, start: reader.at(), end: box.end }];
  });
}
