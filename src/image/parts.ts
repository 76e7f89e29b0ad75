/** What of a file the decoder is given: parts to be joined, without a copy of them. */
import type { ByteRange, IcoHeader, ImageHeader } from './header.ts';

/** Side of the largest bitmap that an icon's directory has numbers for; in one byte, 256 is written as 0. */
export const MAX_ICON_SIDE_PIXELS = 256;

const DIRECTORY_BYTES = 6;
const ENTRY_BYTES = 16;

export function partsToDecode(bytes: Uint8Array, header: ImageHeader): Uint8Array[] {
  switch (header.format) {
    case 'png':
      return without(bytes, header.profiles);
    case 'ico':
      return iconParts(bytes, header);
    default:
      return [bytes];
  }
}

/** See `PngHeader.profiles`. */
function without(bytes: Uint8Array, ranges: readonly ByteRange[]): Uint8Array[] {
  const starts = [0, ...ranges.map(({ end }) => end)];
  const ends = [...ranges.map(({ start }) => start), bytes.byteLength];
  return starts.map((start, i) => bytes.subarray(start, ends[i]));
}

/**
 * The one picture of an icon whose header was read: photon would choose by the directory, which may lie.
 *
 * A PNG in an icon is a file by itself. A bitmap gets a directory of its own that says what it is.
 */
function iconParts(bytes: Uint8Array, { entry, png, width, height }: IcoHeader): Uint8Array[] {
  const picture = bytes.subarray(entry.start, entry.end);
  if (png !== undefined) return partsToDecode(picture, png);
  const directory = new Uint8Array(DIRECTORY_BYTES + ENTRY_BYTES);
  const view = new DataView(directory.buffer);
  view.setUint16(2, 1, true);
  view.setUint16(4, 1, true);
  directory[DIRECTORY_BYTES] = width % MAX_ICON_SIDE_PIXELS;
  directory[DIRECTORY_BYTES + 1] = height % MAX_ICON_SIDE_PIXELS;
  view.setUint32(DIRECTORY_BYTES + 8, picture.byteLength, true);
  view.setUint32(DIRECTORY_BYTES + 12, directory.byteLength, true);
  return [directory, picture];
}
