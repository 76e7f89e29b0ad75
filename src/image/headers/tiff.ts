/**
 * The first picture of a TIFF file (TIFF 6.0). Further directories are other pages, or smaller copies, and
 * are not read.
 */
import { broken, type Sniffed, type TiffHeader, unsupported } from '../header.ts';
import { ORIENTATION, orientationOf } from './exif.ts';
import { type Directory, hasTiffHeader, numberAt, readDirectory, type TiffBlock, tiffBlock } from './ifd.ts';

/** BigTIFF has 43 where TIFF has 42, and eight-byte positions. */
const BIG_TIFF = 43;

/** Tags, TIFF 6.0 §8 and, for tiles, §15. */
const TAG = {
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  planarConfiguration: 284,
  tileWidth: 322,
  tileLength: 323,
  sampleFormat: 339,
} as const;
/** ICC.1:2022 annex B.3. Read on its own: one that is damaged is no reason to refuse the picture. */
const PROFILE = 34675;
const PROFILE_TAGS = new Set([PROFILE]);
const TAGS = new Set<number>([...Object.values(TAG), ORIENTATION]);

/** CMYK and an alpha channel; more are separations that no picture for the eye has. */
const MAX_SAMPLES = 5;

const COMPRESSIONS: Readonly<Record<number, TiffHeader['compression']>> = {
  1: 'none',
  2: 'ccitt',
  3: 'ccitt',
  4: 'ccitt',
  5: 'lzw',
  6: 'jpeg',
  7: 'jpeg',
  8: 'deflate',
  32773: 'packbits',
  32946: 'deflate',
};

const PHOTOMETRICS: Readonly<Record<number, TiffHeader['photometric']>> = {
  0: 'grey',
  1: 'grey',
  2: 'rgb',
  3: 'palette',
  5: 'cmyk',
  6: 'ycbcr',
  8: 'lab',
};

const SAMPLE_FORMATS: Readonly<Record<number, TiffHeader['sampleFormat']>> = {
  1: 'unsigned',
  2: 'signed',
  3: 'float',
};

export function isTiff(bytes: Uint8Array): boolean {
  return hasTiffHeader(bytes) || hasTiffHeader(bytes, BIG_TIFF);
}

export function readTiffHeader(bytes: Uint8Array): Sniffed {
  const block = tiffBlock(bytes);
  if (block === undefined) return unsupported('A BigTIFF');
  const directory = readDirectory(block, block.firstDirectory, TAGS);
  if (directory === undefined) return broken('tiff', 'the first directory of the TIFF cannot be read');
  const value = (tag: number, byDefault = 0) => numberAt(block, directory.fields.get(tag)) ?? byDefault;

  const width = value(TAG.width);
  const height = value(TAG.height);
  const components = value(TAG.samplesPerPixel, 1);
  if (width === 0 || height === 0) return broken('tiff', 'the TIFF is 0 pixels wide or high');
  if (components < 1 || components > MAX_SAMPLES) {
    return broken('tiff', `the TIFF has ${components} components a pixel`);
  }
  const bitDepth = bitsPerSample(block, directory, components);
  if (bitDepth === undefined)
    return broken('tiff', 'the TIFF has components of different or impossible depths');
  const segment = segmentOf(value, width, height);
  if (segment === undefined) return broken('tiff', 'the TIFF has tiles or strips without pixels');

  const profile = readDirectory(block, block.firstDirectory, PROFILE_TAGS)?.fields.get(PROFILE);
  const header: TiffHeader = {
    format: 'tiff',
    width,
    height,
    components,
    bitDepth,
    progressive: false,
    animated: false,
    orientation: orientationOf(block, directory),
    compression: COMPRESSIONS[value(TAG.compression, 1)] ?? 'other',
    photometric: PHOTOMETRICS[value(TAG.photometric, -1)] ?? 'other',
    sampleFormat: SAMPLE_FORMATS[value(TAG.sampleFormat, 1)] ?? 'other',
    planar: value(TAG.planarConfiguration, 1) === 2,
    segment,
    ...(profile && {
      space: { icc: { start: profile.at, end: profile.at + profile.count }, deflated: false },
    }),
  };
  return { kind: 'picture', header };
}

/** One number a component (§8), the same for all; 1 where the field is missing. */
function bitsPerSample(block: TiffBlock, { fields }: Directory, components: number): number | undefined {
  const field = fields.get(TAG.bitsPerSample);
  if (field === undefined) return 1;
  const bits = numberAt(block, field) ?? 0;
  // Some writers give one number for all.
  for (let i = 1; i < Math.min(components, field.count); i++) {
    if (numberAt(block, field, i) !== bits) return undefined;
  }
  return bits >= 1 && bits <= 64 ? bits : undefined;
}

/** Tiles where there is a tile size (§15), else strips; one strip unless the file says otherwise. */
function segmentOf(
  value: (tag: number, byDefault?: number) => number,
  width: number,
  height: number,
): TiffHeader['segment'] | undefined {
  const [tileWidth, tileLength] = [value(TAG.tileWidth, -1), value(TAG.tileLength, -1)];
  if (tileWidth === 0 || tileLength === 0) return undefined;
  if (tileWidth > 0 && tileLength > 0) return { kind: 'tile', width: tileWidth, height: tileLength };
  const rows = Math.min(height, value(TAG.rowsPerStrip, height));
  return rows === 0 ? undefined : { kind: 'strip', width, height: rows };
}
