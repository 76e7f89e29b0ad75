/** Shrinks pictures before they are sent: the network looks at 224×224 pixels. */
import sharp from 'sharp';
import type { ImageFacts } from '../../client/answers.ts';

/**
 * Short side, in pixels. `bench/shrink.ts` measures the loss. The service resizes it to 256, and twice that size leaves
 * the result nearly unchanged.
 */
const SHORT_SIDE = 512;
const QUALITY = 90;

/** libvips' names of formats, and ours. Its HEIF is AVIF only, because it has no HEVC decoder. */
const FORMATS: ReadonlyMap<string, ImageFacts['format']> = new Map([
  ['jpeg', 'jpeg'],
  ['png', 'png'],
  ['webp', 'webp'],
  ['gif', 'gif'],
  ['tiff', 'tiff'],
  ['heif', 'avif'],
]);

export interface Shrunk {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The original file, if it was shrunk. */
  readonly was?: Pick<ImageFacts, 'format' | 'width' | 'height' | 'orientation'>;
}

/** @returns the file unchanged if it is small, or of a kind that sharp does not read. */
export async function shrunk(bytes: Uint8Array<ArrayBuffer>, shortSide = SHORT_SIDE): Promise<Shrunk> {
  try {
    // A damaged file is sent unchanged: the service says what is wrong with it.
    const picture = sharp(bytes, { failOn: 'warning' });
    const { autoOrient, orientation = 1, hasAlpha, format: name } = await picture.metadata();
    const { width, height } = autoOrient;
    const format = FORMATS.get(name);
    if (format === undefined || Math.min(width, height) <= shortSide) return { bytes };
    const small = picture
      .autoOrient()
      .resize({ width: shortSide, height: shortSide, fit: 'outside' })
      // As the service does with transparent pixels.
      .flatten(hasAlpha ? { background: 'white' } : false)
      .keepIccProfile()
      .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' });
    const sent = Uint8Array.from(await small.toBuffer());
    if (sent.length >= bytes.length) return { bytes };
    // An EXIF orientation has these values and no others.
    return {
      bytes: sent,
      was: { format, width, height, orientation: orientation as ImageFacts['orientation'] },
    };
  } catch {
    return { bytes };
  }
}
