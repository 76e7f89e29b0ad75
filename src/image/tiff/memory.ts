/** Bytes that the reader of rows holds, computed from the header: the account's side of `decode.ts`. */
import type { TiffHeader } from '../header.ts';
import { COLOURS } from '../headers/tiff-tags.ts';
import { windowBytes } from '../inflate/window.ts';
import { type Shrink, shrunkSize } from '../shrink.ts';

/** Tables of LZW and of Lab, a palette of 16 bits while it is read, and small objects. */
const FIXED_BYTES = 2 ** 20;
/** An object for each row that is kept. */
const KEPT_ROW_BYTES = 128;

/** For fax, positions of colour changes for the pixels of two rows. */
const CHANGE_BYTES = 4;

/** @param fileBytes size of the whole file, which is not counted itself. */
export function tiffBytes(header: TiffHeader, by: Shrink, fileBytes: number): number {
  const { segment, components, planar, photometric, lowestBitFirst } = header;
  const channels = photometric === 'grey' ? 1 : 3;
  const out = shrunkSize(header, by);
  const canvas = channels * (out.width * out.height + (by === 1 ? 0 : 4 * out.width));
  const rowBytes = storedBytes(header) / segment.height;
  // Decompressed, unpredicted, as numbers of up to two bytes, and as colours.
  const rows = windowBytes(2 * rowBytes) + segment.width * (2 * components + channels);
  const planes = planar && header.compression !== 'none' ? storedBytes(header) : 0;
  const keptRows = planar ? segment.height * components * KEPT_ROW_BYTES : 0;
  const changes = header.compression.startsWith('ccitt') ? 2 * CHANGE_BYTES * segment.width : 0;
  return FIXED_BYTES + canvas + changes + rows + planes + keptRows + (lowestBitFirst ? fileBytes : 0);
}

/** A decompressed segment: if planes are stored separately, those that are needed, together. */
function storedBytes({ segment, bitsPerSample, planar, photometric, extraSamples }: TiffHeader): number {
  const colours = COLOURS[photometric];
  const bits = bitsPerSample.reduce((sum, depth, i) => {
    const isNeeded = !planar || i < colours || extraSamples[i - colours] !== 'unspecified';
    return sum + (isNeeded ? depth : 0);
  }, 0);
  // Subsampled units have up to two samples more, if they are larger than the picture.
  return (Math.ceil((segment.width * bits) / 8) + 8) * segment.height;
}
