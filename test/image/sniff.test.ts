import { describe, expect, it } from 'vitest';
import { sniff } from '../../src/image/sniff.ts';
import { bigTiff, LONG, RATIONAL, SHORT, type TiffField, tiff } from '../pictures/tiff.ts';
import {
  be16,
  bmp,
  bytesOf,
  chunk,
  coreBmp,
  descriptor,
  frame,
  GIF_DATA,
  IDAT,
  ico,
  iconBitmap,
  ihdr,
  le32,
  PNG_SIGNATURE,
  riff,
  SOI,
  screen,
  segment,
  vp8,
  vp8l,
  vp8x,
} from './headers.ts';
import { checkStills, headerOf, type Still } from './stills.ts';

const APP_WITH_MARKERS = segment(0xe1, [0xff, 0xd9, 0xff, 0xc0, 0, 17, 8, 0, 1, 0, 1, 3, 0xff]);
const NETSCAPE = bytesOf(0x21, 0xff, 11, 'NETSCAPE2.0', [3, 1, 0, 0, 0]);
const CONTROL = [0x21, 0xf9, 4, 0, 0, 0, 0, 0];

const PNG_640 = bytesOf(PNG_SIGNATURE, ihdr({ colour: 6 }), IDAT);

/** A TIFF of 640×480, grey with one byte per pixel, with other fields or values. */
function tiffOf(order: 'II' | 'MM', ...fields: readonly TiffField[]): Uint8Array {
  return tiff(order, fieldsOf(fields));
}

function fieldsOf(fields: readonly TiffField[]): TiffField[] {
  const all = [tag(256, 640), tag(257, 480), tag(258, 8), tag(262, 1)];
  return [...all.filter((field) => fields.every((other) => other.tag !== field.tag)), ...fields];
}

const RGB_FIELDS = [tag(258, 8, 8, 8), tag(262, 2), tag(277, 3)];

function tag(number: number, ...values: readonly number[]): TiffField {
  return { tag: number, type: values.some((value) => value > 0xffff) ? LONG : SHORT, values };
}

const JFIF = segment(0xe0, [...bytesOf('JFIF', 0, 1, 1, 0, be16(1), be16(1), 0, 0)]);

/** Adobe's segment, which ends with the colour transform of the components. */
function adobe(transform: number): number[] {
  return segment(0xee, [...bytesOf('Adobe', be16(100), be16(0), be16(0), transform)]);
}

