/**
 * The first picture of a TIFF file (TIFF 6.0; BigTIFF). Further directories are other pages or smaller copies, and are
 * not read.
 */
import { broken, type Sniffed, type TiffHeader, unsupported } from '../header.ts';
import { isCameraRaw } from './camera-raw.ts';
import { orientationOf } from './exif.ts';
import { type Directory, numberAt, readDirectory, type TiffBlock, tiffBlock } from './ifd.ts';
import {
  COLOURS,
  COMPRESSIONS,
  EXTRA_SAMPLES,
  OTHER_COMPRESSIONS,
  OTHER_PHOTOMETRICS,
  PHOTOMETRICS,
  PREDICTORS,
  SAMPLE_FORMATS,
  TAG,
  WHITE_IS_ZERO,
} from './tiff-tags.ts';

const TAGS = new Set<number>(Object.values(TAG));
/** If one of these is damaged there is no picture; without the others there is. */
const NEEDED = [
  TAG.width,
  TAG.height,
  TAG.bitsPerSample,
  TAG.compression,
  TAG.photometric,
  TAG.fillOrder,
  TAG.samplesPerPixel,
  TAG.rowsPerStrip,
  TAG.planarConfiguration,
  TAG.predictor,
  TAG.tileWidth,
  TAG.tileLength,
  TAG.sampleFormat,
] as const;

/** 25 megapixels in tiles of 16×16, the smallest there are (TIFF 6.0 §15). A strip is a row at least. */
const MAX_TILES = 100_000;

/** Satellites have some more bands, and print programs some more plates; beyond that it is not a picture to look at. */
const MAX_COMPONENTS = 16;

const CCITT = ['ccitt-rle', 'ccitt-g3', 'ccitt-g4'];
const PREDICTED = ['lzw', 'deflate'];

/** Kinds that are not read at some depths, by name. */
const DEPTHS: Partial<Record<TiffHeader['photometric'], readonly number[]>> = {
  palette: Array.from({ length: 16 }, (_, i) => i + 1),
  ycbcr: [8],
  cielab: [8, 16],
  icclab: [8, 16],
  itulab: [8, 16],
};
const NAMES: Partial<Record<TiffHeader['photometric'], string>> = { palette: 'palette', ycbcr: 'YCbCr' };

/** A number of the first directory, and its default. */
type Value = (tag: number, byDefault: number) => number;

