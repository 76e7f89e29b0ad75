/** EXIF and MPF: orientation and previews, and all the defects that occur in practice. */
import { describe, expect, it } from 'vitest';
import {
  BYTE,
  type ByteOrder,
  exifBlock,
  LONG,
  SHORT,
  type TiffField,
  tiff,
  UNDEFINED,
} from '../pictures/tiff.ts';
import { ORIENTATIONS } from '../pictures/turned.ts';
import {
  be32,
  bytesOf,
  chunk,
  frame,
  IDAT,
  ihdr,
  le32,
  PNG_SIGNATURE,
  riff,
  SOI,
  segment,
  vp8,
  vp8x,
} from './headers.ts';
import { headerOf } from './stills.ts';

type Bytes = readonly number[] | Uint8Array;

const app1 = (exif: Bytes) => segment(0xe1, [...bytesOf('Exif', 0, 0, exif)]);
const app2 = (mpf: Bytes) => segment(0xe2, [...bytesOf('MPF', 0, mpf)]);

/** Every place where a file may have EXIF. */
const CONTAINERS: readonly [name: string, file: (exif: Uint8Array) => Uint8Array][] = [
  ['JPEG', (exif) => bytesOf(SOI, app1(exif), frame())],
  [
    'JPEG with JFIF and XMP first',
    (exif) =>
      bytesOf(
        SOI,
        segment(0xe0, [1]),
        segment(0xe1, [...bytesOf('http://ns.adobe.com/xap/1.0/', 0)]),
        app1(exif),
        frame(),
      ),
  ],
  ['PNG before its pixels', (exif) => bytesOf(PNG_SIGNATURE, ihdr(), chunk('eXIf', [...exif]), IDAT)],
  [
    'PNG behind its pixels',
    (exif) =>
      bytesOf(PNG_SIGNATURE, ihdr(), chunk('IDAT', [1, 2, 3]), chunk('IDAT', []), chunk('eXIf', [...exif])),
  ],
  ['WebP', (exif) => riff(vp8x(640, 480, 8), vp8(), bytesOf('EXIF', le32(exif.length), exif))],
  [
    'WebP with an identifier',
    (exif) => riff(vp8x(), vp8(), bytesOf('EXIF', le32(exif.length + 6), 'Exif', 0, 0, exif)),
  ],
  [
    'animated WebP',
    (exif) => riff(vp8x(640, 480, 2), bytesOf('ANMF', le32(0)), bytesOf('EXIF', le32(exif.length), exif)),
  ],
];

const orientation = (type: number, ...values: readonly number[]): TiffField => ({
  tag: 0x0112,
  type,
  values,
});
const jpegWith = (exif: Bytes) => bytesOf(SOI, app1(exif), frame());

/** Non-standard forms that programs write, read as libvips and Pillow do: the first value of the first field. */
const IRREGULAR: readonly [name: string, exif: Uint8Array][] = [
  ['the value as a LONG', tiff('II', [orientation(LONG, 6)])],
  ['the value as a LONG, big-endian', tiff('MM', [orientation(LONG, 6)])],
  ['the value as a BYTE', tiff('MM', [orientation(BYTE, 6)])],
  ['two values', tiff('II', [orientation(SHORT, 6, 8)])],
  ['the field twice', tiff('II', [orientation(SHORT, 6), orientation(SHORT, 8)])],
  [
    'a damaged field before it',
    tiff('II', [{ tag: 0x010f, type: SHORT, values: [1], count: 0xffff_ffff }, orientation(SHORT, 6)]),
  ],
];

/** Damaged or hostile EXIF, which must be ignored. */
const NONSENSE: readonly [name: string, exif: Uint8Array][] = [
  ['nothing', bytesOf()],
  ['no byte order', bytesOf('IM', exifBlock(6).slice(2))],
  ['the other byte order', bytesOf('MM', exifBlock(6).slice(2))],
  ['orientation 0', exifBlock(0)],
  ['orientation 9', exifBlock(9)],
  ['orientation 65,535', exifBlock(0xffff)],
  ['a count of billions', tiff('II', [{ ...orientation(SHORT, 6), count: 0xffff_ffff }])],
  ['the value as bytes of no known meaning', tiff('II', [orientation(UNDEFINED, 6)])],
  ['no values', tiff('II', [{ ...orientation(SHORT, 6), count: 0 }])],
  ['a directory of 65,535 fields', exifBlock(6).with(8, 255).with(9, 255)],
  ['a directory at the end', exifBlock(6).with(4, 26)],
  ['a directory far away', exifBlock(6).with(7, 0x7f)],
  ['a directory inside the header', exifBlock(6).with(4, 0)],
  ['a directory cut off', exifBlock(6).slice(0, -5)],
  ['the field in the second directory only', tiff('II', [], [orientation(SHORT, 6)])],
];