/** Still pictures whose last byte is the last that their header needs. */
const STILLS: readonly Still[] = [
  [
    'baseline JPEG, 4:2:0',
    bytesOf(SOI, segment(0xe0, [1, 2]), frame({ width: 641, height: 479 })),
    { format: 'jpeg', width: 641, height: 479, components: 3, bitDepth: 8, storedSamples: 656 * 480 * 1.5 },
  ],
  ['4:4:4', bytesOf(SOI, frame({ factors: [0x11, 0x11, 0x11] })), { storedSamples: 640 * 480 * 3 }],
  ['4:1:1', bytesOf(SOI, frame({ factors: [0x41, 0x11, 0x11] })), { storedSamples: 640 * 480 * 1.5 }],
  [
    'a JPEG one pixel wide, padded to a whole MCU',
    bytesOf(SOI, frame({ width: 1, height: 1, factors: [0x44] })),
    { components: 1, storedSamples: 32 * 32 },
  ],
  ['RGB JPEG', bytesOf(SOI, adobe(0), frame()), { isRgb: true }],
  ['Adobe JPEG of YCbCr', bytesOf(SOI, adobe(1), frame()), { isRgb: false }],
  ['JFIF, whatever Adobe says', bytesOf(SOI, JFIF, adobe(0), frame()), { isRgb: false }],
  ['Adobe CMYK JPEG', bytesOf(SOI, adobe(0), frame({ factors: [0x11, 0x11, 0x11, 0x11] })), { isRgb: false }],
  ['CMYK JPEG', bytesOf(SOI, frame({ factors: [0x11, 0x11, 0x11, 0x11] })), { components: 4 }],
  [
    'sequential JPEG',
    bytesOf(SOI, frame({ marker: 0xc1, depth: 12 })),
    { process: 'sequential', progressive: false, bitDepth: 12, entropyCoding: 'huffman' },
  ],
  ['progressive JPEG', bytesOf(SOI, frame({ marker: 0xc2 })), { process: 'progressive', progressive: true }],
  [
    'JPEG that says its height behind the scan',
    bytesOf(SOI, frame({ height: 0 }), segment(0xda), [1, 2, 0xff, 0, 3], segment(0xdc, [0, 9])),
    { format: 'jpeg', height: 9 },
  ],
  ['lossless JPEG', bytesOf(SOI, frame({ marker: 0xc3 })), { process: 'lossless', progressive: false }],
  [
    'arithmetic JPEG',
    bytesOf(SOI, frame({ marker: 0xca })),
    { process: 'progressive', entropyCoding: 'arithmetic' },
  ],
  ['fill bytes', bytesOf(SOI, [0xff, 0xff, 0xff], segment(0xdb), [0xff, 0xff], frame()), { width: 640 }],
  [
    'stray bytes between segments',
    bytesOf(SOI, segment(0xdb, [0xff]), [0xd9, 7, 0xff, 0], frame()),
    { width: 640 },
  ],
  ['markers inside an APP segment', bytesOf(SOI, APP_WITH_MARKERS, frame()), { width: 640, height: 480 }],
  [
    'DHT, DAC and JPG are no frame headers',
    bytesOf(SOI, ...[0xc4, 0xcc, 0xc8].map((m) => segment(m)), frame()),
    {},
  ],
  [
    'PNG',
    bytesOf(PNG_SIGNATURE, ihdr({ width: 3, height: 70_000 }), IDAT),
    {
      format: 'png',
      width: 3,
      height: 70_000,
      components: 3,
      bitDepth: 8,
      colour: 'rgb',
      transparency: false,
    },
  ],
  [
    'palette PNG with tRNS and a profile',
    bytesOf(PNG_SIGNATURE, ihdr({ depth: 1, colour: 3 }), chunk('iCCP', [1, 2, 3]), chunk('tRNS', [0]), IDAT),
    {
      components: 1,
      bitDepth: 1,
      colour: 'palette',
      transparency: true,
      animated: false,
    },
  ],
  [
    'PNG of many profiles',
    bytesOf(PNG_SIGNATURE, ihdr(), ...Array(9).fill(chunk('iCCP')), IDAT),
    { colour: 'rgb' },
  ],
  [
    'interlaced 16-bit RGBA PNG',
    bytesOf(PNG_SIGNATURE, ihdr({ depth: 16, colour: 6, interlace: 1 }), IDAT),
    { components: 4, bitDepth: 16, colour: 'rgba', progressive: true },
  ],
  [
    'animated PNG',
    bytesOf(PNG_SIGNATURE, ihdr({ colour: 4 }), chunk('acTL', [0, 0, 0, 2, 0, 0, 0, 0]), IDAT),
    { animated: true, colour: 'grey-alpha', components: 2 },
  ],
  [
    'GIF with a colour table and extensions',
    bytesOf(
      screen(640, 480, 0x81),
      new Uint8Array(12).fill(0x2c),
      NETSCAPE,
      CONTROL,
      descriptor(8, 900, 0x40),
    ),
    {
      format: 'gif',
      width: 640,
      // The frame extends beyond the screen.
      height: 900,
      frame: { left: 0, top: 0, width: 8, height: 900 },
      palette: { start: 13, end: 25 },
      progressive: true,
      animated: false,
    },
  ],
  [
    'GIF without a screen',
    bytesOf(screen(0), descriptor(30, 20)),
    { width: 30, height: 20, frame: { left: 0, top: 0, width: 30, height: 20 }, palette: undefined },
  ],
  [
    'GIF of the first version',
    bytesOf('GIF87a', screen().slice(6), descriptor()),
    { format: 'gif', width: 640 },
  ],
  ['lossy WebP', riff(vp8(641, 479)), { format: 'webp', width: 641, height: 479, compression: 'lossy' }],
  ['lossy WebP with scaling bits set', riff(vp8(0x4000 | 641, 0xc000 | 479)), { width: 641, height: 479 }],
  [
    'lossless WebP',
    riff(vp8l(16_384, 1)),
    { width: 16_384, height: 1, compression: 'lossless', components: 3 },
  ],
  ['lossless WebP with alpha', riff(vp8l(640, 480, true)), { components: 4 }],
  [
    'extended WebP with alpha',
    riff(vp8x(640, 480, 0x10), bytesOf('ALPH', le32(3), [0, 0, 0, 0]), vp8()),
    { width: 640, height: 480, compression: 'lossy', components: 4, animated: false },
  ],
  ['WebP with a picture that is longer than its RIFF', riff(vp8()).with(4, 4), { width: 640, height: 480 }],
  ['WebP whose RIFF is longer than the file', riff(vp8()).with(5, 9), { width: 640, height: 480 }],
  ['extended lossless WebP', riff(vp8x(), vp8l(640, 480)), { compression: 'lossless', components: 3 }],
  [
    'BMP',
    bmp(),
    { format: 'bmp', width: 640, height: 480, components: 3, topDown: false, compression: 'none' },
  ],
  ['top-down BMP', bmp({ height: -480, bits: 32 }), { height: 480, topDown: true }],
  ['cursor', ico([[iconBitmap(48, 64, 8), 0]], 2), { format: 'ico', width: 48, height: 64 }],
  ['RLE BMP from the top', bmp({ bits: 8, compression: 1, height: -480 }), { height: 480, topDown: true }],
  ['RLE BMP', bmp({ bits: 8, compression: 1 }), { compression: 'rle', components: 1, bitDepth: 8 }],
  [
    'BMP with masks',
    bmp({ bits: 32, compression: 3, headerBytes: 124 }),
    { compression: 'bitfields', components: 4 },
  ],
  ['BMP of version 1', coreBmp(65_535, 2, 4), { width: 65_535, height: 2, bitDepth: 4 }],
  [
    'TIFF in strips',
    tiffOf('II', ...RGB_FIELDS, tag(259, 5), tag(278, 16), tag(317, 2)),
    {
      format: 'tiff',
      width: 640,
      height: 480,
      components: 3,
      bitDepth: 8,
      compression: 'lzw',
      photometric: 'rgb',
      bitsPerSample: [8, 8, 8],
      sampleFormat: 'unsigned',
      extraSamples: [],
      planar: false,
      lowestBitFirst: false,
      predictor: 'horizontal',
      segment: { kind: 'strip', width: 640, height: 16 },
    },
  ],
  [
    'big-endian TIFF in tiles, planes apart',
    tiffOf(
      'MM',
      ...[tag(258, 16, 16, 16, 16), tag(262, 2), tag(277, 4), tag(284, 2)],
      ...[tag(322, 64), tag(323, 32), tag(338, 2), tag(339, 3)],
    ),
    {
      components: 4,
      bitDepth: 16,
      compression: 'none',
      extraSamples: ['straight'],
      planar: true,
      sampleFormat: 'float',
      segment: { kind: 'tile', width: 64, height: 32 },
    },
  ],
  [
    'TIFF of one bit, with all that can be left out',
    tiff('II', [tag(256, 70_000), tag(257, 1)]).slice(0, -4),
    {
      ...{ width: 70_000, components: 1, bitDepth: 1, compression: 'none', segment: { height: 1 } },
      ...{ photometric: 'grey', whiteIsZero: false, sampleFormat: 'unsigned', orientation: 1 },
    },
  ],
  [
    'TIFF with JPEG',
    tiffOf('II', tag(258, 8, 8, 8), tag(259, 7), tag(262, 6), tag(277, 3)),
    { compression: 'jpeg', photometric: 'ycbcr', subsampling: { width: 2, height: 2 } },
  ],
  [
    'TIFF of a fax that does not say what 0 is',
    tiff('II', [tag(256, 640), tag(257, 480), tag(259, 4), tag(266, 2)]).slice(0, -4),
    { compression: 'ccitt-g4', photometric: 'grey', whiteIsZero: true, lowestBitFirst: true },
  ],
  [
    'TIFF with a fourth component of which nothing is said',
    tiffOf('II', tag(258, 8, 8, 8, 8), tag(262, 2), tag(277, 4)),
    { components: 4, extraSamples: ['unspecified'] },
  ],
  [
    'TIFF that gives one depth for all, and alpha behind another component',
    tiffOf('II', tag(262, 2), tag(277, 5), tag(338, 0, 1)).slice(0, -4),
    { bitsPerSample: [8, 8, 8, 8, 8], extraSamples: ['unspecified', 'premultiplied'] },
  ],
  [
    'TIFF of 5, 6 and 5 bits',
    tiffOf('II', tag(258, 5, 6, 5), tag(262, 2), tag(277, 3)),
    { bitDepth: 6, bitsPerSample: [5, 6, 5] },
  ],
  [
    'TIFF with a prediction that its compression does not have',
    tiffOf('II', tag(317, 2)).slice(0, -4),
    { compression: 'none', predictor: 'none' },
  ],
  [
    'TIFF of two widths, of which the first counts',
    tiffOf('II', tag(256, 640), tag(256, 9)).slice(0, -4),
    { width: 640 },
  ],
  [
    'TIFF with a damaged profile and a damaged resolution',
    tiffOf(
      'II',
      { ...tag(34675, 1), count: 0xffff_ffff },
      { ...tag(282, 1), type: RATIONAL, count: 0x1fff_ffff },
    ).slice(0, -4),
    { width: 640, orientation: 1 },
  ],
  [
    'BigTIFF',
    bigTiff('II', fieldsOf([tag(274, 6)])).slice(0, -8),
    { format: 'tiff', width: 640, bitDepth: 8, orientation: 6 },
  ],
  [
    'big-endian BigTIFF',
    bigTiff('MM', fieldsOf(RGB_FIELDS)).slice(0, -8),
    { height: 480, bitsPerSample: [8, 8, 8] },
  ],
  [
    'ICO of a bitmap',
    ico([[iconBitmap(48, 64, 8), 0]]),
    {
      format: 'ico',
      width: 48,
      height: 64,
      components: 1,
      bitDepth: 8,
      png: undefined,
      entry: { start: 22, end: 62 },
    },
  ],
  [
    'ICO of a PNG larger than its directory can say',
    ico([[PNG_640, 16]]),
    { width: 640, height: 480, components: 4, png: { format: 'png', colour: 'rgba', width: 640 } },
  ],
];

