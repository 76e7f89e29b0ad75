/** Smaller JPEGs inside a JPEG: the thumbnail of EXIF and the large ones of MPF. */
import type { ByteRange, Preview, Size } from '../header.ts';
import { startsWith } from './bytes.ts';
import { frameOf } from './jpeg-frame.ts';

/** SOI and the first byte of the marker that must follow it (ISO/IEC 10918-1 B.2.1). */
export const JPEG_SIGNATURE = [0xff, 0xd8, 0xff];

/**
 * How far into a preview to look for its frame header: past a profile and EXIF of its own. It bounds the work if many
 * previews are said to be at one position.
 */
const SEARCHED_BYTES = 256 * 1024;

/**
 * The stated ranges that contain a JPEG smaller than the picture, smallest first. The size is that of its own frame
 * header.
 */
export function previewsAt(bytes: Uint8Array, places: readonly ByteRange[], picture: Size): Preview[] {
  const previews: Preview[] = [];
  for (const data of places) {
    if (previews.some((one) => one.data.start === data.start)) continue;
    const size = sizeAt(bytes, data);
    if (size !== undefined && area(size) < area(picture)) {
      previews.push({ width: size.width, height: size.height, data });
    }
  }
  return previews.sort((one, other) => area(one) - area(other));
}

function sizeAt(bytes: Uint8Array, { start, end }: ByteRange): Size | undefined {
  if (end > bytes.length) return undefined;
  const searched = bytes.subarray(start, Math.min(end, start + SEARCHED_BYTES));
  if (!startsWith(searched, JPEG_SIGNATURE)) return undefined;
  const frame = frameOf(searched);
  return typeof frame === 'string' ? undefined : frame;
}

function area({ width, height }: Size): number {
  return width * height;
}
