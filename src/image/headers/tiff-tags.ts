/** Tags of TIFF 6.0 and its supplements that are read, and the meaning of their values. */
import type { TiffExtraSample, TiffHeader, TiffPhotometric } from '../header.ts';

export const TAG = {
  subfileType: 254,
  width: 256,
  height: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  orientation: 274,
  samplesPerPixel: 277,
  rowsPerStrip: 278,
  stripByteCounts: 279,
  planarConfiguration: 284,
  t4Options: 292,
  predictor: 317,
  colorMap: 320,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subDirectories: 330,
  inkSet: 332,
  extraSamples: 338,
  sampleFormat: 339,
  yCbCrCoefficients: 529,
  yCbCrSubSampling: 530,
  referenceBlackWhite: 532,
  /** ICC.1:2022 annex B.3. */
  profile: 34675,
  /** DNG 1.7 p. 26: only a DNG has it. */
  dngVersion: 50706,
} as const;

/** How the numbers of a segment are stored, apart from its size and position. */
export const CODING_TAGS = [
  TAG.bitsPerSample,
  TAG.compression,
  TAG.photometric,
  TAG.fillOrder,
  TAG.samplesPerPixel,
  TAG.planarConfiguration,
  TAG.t4Options,
  /** T6Options. */
  293,
  TAG.predictor,
  TAG.colorMap,
  TAG.inkSet,
  TAG.extraSamples,
  TAG.sampleFormat,
  /** JPEGTables. */
  347,
  TAG.yCbCrCoefficients,
  TAG.yCbCrSubSampling,
  /** YCbCrPositioning. */
  531,
  TAG.referenceBlackWhite,
] as const;

/** Position and size of segments. */
export const PLACE_TAGS = [
  TAG.width,
  TAG.height,
  TAG.stripOffsets,
  TAG.rowsPerStrip,
  TAG.stripByteCounts,
  TAG.tileWidth,
  TAG.tileLength,
  TAG.tileOffsets,
  TAG.tileByteCounts,
] as const;

/** JPEG by TIFF 6.0 §22: its process, a whole file, restarts, and tables. */
export const OLD_JPEG_TAGS = [512, 513, 514, 515, 517, 518, 519, 520, 521] as const;

export const COMPRESSIONS: Readonly<Record<number, TiffHeader['compression']>> = {
  1: 'none',
  2: 'ccitt-rle',
  3: 'ccitt-g3',
  4: 'ccitt-g4',
  5: 'lzw',
  6: 'old-jpeg',
  7: 'jpeg',
  8: 'deflate',
  32773: 'packbits',
  32946: 'deflate',
};

/** Compressions that are not read, by the names that programs use. */
export const OTHER_COMPRESSIONS: Readonly<Record<number, string>> = {
  9: 'JBIG',
  10: 'JBIG',
  32766: 'NeXT',
  32771: 'word-aligned CCITT',
  32809: 'ThunderScan',
  32908: 'Pixar film',
  32909: 'Pixar log',
  33003: 'JPEG 2000',
  33004: 'JPEG 2000',
  33005: 'JPEG 2000',
  34661: 'JBIG',
  34676: 'SGI log',
  34677: 'SGI log',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  34933: 'PNG',
  34934: 'JPEG XR',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

/** Compressions of raw data from Sony, Nikon, Kodak and Pentax cameras, and DNG's lossy JPEG. */
export const RAW_COMPRESSIONS: ReadonlySet<number> = new Set([32767, 34713, 34892, 65000, 65535]);

/** 4 is a mask: one bit, white where the picture is. */
export const PHOTOMETRICS: Readonly<Record<number, TiffPhotometric>> = {
  0: 'grey',
  1: 'grey',
  2: 'rgb',
  3: 'palette',
  4: 'grey',
  5: 'cmyk',
  6: 'ycbcr',
  8: 'cielab',
  9: 'icclab',
  10: 'itulab',
};

export const WHITE_IS_ZERO = 0;

export const OTHER_PHOTOMETRICS: Readonly<Record<number, string>> = {
  32844: 'A TIFF of logarithmic luminance',
  32845: 'A TIFF of logarithmic luminance',
};

/** Sensor data: a mosaic of colour filters, or that with the missing colours interpolated (TIFF/EP, DNG). */
export const RAW_PHOTOMETRICS: ReadonlySet<number> = new Set([32803, 34892]);

/** Components of the colour itself. */
export const COLOURS: Readonly<Record<TiffPhotometric, number>> = {
  grey: 1,
  palette: 1,
  rgb: 3,
  ycbcr: 3,
  cielab: 3,
  icclab: 3,
  itulab: 3,
  cmyk: 4,
};

/** 4 is data of undefined format, which libtiff also reads as unsigned. */
export const SAMPLE_FORMATS: Readonly<Record<number, TiffHeader['sampleFormat']>> = {
  1: 'unsigned',
  2: 'signed',
  3: 'float',
  4: 'unsigned',
};

export const EXTRA_SAMPLES: Readonly<Record<number, TiffExtraSample>> = { 1: 'premultiplied', 2: 'straight' };

export const PREDICTORS: Readonly<Record<number, TiffHeader['predictor']>> = {
  1: 'none',
  2: 'horizontal',
  3: 'float',
};
