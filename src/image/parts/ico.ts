import type { IcoHeader } from '../header.ts';

/** Side of the largest bitmap that an icon's directory has numbers for; in one byte, 256 is written as 0. */
export const MAX_ICON_SIDE_PIXELS = 256;

const DIRECTORY_BYTES = 6;
const ENTRY_BYTES = 16;

/**
 * The one picture of an icon whose header was read: photon would choose by the directory, which may lie.
 *
 * It gets a directory of its own that says what it is.
 */
export function icoParts(bytes: Uint8Array, { entry, width, height }: IcoHeader): Uint8Array[] {
  const picture = bytes.subarray(entry.start, entry.end);
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
