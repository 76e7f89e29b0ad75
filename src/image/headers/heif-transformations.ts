/** Clean aperture, rotation and mirroring of an item (ISO/IEC 23008-12 §6.5.9, §6.5.10, §6.5.12). */
import type { Orientation, Region, Size } from '../header.ts';
import { axesOf, mirrored, turnedLeft, uprightSize } from '../orientation.ts';
import { type Box, readerOf } from './boxes.ts';
import { fourCC } from './bytes.ts';

const IROT = fourCC('irot');
const IMIR = fourCC('imir');
const CLAP = fourCC('clap');

export interface Transformed {
  /** The visible part of the coded picture, before it is rotated. */
  readonly aperture: Region;
  readonly orientation: Orientation;
}

export function isTransformation({ type }: Box): boolean {
  return type === CLAP || type === IROT || type === IMIR;
}

/** Applied in the order in which the item names them: a clean aperture may come after a rotation. */
export function transformed(bytes: Uint8Array, coded: Size, properties: readonly Box[]): Transformed {
  let aperture: Region = { left: 0, top: 0, ...coded };
  let orientation: Orientation = 1;
  for (const box of properties) {
    const reader = readerOf(bytes, box);
    if (box.type === CLAP) {
      const cut = cleanAperture(bytes, box, uprightSize(aperture, orientation));
      if (cut !== undefined) aperture = stored(cut, aperture, orientation);
    }
    if (box.type === IROT) {
      // The lowest two bits count quarter turns, anticlockwise.
      for (let quarters = reader.uint(1) & 0x03; quarters > 0; quarters--)
        orientation = turnedLeft(orientation);
    }
    if (box.type === IMIR) {
      // 1 exchanges left and right; 0 exchanges top and bottom, which equals 1 and a half turn.
      orientation = mirrored(orientation);
      if ((reader.uint(1) & 1) === 0) orientation = turnedLeft(turnedLeft(orientation));
    }
  }
  return { aperture, orientation };
}

/**
 * ISO/IEC 14496-12 §12.1.4: width, height and the offset of the centre to the right and down, as fractions. A half
 * pixel is rounded down, as in libheif.
 *
 * @returns undefined if it is invalid: then nothing is cropped.
 */
function cleanAperture(bytes: Uint8Array, box: Box, { width, height }: Size): Region | undefined {
  const reader = readerOf(bytes, box);
  const cut = {
    width: Math.floor(reader.uint(4) / reader.uint(4)),
    height: Math.floor(reader.uint(4) / reader.uint(4)),
  };
  const right = signed(reader.uint(4)) / reader.uint(4);
  const down = signed(reader.uint(4)) / reader.uint(4);
  const left = Math.floor(right + (width - cut.width) / 2);
  const top = Math.floor(down + (height - cut.height) / 2);
  const isInside = left >= 0 && top >= 0 && left + cut.width <= width && top + cut.height <= height;
  return !reader.overran() && cut.width >= 1 && cut.height >= 1 && isInside
    ? { left, top, ...cut }
    : undefined;
}

/** A part of an upright picture, in stored coordinates. */
function stored(part: Region, whole: Region, orientation: Orientation): Region {
  const { exchanged, fromRight, fromBottom } = axesOf(orientation);
  const { left, top, width, height } = exchanged
    ? { left: part.top, top: part.left, width: part.height, height: part.width }
    : part;
  return {
    left: whole.left + (fromRight ? whole.width - left - width : left),
    top: whole.top + (fromBottom ? whole.height - top - height : top),
    width,
    height,
  };
}

function signed(word: number): number {
  return word | 0;
}