/** A JPEG of a given size, as a preview. */
function small(width: number, height: number): Uint8Array {
  return bytesOf(SOI, frame({ width, height }), [0xff, 0xd9]);
}

/** EXIF whose second directory names a thumbnail at `at`, counted from the byte order mark. */
function withThumbnail(order: ByteOrder, at: number, bytes: number): Uint8Array {
  const place = [
    { tag: 0x0201, type: LONG, values: [at] },
    { tag: 0x0202, type: LONG, values: [bytes] },
  ];
  return tiff(order, [orientation(SHORT, 6)], place);
}

const THUMBNAIL = small(160, 120);
const EXIF_BYTES = withThumbnail('II', 0, 0).length;
/** SOI, marker and length, identifier. */
const EXIF_AT = 2 + 4 + 6;

/** An MP index of pictures, each with its attribute, size and offset in the file. */
function mpIndex(order: ByteOrder, mpfAt: number, pictures: readonly (readonly [number, number, number])[]) {
  const number = (value: number) => (order === 'II' ? le32(value) : be32(value));
  const values = pictures.flatMap(([attribute, bytes, at]) => [
    ...number(attribute),
    ...number(bytes),
    ...number(at === 0 ? 0 : at - mpfAt),
    0,
    0,
    0,
    0,
  ]);
  return tiff(order, [
    { tag: 0xb000, type: UNDEFINED, values: [0x30, 0x31, 0x30, 0x30] },
    { tag: 0xb001, type: LONG, values: [pictures.length] },
    { tag: 0xb002, type: UNDEFINED, values },
  ]);
}

const PRIMARY = 0x2003_0000;
const VGA = 0x0001_0001;
const FULL_HD = 0x0001_0002;
const STEREO = 0x0002_0002;
const UNDEFINED_TYPE = 0;

/** A camera's file: a thumbnail in EXIF, and after the picture those that `pictures` lists. */
function cameraFile(order: ByteOrder, pictures: readonly (readonly [attribute: number, file: Uint8Array])[]) {
  const exif = bytesOf(withThumbnail(order, EXIF_BYTES, THUMBNAIL.length), THUMBNAIL);
  const head = bytesOf(SOI, app1(exif));
  const mpfAt = head.length + 8;
  const main = (index: Uint8Array) => bytesOf(head, app2(index), frame({ width: 4000, height: 3000 }));
  let at = main(mpIndex(order, mpfAt, [[PRIMARY, 0, 0], ...pictures.map(() => [0, 0, 0] as const)])).length;
  const placed = pictures.map(([attribute, file]) => {
    at += file.length;
    return [attribute, file.length, at - file.length] as const;
  });
  return bytesOf(
    main(mpIndex(order, mpfAt, [[PRIMARY, 9, 0], ...placed])),
    ...pictures.map(([, file]) => file),
  );
}

function previewsOf(bytes: Uint8Array) {
  const header = headerOf(bytes);
  return 'previews' in header ? header.previews : [];
}