export function readTiffHeader(bytes: Uint8Array): Sniffed {
  const block = tiffBlock(bytes);
  const directory = block && readDirectory(block, block.firstDirectory, TAGS);
  if (block === undefined || directory === undefined || NEEDED.some((tag) => directory.damaged.has(tag))) {
    return broken('tiff', 'the first directory of the TIFF cannot be read');
  }
  const value: Value = (tag, byDefault) => numberAt(block, directory.fields.get(tag)) ?? byDefault;
  if (isCameraRaw(block, directory)) return unsupported('A camera raw file');

  const [width, height] = [value(TAG.width, 0), value(TAG.height, 0)];
  const components = value(TAG.samplesPerPixel, 1);
  if (width === 0 || height === 0) return broken('tiff', 'the TIFF is 0 pixels wide or high');
  if (components < 1) return broken('tiff', 'the TIFF has no components');
  if (components > MAX_COMPONENTS) return unsupported(`A TIFF of ${components} components a pixel`);
  const segment = segmentOf(value, width, height);
  if (segment === undefined) return broken('tiff', 'the TIFF has tiles or strips without pixels');
  const tiles = Math.ceil(width / segment.width) * Math.ceil(height / segment.height);
  if (segment.kind === 'tile' && tiles > MAX_TILES) {
    return broken('tiff', `the TIFF has ${tiles} tiles, and more than ${MAX_TILES} are not read`);
  }

  const compression = COMPRESSIONS[value(TAG.compression, 1)];
  if (compression === undefined) {
    const name = OTHER_COMPRESSIONS[value(TAG.compression, 1)];
    return unsupported(name ? `A TIFF with ${name} compression` : 'A TIFF with an unknown compression');
  }
  const stored = value(TAG.photometric, photometricByDefault(components, compression));
  const photometric = PHOTOMETRICS[stored];
  if (photometric === undefined)
    return unsupported(OTHER_PHOTOMETRICS[stored] ?? 'A TIFF of unknown colours');
  if (components < COLOURS[photometric] && compression !== 'old-jpeg') {
    return broken('tiff', `the TIFF has ${components} components a pixel, too few for its colours`);
  }
  const sampleFormat = SAMPLE_FORMATS[value(TAG.sampleFormat, 1)];
  if (sampleFormat === undefined) return unsupported('A TIFF of complex numbers');

  const bitsPerSample = Array.from(
    { length: components },
    // Some writers give one number for all, or omit those of alpha.
    (_, i) => numberAt(block, directory.fields.get(TAG.bitsPerSample), i) ?? value(TAG.bitsPerSample, 1),
  );
  if (compression !== 'none' && lieUponEachOther(block, directory, bytes.length, segment, height)) {
    return broken('tiff', `the TIFF has ${segment.kind}s that overlap in the file`);
  }
  const predictor = PREDICTORS[value(TAG.predictor, 1)];
  if (predictor === undefined) return unsupported('A TIFF with an unknown prediction');
  const profile = directory.fields.get(TAG.profile);
  const header: TiffHeader = {
    format: 'tiff',
    width,
    height,
    components,
    bitDepth: Math.max(...bitsPerSample),
    progressive: false,
    animated: false,
    orientation: orientationOf(block, directory),
    compression,
    photometric,
    whiteIsZero: stored === WHITE_IS_ZERO,
    bitsPerSample,
    sampleFormat,
    extraSamples: extraSamples(block, directory, components - COLOURS[photometric]),
    planar: value(TAG.planarConfiguration, 1) === 2 && components > 1,
    lowestBitFirst: value(TAG.fillOrder, 1) === 2,
    predictor: PREDICTED.includes(compression) ? predictor : 'none',
    subsampling: subsamplingOf(block, directory, photometric),
    segment,
    ...(profile && {
      space: { icc: { start: profile.at, end: profile.at + profile.count }, deflated: false },
    }),
  };
  return impossible(header) ?? notRead(header, value(TAG.inkSet, 1)) ?? { kind: 'picture', header };
}

/**
 * Whether strips or tiles together are longer than the file. Each is read from its beginning to its last row, so if all
 * are the same bytes, these are read as often.
 */
function lieUponEachOther(
  block: TiffBlock,
  { fields }: Directory,
  fileBytes: number,
  { kind }: TiffHeader['segment'],
  height: number,
): boolean {
  const [offsets, counts] =
    kind === 'tile'
      ? [
          fields.get(TAG.tileOffsets) ?? fields.get(TAG.stripOffsets),
          fields.get(TAG.tileByteCounts) ?? fields.get(TAG.stripByteCounts),
        ]
      : [fields.get(TAG.stripOffsets), fields.get(TAG.stripByteCounts)];
  const most = Math.min(
    counts?.count ?? 0,
    kind === 'tile' ? MAX_TILES * MAX_COMPONENTS : height * MAX_COMPONENTS,
  );
  let unread = fileBytes;
  for (let i = 0; i < most && unread >= 0; i++) {
    const start = numberAt(block, offsets, i) ?? fileBytes;
    unread -= Math.max(0, Math.min(numberAt(block, counts, i) ?? 0, fileBytes - start));
  }
  return unread < 0;
}

/** The same guess as libtiff's. */
function photometricByDefault(components: number, compression: TiffHeader['compression']): number {
  if (CCITT.includes(compression)) return WHITE_IS_ZERO;
  return components >= 3 ? 2 : 1;
}

/** Missing entries mean unspecified, also for a fourth component of RGB. */
function extraSamples(block: TiffBlock, { fields }: Directory, count: number): TiffHeader['extraSamples'] {
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const kind = numberAt(block, fields.get(TAG.extraSamples), i);
    return (kind !== undefined && EXTRA_SAMPLES[kind]) || 'unspecified';
  });
}

