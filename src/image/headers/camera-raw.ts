/**
 * Distinguishes camera raw files from pictures: DNG and most cameras' own raw files have a TIFF header, and their first
 * directory is usually a small copy of the picture.
 */
import { lettersOf, startsWith } from './bytes.ts';
import { type Directory, numberAt, readDirectory, type TiffBlock } from './ifd.ts';
import { RAW_COMPRESSIONS, RAW_PHOTOMETRICS, TAG } from './tiff-tags.ts';

const TAGS = new Set<number>([TAG.compression, TAG.photometric]);
/** Bit of NewSubfileType (TIFF 6.0 p. 36): a smaller copy of another picture in the file. */
const REDUCED = 1;
/** Cameras write up to four. */
const MAX_SUB_DIRECTORIES = 8;
/** Canon's, after the header. */
const CR2 = lettersOf('CR\x02');
const CR2_AT = 8;

export function isCameraRaw(block: TiffBlock, directory: Directory): boolean {
  const { view } = block;
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (directory.fields.has(TAG.dngVersion) || startsWith(bytes, CR2, CR2_AT)) return true;
  if (holdsRaw(block, directory)) return true;
  // Pyramids have smaller copies below their first directory, which itself is not one.
  if (((numberAt(block, directory.fields.get(TAG.subfileType)) ?? 0) & REDUCED) === 0) return false;
  const below = directory.fields.get(TAG.subDirectories);
  for (let i = 0; i < Math.min(below?.count ?? 0, MAX_SUB_DIRECTORIES); i++) {
    const sub = readDirectory(block, numberAt(block, below, i) ?? 0, TAGS);
    if (sub !== undefined && holdsRaw(block, sub)) return true;
  }
  return false;
}

function holdsRaw(block: TiffBlock, { fields }: Directory): boolean {
  return (
    RAW_PHOTOMETRICS.has(numberAt(block, fields.get(TAG.photometric)) ?? -1) ||
    RAW_COMPRESSIONS.has(numberAt(block, fields.get(TAG.compression)) ?? -1)
  );
}
