/** One picture of each kind with its own cost, as `GET /v1/limits` lists them. */
import type { ImageHeader } from '../header.ts';

/** A JPEG of this size is decoded at an eighth: larger ones cost the same per pixel. */
const LARGE = {
  width: 4000,
  height: 3000,
  components: 3,
  bitDepth: 8,
  progressive: false,
  animated: false,
  orientation: 1,
} as const;
const PIXELS = LARGE.width * LARGE.height;
const JPEG = {
  ...LARGE,
  format: 'jpeg',
  entropyCoding: 'huffman',
  process: 'sequential',
  previews: [],
} as const;
const PROGRESSIVE = {
  ...JPEG,
  process: 'progressive',
  progressive: true,
  scans: { count: 10, segments: 30, isEnded: true, isComplete: true },
} as const;
const PNG = { ...LARGE, format: 'png', colour: 'rgb', transparency: false, dataBytes: 0 } as const;
const WEBP = { ...LARGE, format: 'webp', compression: 'lossy' } as const;
const WHOLE_FRAME = {
  frame: { ...LARGE, left: 0, top: 0 },
  palette: { start: 13, end: 781 },
  transparent: undefined,
  dataAt: 0,
} as const;
const BITMAP = {
  ...LARGE,
  topDown: false,
  bitCount: 24,
  compression: 'none',
  masks: [0xff_0000, 0xff00, 0xff, 0],
  palette: { start: 0, end: 0 },
  paletteEntryBytes: 4,
  dataAt: 0,
} as const;
const HEIF = {
  ...LARGE,
  itemId: 1,
  samplesPerPixel: 1.5,
  coded: LARGE,
  aperture: { left: 0, top: 0, width: LARGE.width, height: LARGE.height },
  grid: undefined,
  pieceBytes: 2 ** 20,
  codedBytes: 2 ** 20,
  alpha: undefined,
  filmGrain: false,
  numbers: undefined,
  thumbnails: [],
} as const;

const ALPHA = { itemId: 2, pieces: 1, bitDepth: 8, isGrey: true, isPremultiplied: false } as const;

export const EXAMPLES: Readonly<Record<string, ImageHeader>> = {
  jpeg: { ...JPEG, mcu: { width: 16, height: 16 }, storedSamples: 1.5 * PIXELS },
  jpeg_progressive: { ...PROGRESSIVE, storedSamples: 1.5 * PIXELS },
  jpeg_progressive_444: { ...PROGRESSIVE, storedSamples: 3 * PIXELS },
  png: PNG,
  png_alpha: { ...PNG, components: 4, colour: 'rgba' },
  gif: { ...LARGE, ...WHOLE_FRAME, format: 'gif', components: 1 },
  webp: WEBP,
  webp_alpha: { ...WEBP, components: 4 },
  webp_lossless: { ...WEBP, compression: 'lossless' },
  bmp: { ...LARGE, format: 'bmp', compression: 'none', topDown: false, bitmap: BITMAP },
  tiff: {
    ...LARGE,
    format: 'tiff',
    compression: 'deflate',
    photometric: 'rgb',
    whiteIsZero: false,
    bitsPerSample: [8, 8, 8],
    sampleFormat: 'unsigned',
    extraSamples: [],
    planar: false,
    lowestBitFirst: false,
    predictor: 'none',
    subsampling: { width: 1, height: 1 },
    segment: { width: LARGE.width, height: 16, kind: 'strip' },
  },
  avif: { ...HEIF, format: 'avif' },
  avif_444: { ...HEIF, format: 'avif', samplesPerPixel: 3 },
  avif_grey: { ...HEIF, format: 'avif', samplesPerPixel: 1, components: 1 },
  avif_10_bit: { ...HEIF, format: 'avif', bitDepth: 10 },
  avif_444_10_bit: { ...HEIF, format: 'avif', samplesPerPixel: 3, bitDepth: 10 },
  avif_alpha: { ...HEIF, format: 'avif', components: 4, samplesPerPixel: 3, alpha: ALPHA },
  heic: { ...HEIF, format: 'heic' },
};