/** Animated pictures, whichever part of the file states it. */
const ANIMATIONS: readonly [name: string, bytes: Uint8Array][] = [
  ['GIF', bytesOf(screen(), descriptor(), GIF_DATA, CONTROL, descriptor())],
  [
    'GIF with local colour tables',
    bytesOf(screen(), descriptor(8, 8, 0x80), new Uint8Array(6), GIF_DATA, descriptor()),
  ],
  ['WebP by its flag', riff(vp8x(640, 480, 0x02))],
  ['WebP by a frame chunk alone', riff(vp8x(), vp8(), bytesOf('ANMF', le32(0)))],
];

/** The largest picture of an icon, whatever the directory states. */
const ICONS: readonly Still[] = [
  [
    'at equal size the one of more colours',
    ico([
      [iconBitmap(48, 64, 8), 0],
      [iconBitmap(48, 64, 24), 0],
      [iconBitmap(32, 32, 32), 48],
    ]),
    { width: 48, height: 64, components: 4, entry: { start: 94, end: 174 } },
  ],
  [
    'a PNG that says it is small',
    ico([
      [iconBitmap(256, 256, 32), 0],
      [PNG_640, 16],
    ]),
    { width: 640, entry: { start: 78, end: 78 + PNG_640.length } },
  ],
  [
    'the largest that is all there',
    ico([
      [iconBitmap(16, 16, 4), 16],
      [iconBitmap(32, 32, 4), 32],
    ]).slice(0, -1),
    { width: 16, height: 16, bitDepth: 4 },
  ],
];