describe('orientation in EXIF', () => {
  it.each(CONTAINERS)('is read in %s', (_, file) => {
    for (const value of ORIENTATIONS) {
      for (const order of ['II', 'MM'] as const) {
        expect(headerOf(file(exifBlock(value, order)))).toMatchObject({ width: 640, orientation: value });
      }
    }
  });

  it('is read in TIFF', () => {
    const size = [
      { tag: 256, type: SHORT, values: [640] },
      { tag: 257, type: SHORT, values: [480] },
    ];
    expect(headerOf(tiff('MM', [...size, orientation(SHORT, 7)]))).toMatchObject({ orientation: 7 });
    expect(headerOf(tiff('MM', [...size, orientation(SHORT, 9)]))).toMatchObject({ orientation: 1 });
  });

  it.each(IRREGULAR)('is read as other programs read it: %s', (_, exif) => {
    for (const [, file] of CONTAINERS) expect(headerOf(file(exif))).toMatchObject({ orientation: 6 });
  });

  it.each(NONSENSE)('is 1 where EXIF is nonsense: %s', (_, exif) => {
    for (const [, file] of CONTAINERS)
      expect(headerOf(file(exif))).toMatchObject({ width: 640, orientation: 1 });
  });

  it('is the first that a file has', () => {
    expect(headerOf(bytesOf(SOI, app1(exifBlock(6)), app1(exifBlock(3)), frame()))).toMatchObject({
      orientation: 6,
    });
  });

  it('does not depend on the directory after it', () => {
    // The second directory is the first again; then one with an invalid offset.
    expect(headerOf(jpegWith(exifBlock(6).with(22, 8)))).toMatchObject({ orientation: 6, previews: [] });
    expect(headerOf(jpegWith(exifBlock(6).with(25, 0xff)))).toMatchObject({ orientation: 6, previews: [] });
  });

  it('is read where nothing is said of a next directory, not even that there is none', () => {
    expect(headerOf(jpegWith(exifBlock(6).slice(0, -4)))).toMatchObject({ orientation: 6 });
  });

  it('is read also where the segment says more than there is', () => {
    const bytes = bytesOf(SOI, app1(bytesOf(exifBlock(6), new Uint8Array(60_000))), frame());
    expect(headerOf(bytes)).toMatchObject({ orientation: 6 });
  });
});

describe('previews in JPEG', () => {
  it.each(['II', 'MM'] as const)('are found in EXIF and in MPF, byte order %s', (order) => {
    const bytes = cameraFile(order, [
      [FULL_HD, small(1620, 1080)],
      [VGA, small(640, 480)],
    ]);
    const previews = previewsOf(bytes);
    expect(previews).toMatchObject([
      { width: 160, height: 120, data: { start: EXIF_AT + EXIF_BYTES } },
      { width: 640, height: 480 },
      { width: 1620, height: 1080 },
    ]);
    for (const { data, width, height } of previews) {
      expect(headerOf(bytes.subarray(data.start, data.end))).toMatchObject({ width, height });
    }
    expect(previews.at(1)?.data.end).toBe(bytes.length);
  });

  it('are only smaller copies: no second view, no map without a type, nothing larger', () => {
    const bytes = cameraFile('II', [
      [STEREO, small(2000, 1500)],
      [UNDEFINED_TYPE, small(500, 375)],
      [FULL_HD | 0x0100_0000, small(640, 480)],
      [VGA, small(4000, 3000)],
    ]);
    expect(previewsOf(bytes)).toMatchObject([{ width: 160 }]);
  });

  it('lie inside the file and start as a JPEG does', () => {
    const whole = cameraFile('II', [[VGA, small(640, 480)]]);
    expect(previewsOf(whole)).toHaveLength(2);
    expect(previewsOf(whole.slice(0, -1))).toHaveLength(1);
    const [, large] = previewsOf(whole);
    const start = large?.data.start ?? 0;
    expect(previewsOf(whole.with(start, 0))).toHaveLength(1);
    expect(previewsOf(whole.with(start + 3, 0xd9))).toHaveLength(1);
  });

  it.each([
    ['the file itself', -EXIF_AT, 1000],
    ['no bytes', EXIF_BYTES, 0],
    ['beyond the end', 0xffff_fff0, 0xffff_ffff],
  ])('are not %s', (_, at, bytes) => {
    const exif = bytesOf(withThumbnail('II', at, bytes), THUMBNAIL);
    expect(headerOf(jpegWith(exif))).toMatchObject({ orientation: 6, previews: [] });
  });

  it('are looked for in eight places at most', () => {
    const many = Array.from({ length: 40 }, () => [VGA, small(640, 480)] as const);
    expect(previewsOf(cameraFile('II', many)).length).toBeLessThanOrEqual(8);
  });
});
