/** The part of a TIFF that its decoder gets: everything of one directory that makes the picture, and nothing else. */
import type { TiffHeader } from '../header.ts';
import { type Directory, readDirectory, type TiffBlock, tiffBlock } from '../headers/ifd.ts';
import { CODING_TAGS, OLD_JPEG_TAGS, PLACE_TAGS, TAG } from '../headers/tiff-tags.ts';

const KEPT = new Set<number>([...CODING_TAGS, ...PLACE_TAGS, ...OLD_JPEG_TAGS]);

const SHORT = 3;
/** ExtraSamples: unspecified. */
const UNSPECIFIED = 0;

/**
 * The file with another directory appended, in place of its own: other pages, profiles and damage outside the picture
 * are out of reach.
 *
 * @returns parts to be joined, without a copy of the picture. The file unchanged if its directory cannot be read.
 */
export function tiffParts(bytes: Uint8Array, header: TiffHeader): Uint8Array[] {
  const block = tiffBlock(bytes);
  const directory = block && readDirectory(block, block.firstDirectory, KEPT);
  if (block === undefined || directory === undefined) return [bytes];
  const { headerBytes, offsetBytes } = block.layout;
  const head = bytes.slice(0, headerBytes);
  // On a word boundary (TIFF 6.0 §2).
  const padding = new Uint8Array(bytes.length % 2);
  writeNumber(
    head,
    headerBytes - offsetBytes,
    offsetBytes,
    bytes.length + padding.length,
    block.littleEndian,
  );
  return [head, bytes.subarray(headerBytes), padding, keptDirectory(bytes, block, directory, header)];
}

function keptDirectory(
  bytes: Uint8Array,
  block: TiffBlock,
  { fields, entries, count }: Directory,
  header: TiffHeader,
): Uint8Array {
  const { entryBytes, countBytes, offsetBytes } = block.layout;
  const kept = new Map<number, Uint8Array>();
  for (let i = 0, at = entries; i < count; i++, at += entryBytes) {
    const tag = block.view.getUint16(at, block.littleEndian);
    // The first of each tag, without damaged ones.
    if (fields.has(tag) && !kept.has(tag)) kept.set(tag, bytes.subarray(at, at + entryBytes));
  }
  const extra = header.extraSamples.length;
  // Decoders take a fourth component for alpha if nothing is said of it.
  if (extra > 0 && extra <= offsetBytes / 2 && !kept.has(TAG.extraSamples)) {
    kept.set(TAG.extraSamples, unspecified(extra, block));
  }
  const ordered = [...kept].sort(([one], [other]) => one - other);
  const directory = new Uint8Array(countBytes + ordered.length * entryBytes + offsetBytes);
  writeNumber(directory, 0, countBytes, ordered.length, block.littleEndian);
  for (const [i, [, entry]] of ordered.entries()) directory.set(entry, countBytes + i * entryBytes);
  return directory;
}

function unspecified(count: number, { layout, littleEndian }: TiffBlock): Uint8Array {
  const entry = new Uint8Array(layout.entryBytes);
  writeNumber(entry, 0, 2, TAG.extraSamples, littleEndian);
  writeNumber(entry, 2, 2, SHORT, littleEndian);
  writeNumber(entry, 4, layout.offsetBytes, count, littleEndian);
  entry.fill(UNSPECIFIED, 4 + layout.offsetBytes);
  return entry;
}

/** An integer of 2, 4 or 8 bytes. */
function writeNumber(to: Uint8Array, at: number, bytes: number, value: number, littleEndian: boolean): void {
  for (let i = 0, rest = value; i < bytes; i++, rest = Math.floor(rest / 256)) {
    to[at + (littleEndian ? i : bytes - 1 - i)] = rest % 256;
  }
}
