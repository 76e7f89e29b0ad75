/** A JPEG with EXIF that contains a smaller JPEG, as every camera writes. */
import sharp from 'sharp';
import { bytesOf, SOI, segment } from '../image/headers.ts';
import { LONG, SHORT, tiff } from '../pictures/tiff.ts';

/** APP1. */
const EXIF_MARKER = 0xe1;
const [ORIENTATION, THUMBNAIL_AT, THUMBNAIL_BYTES] = [0x0112, 0x0201, 0x0202];

export async function withThumbnail(jpeg: Uint8Array): Promise<Uint8Array> {
  const thumbnail = new Uint8Array(await sharp(jpeg).resize(160, 120).jpeg().toBuffer());
  const primary = [{ tag: ORIENTATION, type: SHORT, values: [1] }];
  const second = (at: number) => [
    { tag: THUMBNAIL_AT, type: LONG, values: [at] },
    { tag: THUMBNAIL_BYTES, type: LONG, values: [thumbnail.length] },
  ];
  const block = tiff('MM', primary, second(tiff('MM', primary, second(0)).length));
  const exif = segment(EXIF_MARKER, [...bytesOf('Exif', 0, 0, block, thumbnail)]);
  return bytesOf(SOI, exif, jpeg.subarray(SOI.length));
}