function subsamplingOf(
  block: TiffBlock,
  { fields }: Directory,
  photometric: TiffHeader['photometric'],
): TiffHeader['subsampling'] {
  if (photometric !== 'ycbcr') return { width: 1, height: 1 };
  const field = fields.get(TAG.yCbCrSubSampling);
  return { width: numberAt(block, field, 0) ?? 2, height: numberAt(block, field, 1) ?? 2 };
}

/** Tiles if there is a tile size (§15), else strips; one strip by default. */
function segmentOf(value: Value, width: number, height: number): TiffHeader['segment'] | undefined {
  const [tileWidth, tileLength] = [value(TAG.tileWidth, -1), value(TAG.tileLength, -1)];
  if (tileWidth === 0 || tileLength === 0) return undefined;
  if (tileWidth > 0 && tileLength > 0) return { kind: 'tile', width: tileWidth, height: tileLength };
  const rows = Math.min(height, value(TAG.rowsPerStrip, height));
  return rows === 0 ? undefined : { kind: 'strip', width, height: rows };
}

/** Values that no writer can have meant. */
function impossible(header: TiffHeader): Sniffed | undefined {
  const { bitsPerSample, compression, sampleFormat, subsampling } = header;
  if (bitsPerSample.some((bits) => bits < 1 || bits > 64)) {
    return broken('tiff', 'the TIFF has components of an impossible depth');
  }
  if (CCITT.includes(compression) && (header.bitDepth > 1 || header.components > 1)) {
    return broken('tiff', 'the TIFF has a fax compression and not one bit a pixel');
  }
  if (sampleFormat === 'float' && ![16, 24, 32, 64].includes(header.bitDepth)) {
    return broken('tiff', `the TIFF has floating-point numbers of ${header.bitDepth} bits`);
  }
  if ([subsampling.width, subsampling.height].some((times) => ![1, 2, 4].includes(times))) {
    return broken('tiff', 'the TIFF has an impossible chroma subsampling');
  }
  return undefined;
}

/** Files that may be meant as pictures but that no reader here reads. */
function notRead(header: TiffHeader, inkSet: number): Sniffed | undefined {
  const { photometric, bitDepth, bitsPerSample, compression, predictor, sampleFormat, subsampling } = header;
  const isMixed = bitsPerSample.some((bits) => bits !== bitDepth);
  if (isMixed && (bitDepth > 16 || predictor !== 'none' || sampleFormat !== 'unsigned')) {
    return unsupported('A TIFF of components of different depths');
  }
  if (photometric === 'cmyk' && inkSet === 2) return unsupported('A TIFF of inks other than CMYK');
  if (compression === 'jpeg' || compression === 'old-jpeg') {
    if (bitDepth !== 8) return unsupported(`A TIFF with JPEG of ${bitDepth} bits a component`);
    return /lab$/.test(photometric) ? unsupported('A TIFF of Lab colours with JPEG') : undefined;
  }
  const depths = DEPTHS[photometric];
  if (depths !== undefined && !(depths.includes(bitDepth) && !isMixed && sampleFormat !== 'float')) {
    return unsupported(`A TIFF of ${NAMES[photometric] ?? 'Lab'} colours of ${bitDepth} bits a component`);
  }
  if (bitDepth > 16 && ![24, 32, 64].includes(bitDepth)) {
    return unsupported(`A TIFF of ${bitDepth} bits a component`);
  }
  if (predictor === 'float' && sampleFormat !== 'float')
    return broken('tiff', 'the TIFF predicts numbers that it does not have');
  if (predictor === 'horizontal' && ![8, 16, 32, 64].includes(bitDepth)) {
    return unsupported(`A TIFF of ${bitDepth} bits a component with a prediction`);
  }
  if (subsampling.width * subsampling.height > 1 && header.components > 3) {
    return unsupported('A TIFF of subsampled colours with alpha');
  }
  if (predictor !== 'none' && subsampling.width * subsampling.height > 1) {
    return unsupported('A TIFF of subsampled colours with a prediction');
  }
  return undefined;
}
