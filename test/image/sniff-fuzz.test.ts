/** Thousands of damaged headers of every format: there is always an answer, and never an impossible one. */
import { describe, expect, it } from 'vitest';
import type { ByteRange, ImageFormat, ImageHeader } from '../../src/image/header.ts';
import { sniff } from '../../src/image/sniff.ts';
import { exifBlock, LONG, SHORT, tiff } from '../pictures/tiff.ts';
import { auxC, av1C, box, gridData, heif, hvcC, irot, ispe, PICTURE } from './boxes.ts';
import {
  bmp,
  bytesOf,
  chunk,
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
  vp8x,
} from './headers.ts';

const MUTANTS = 4000;

const EXIF = exifBlock(6);
const PNG = bytesOf(PNG_SIGNATURE, ihdr(), chunk('iCCP', [1]), chunk('eXIf', [...EXIF]), IDAT);
const THUMBNAIL = bytesOf(SOI, frame({ width: 160, height: 120 }), [0xff, 0xd9]);

/** A file of each format in which every part that is read occurs. */
const SEEDS: Readonly<Record<ImageFormat, Uint8Array>> = {
  jpeg: jpeg(),
  png: PNG,
  gif: bytesOf(
    screen(640, 480, 0x80),
    new Uint8Array(6),
    descriptor(),
    GIF_DATA,
    [0x21, 0xfe, 1, 0, 0],
    descriptor(),
  ),
  webp: riff(
    vp8x(640, 480, 8),
    bytesOf('ALPH', le32(2), 0, 0),
    vp8(),
    bytesOf('EXIF', le32(EXIF.length), EXIF),
  ),
  bmp: bmp(),
  tiff: tiff(
    'MM',
    [
      [256, 640],
      [257, 480],
      [258, 8, 8, 8],
      [259, 5],
      [262, 2],
      [274, 6],
      [277, 3],
      [322, 64],
      [323, 64],
      [339, 1, 1, 1],
    ].map(([tag = 0, ...values]) => ({ tag, type: SHORT, values })),
  ),
  ico: ico([
    [iconBitmap(), 32],
    [PNG, 0],
  ]),
  avif: heif({
    brands: ['avif', 'avis'],
    items: [
      { id: 1, type: 'av01', properties: [av1C(), ispe(), irot(1)], data: { at: 8, bytes: 4 } },
      {
        id: 2,
        type: 'av01',
        properties: [av1C(0x10), ispe(), auxC('urn:mpeg:mpegB:cicp:systems:auxiliary:alpha')],
      },
    ],
    references: [['auxl', 2, 1]],
    after: [box('moov')],
  }),
  heic: heif({
    items: [
      { id: 1, type: 'grid', properties: [ispe(1000, 500)], data: { method: 1, at: 0, bytes: 8 } },
      { ...PICTURE, id: 2, properties: [hvcC(), ispe(512, 512)] },
      { ...PICTURE, id: 3, data: { at: 8, bytes: 4 } },
      { ...PICTURE, id: 4, properties: [hvcC(), ispe(512, 512)] },
    ],
    references: [
      ['dimg', 1, 2, 4],
      ['thmb', 3, 1],
    ],
    idat: gridData(2, 1, 1000, 500),
  }),
};

function jpeg(): Uint8Array {
  const place = { type: LONG, values: [0] };
  const fields = [{ tag: 0x0112, type: SHORT, values: [6] }];
  const at = tiff('II', fields, [
    { ...place, tag: 0x0201 },
    { ...place, tag: 0x0202 },
  ]).length;
  const exif = tiff('II', fields, [
    { tag: 0x0201, type: LONG, values: [at] },
    { tag: 0x0202, type: LONG, values: [THUMBNAIL.length] },
  ]);
  return bytesOf(SOI, segment(0xe1, [...bytesOf('Exif', 0, 0, exif, THUMBNAIL)]), frame());
}

/** The same numbers on every run: a failure names the format and the mutant. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const EXTREMES = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

function mutant(seed: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes: Uint8Array = seed.slice();
  for (let edits = 1 + random(4); edits > 0 && bytes.length > 8; edits--) {
    const at = random(bytes.length);
    const to = at + random(Math.min(24, bytes.length - at) + 1);
    const view = new DataView(bytes.buffer);
    switch (random(6)) {
      case 0:
        bytes[at] = random(256);
        break;
      case 1:
        view.setUint32(
          Math.min(at, bytes.length - 4),
          EXTREMES[random(EXTREMES.length)] ?? 0,
          random(2) === 0,
        );
        break;
      case 2:
        view.setUint16(
          Math.min(at, bytes.length - 2),
          EXTREMES[random(EXTREMES.length)] ?? 0,
          random(2) === 0,
        );
        break;
      case 3:
        bytes = bytesOf(bytes.subarray(0, at), bytes.subarray(to));
        break;
      case 4:
        bytes = bytesOf(bytes.subarray(0, to), bytes.subarray(at));
        break;
      default:
        // Mostly whole, because otherwise nothing after the cut would be reached.
        if (random(4) === 0) bytes = bytes.slice(0, at);
    }
  }
  return bytes;
}

function isInside({ start, end }: ByteRange, bytes: Uint8Array): boolean {
  return start >= 0 && end > start && end <= bytes.length;
}

/** Offsets in the file that a header names; each must be inside the file. */
function placesIn(header: ImageHeader): readonly ByteRange[] {
  switch (header.format) {
    case 'jpeg':
      return header.previews.map(({ data }) => data);
    case 'ico':
      return [header.entry];
    default:
      return [];
  }
}

/** What is wrong with a header, regardless of the file. */
function impossible(header: ImageHeader, bytes: Uint8Array): string | undefined {
  const numbers = [header.width, header.height, header.components, header.bitDepth, header.orientation];
  if (!numbers.every((number) => Number.isInteger(number) && number > 0)) return 'a number';
  if (header.format === 'avif' || header.format === 'heic') {
    const { left, top, width, height } = header.aperture;
    const isInside =
      left >= 0 && top >= 0 && left + width <= header.coded.width && top + height <= header.coded.height;
    if (!isInside || width !== header.width || height !== header.height) return 'an aperture';
    if (header.pieceBytes > bytes.length) return 'more bytes than there are';
  }
  if (header.components > 16 || header.bitDepth > 64 || header.orientation > 8) return 'a number too large';
  return placesIn(header).every((place) => isInside(place, bytes)) ? undefined : 'a place';
}

describe(`${MUTANTS} mutants of a header`, () => {
  it.each(Object.entries(SEEDS))('of %s', (format, seed) => {
    expect(sniff(seed)).toMatchObject({ kind: 'picture', header: { format } });
    const random = generator(seed.length);
    const kinds = { picture: 0, unsupported: 0, broken: 0, unknown: 0 };
    for (let i = 0; i < MUTANTS; i++) {
      const bytes = mutant(seed, random);
      const sniffed = sniff(bytes);
      kinds[sniffed.kind]++;
      if (sniffed.kind !== 'picture') continue;
      const wrong = impossible(sniffed.header, bytes);
      if (wrong !== undefined)
        expect.fail(`mutant ${i} of ${format}: ${wrong} in ${JSON.stringify(sniffed)}`);
    }
    // A fuzzer whose mutants all fail at the first byte proves nothing.
    expect(kinds.picture).toBeGreaterThan(MUTANTS / 20);
    expect(kinds.broken).toBeGreaterThan(MUTANTS / 20);
  });
});