const BROKEN: readonly [name: string, bytes: Uint8Array, reason: RegExp][] = [
  ['JPEG of height 0', bytesOf(SOI, frame({ height: 0 })), /height/],
  ['JPEG of width 0', bytesOf(SOI, frame({ width: 0 })), /0 pixels/],
  ['JPEG with a scan first', bytesOf(SOI, segment(0xda), frame()), /no frame header/],
  ['JPEG that ends at once', bytesOf(SOI, [0xff, 0xd9], frame()), /no frame header/],
  ['hierarchical JPEG', bytesOf(SOI, segment(0xde), frame()), /hierarchical/],
  ['differential JPEG frame', bytesOf(SOI, frame({ marker: 0xc5 })), /hierarchical/],
  ['JPEG of two components', bytesOf(SOI, frame({ factors: [0x11, 0x11] })), /2 colour components/],
  ['JPEG with sampling factor 0', bytesOf(SOI, frame({ factors: [0x10] })), /sampling/],
  ['JPEG with sampling factor 5', bytesOf(SOI, frame({ factors: [0x51] })), /sampling/],
  ['JPEG of 17 bits', bytesOf(SOI, frame({ depth: 17 })), /17 bits/],
  ['JPEG segment of length 1', bytesOf(SOI, [0xff, 0xe0, 0, 1], frame()), /length field/],
  [
    'JPEG frame header with a spare byte',
    bytesOf(SOI, segment(0xc0, [8, 0, 9, 0, 9, 1, 1, 0x11, 0, 0])),
    /length/,
  ],
  ['JPEG frame header cut short', bytesOf(SOI, segment(0xc0, [8, 0, 9])), /too short/],
  ['JPEG that ends in its frame header', bytesOf(SOI, frame()).slice(0, -1), /ends inside/],
  ['JPEG of fill bytes', bytesOf(SOI, new Uint8Array(1 << 20).fill(0xff)), /ends before/],
  ['PNG of width 0', bytesOf(PNG_SIGNATURE, ihdr({ width: 0 }), IDAT), /0 pixels/],
  ['PNG of height 0', bytesOf(PNG_SIGNATURE, ihdr({ height: 0 }), IDAT), /0 pixels/],
  ['PNG wider than a PNG can be', bytesOf(PNG_SIGNATURE, ihdr({ width: 2 ** 31 }), IDAT), /impossible/],
  ['PNG of colour type 5', bytesOf(PNG_SIGNATURE, ihdr({ colour: 5 }), IDAT), /colour type/],
  ['PNG of colour type 200', bytesOf(PNG_SIGNATURE, ihdr({ colour: 200 }), IDAT), /colour type/],
  ['RGB PNG of 4 bits', bytesOf(PNG_SIGNATURE, ihdr({ depth: 4 }), IDAT), /bit depth/],
  ['PNG of filter method 1', bytesOf(PNG_SIGNATURE, ihdr({ filter: 1 }), IDAT), /filter/],
  ['PNG of interlace method 2', bytesOf(PNG_SIGNATURE, ihdr({ interlace: 2 }), IDAT), /interlace/],
  [
    'PNG that starts otherwise',
    bytesOf(PNG_SIGNATURE, chunk('CgBI', [0, 0, 0, 4, 0, 0, 0, 4, 8, 2, 0, 0, 0]), IDAT),
    /IHDR/,
  ],
  [
    'PNG with a chunk longer than the file',
    bytesOf(PNG_SIGNATURE, ihdr(), [255, 255, 255, 255], 'tEXt', IDAT),
    /ends/,
  ],
  ['PNG of empty chunks', bytesOf(PNG_SIGNATURE, ihdr(), new Uint8Array(1 << 20)), /ends before/],
  ['GIF with an empty frame', bytesOf(screen(), descriptor(640, 0)), /empty/],
  ['GIF without a frame', bytesOf(screen(), 0x3b), /first frame/],
  ['WebP that starts otherwise', riff(bytesOf('EXIF', le32(0)), vp8()), /does not start/],
  ['WebP of width 0', riff(vp8(0)), /0 pixels/],
  ['WebP without its start code', riff(vp8().with(12, 0)), /start code/],
  ['WebP that is not a key frame', riff(vp8().with(8, 0x11)), /key frame/],
  ['lossless WebP without its signature', riff(vp8l().with(8, 0)), /signature/],
  ['WebP wider than its canvas', riff(vp8x(640, 480), vp8(16_000, 480)), /size/],
  ['WebP lower than its canvas', riff(vp8x(640, 16_000), vp8(640, 480)), /size/],
  ['WebP whose second picture would fit', riff(vp8x(), vp8(16_000, 16_000), vp8()), /size/],
  ['lossy WebP that was cut off', riff(vp8().with(4, 11)), /ends inside its picture/],
  ['lossless WebP that was cut off', riff(vp8l().with(4, 6)), /ends inside its picture/],
  [
    'WebP with alpha that was cut off',
    riff(vp8x(640, 480, 0x10), bytesOf('ALPH', le32(99), 0), vp8()),
    /ends before/,
  ],
  ['WebP of empty chunks', riff(vp8x(), new Uint8Array(1 << 20)), /ends before/],
  ['BMP of width 0', bmp({ width: 0 }), /0 pixels/],
  ['BMP of negative width', bmp({ width: -640 }), /0 pixels/],
  ['BMP of height 0', bmp({ height: 0 }), /0 pixels/],
  ['BMP of compression 99', bmp({ compression: 99 }), /compression/],
  ['BMP of 3 bits', bmp({ bits: 3 }), /3 bits/],
  ['RLE BMP of 24 bits', bmp({ compression: 1 }), /24 bits/],
  ['TIFF whose depths are elsewhere', tiffOf('II', ...RGB_FIELDS).slice(0, -1), /directory/],
  ['TIFF of width 0', tiffOf('II', tag(256, 0)), /0 pixels/],
  ['TIFF without a height', tiff('II', [tag(256, 640)]), /0 pixels/],
  ['TIFF without a directory', tiff('II'), /directory/],
  ['TIFF whose directory is elsewhere', tiffOf('II').with(6, 1), /directory/],
  ['TIFF whose directory is its header', bytesOf('II', 42, new Uint8Array(1 << 18)), /directory/],
  ['TIFF of 65,535 fields', tiffOf('II').with(8, 255).with(9, 255), /directory/],
  [
    'TIFF of a damaged width',
    tiff('II', [{ ...tag(256, 640), count: 0xffff_ffff }, tag(257, 480)]),
    /directory/,
  ],
  [
    'TIFF of a width that is a fraction',
    tiff('II', [{ tag: 256, type: RATIONAL, values: [640, 1] }]),
    /0 pixels/,
  ],
  ['TIFF of no components', tiffOf('II', tag(277, 0)), /no components/],
  ['TIFF of colours in one component', tiffOf('II', tag(262, 2)), /1 components.*too few/],
  ['TIFF of depth 0', tiffOf('II', tag(258, 0)), /depth/],
  ['TIFF of depth 65', tiffOf('II', tag(258, 65)), /depth/],
  ['TIFF of a fax of 8 bits', tiffOf('II', tag(259, 4)), /fax/],
  ['TIFF of floats of 8 bits', tiffOf('II', tag(339, 3)), /floating-point/],
  [
    'TIFF of a chroma subsampling of 3',
    tiffOf('II', tag(262, 6), tag(277, 3), tag(530, 3, 1)),
    /subsampling/,
  ],
  ['BigTIFF that ends in its header', bytesOf('II', 43, 0, 8, 0, 0, 0, 16, 0, 0, 0), /directory/],
  ['BigTIFF of 2⁶³ fields', bigTiff('II', fieldsOf([])).with(23, 128), /directory/],
  ['TIFF of empty tiles', tiffOf('II', tag(322, 0), tag(323, 16)), /without pixels/],
  ['TIFF of empty strips', tiffOf('II', tag(278, 0)), /without pixels/],
  ['ICO whose pictures are cut off', ico([[iconBitmap(), 0]]).slice(0, -1), /no picture/],
  ['ICO of empty pictures', ico([[iconBitmap(0, 0), 16]]), /no picture/],
  ['ICO of a damaged PNG', ico([[PNG_640.slice(0, -8), 16]]), /damaged PNG/],
  ['ICO of a height with half a row', ico([[iconBitmap(16, 16).with(8, 33), 16]]), /no picture/],
];

/** Fields of a directory that names another one below it. */
const withBelow = (order: 'II' | 'MM', below: number, ...fields: readonly TiffField[]) => {
  const first = (at: number) => fieldsOf([tag(254, 1), { tag: 330, type: LONG, values: [at] }, ...fields]);
  const at = tiff(order, first(0)).length;
  return tiff(order, first(at), fieldsOf([tag(262, below)]));
};

const UNREAD_TIFFS: readonly [what: string, bytes: Uint8Array][] = [
  ['A TIFF with Zstandard compression', tiffOf('II', tag(259, 50_000))],
  ['A TIFF with LZMA compression', tiffOf('MM', tag(259, 34_925))],
  ['A TIFF with WebP compression', tiffOf('II', tag(259, 50_001))],
  ['A TIFF with JPEG 2000 compression', tiffOf('II', tag(259, 34_712))],
  ['A TIFF with LERC compression', tiffOf('II', tag(259, 34_887))],
  ['A TIFF with an unknown compression', tiffOf('II', tag(259, 4711))],
  ['A TIFF of logarithmic luminance', tiffOf('II', tag(262, 32_844))],
  ['A TIFF of unknown colours', tiffOf('II', tag(262, 7))],
  ['A TIFF of inks other than CMYK', tiffOf('II', tag(262, 5), tag(277, 4), tag(332, 2))],
  ['A TIFF of 17 components a pixel', tiffOf('II', tag(277, 17))],
  ['A TIFF of complex numbers', tiffOf('II', tag(339, 5))],
  ['A TIFF of 20 bits a component', tiffOf('II', tag(258, 20))],
  ['A TIFF of 12 bits a component with a prediction', tiffOf('II', tag(258, 12), tag(259, 5), tag(317, 2))],
  ['A TIFF of components of different depths', tiffOf('II', tag(258, 8, 32, 8), tag(262, 2), tag(277, 3))],
  ['A TIFF with JPEG of 12 bits a component', tiffOf('II', tag(258, 12), tag(259, 7))],
  ['A TIFF of Lab colours of 12 bits a component', tiffOf('II', tag(258, 12), tag(262, 8), tag(277, 3))],
  ['A camera raw file', tiffOf('II', { tag: 50_706, type: 1, values: [1, 4, 0, 0] })],
  ['A camera raw file', tiffOf('II', tag(262, 32_803))],
  ['A camera raw file', tiffOf('MM', tag(259, 34_713))],
  ['A camera raw file', withBelow('MM', 32_803)],
  ['A camera raw file', withBelow('II', 34_892)],
  ['A camera raw file', bytesOf('II', 42, 0, 16, 0, 0, 0, 'CR', 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
];

const UNKNOWN: readonly [name: string, bytes: Uint8Array][] = [
  ['nothing', bytesOf()],
  ['text', bytesOf('BM is how this sentence starts')],
  ['a RIFF that is no WebP', bytesOf('RIFF', le32(20), 'WAVEfmt ')],
  ['GIF of no version', bytesOf('GIF88a', new Uint8Array(40))],
  ['SVG', bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ['an icon of type 3', ico([[iconBitmap(), 0]], 3)],
  ['an icon without pictures', bytesOf(0, 0, 1, 0, 0, 0, new Uint8Array(40))],
  ['TIFF of mixed byte orders', bytesOf('II', 0, 42, new Uint8Array(40))],
];

describe('sniff', () => {
  checkStills(STILLS);

  it('takes a TIFF for a picture whose smaller copies are below it', () => {
    expect(headerOf(withBelow('II', 2))).toMatchObject({ photometric: 'grey' });
  });

  it('does not follow the directories of a TIFF, be they a ring', () => {
    const ring = tiffOf('II', tag(278, 0xffff_ffff)).with(8 + 2 + 5 * 12, 8);
    expect(headerOf(ring)).toMatchObject({ segment: { kind: 'strip', width: 640, height: 480 } });
  });

  it.each(ICONS)('finds the picture of an icon: %s', (_, bytes, expected) => {
    expect(headerOf(bytes)).toMatchObject(expected);
  });

  it.each(ANIMATIONS)('finds the second frame: %s', (_, bytes) => {
    expect(headerOf(bytes)).toMatchObject({ width: 640, height: 480, animated: true });
  });

  it('takes a GIF that ends within its only frame for a still', () => {
    expect(headerOf(bytesOf(screen(), descriptor(), GIF_DATA.slice(0, 3))).animated).toBe(false);
  });

  it.each(BROKEN)('says why it cannot use a header: %s', (name, bytes, reason) => {
    const format = /JPEG|PNG|GIF|WebP|BMP|TIFF|ICO/.exec(name)?.[0].toLowerCase();
    expect(sniff(bytes)).toEqual({ kind: 'broken', format, reason: expect.stringMatching(reason) });
  });

  it.each(UNREAD_TIFFS)('says what is not read: %s', (what, bytes) => {
    expect(sniff(bytes)).toEqual({ kind: 'unsupported', what });
  });

  it.each(UNKNOWN)('does not know: %s', (_, bytes) => {
    expect(sniff(bytes)).toEqual({ kind: 'unknown' });
  });
});
