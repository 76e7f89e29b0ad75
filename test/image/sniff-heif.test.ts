/** HEIC and AVIF: which item is the picture, and what its properties say (ISO/IEC 23008-12). */
import { describe, expect, it } from 'vitest';
import { sniff } from '../../src/image/sniff.ts';
import {
  auxC,
  av1C,
  box,
  clap,
  ftyp,
  fullBox,
  gridData,
  type HeifFile,
  heif,
  hvcC,
  type Item,
  imir,
  irot,
  ispe,
  nclx,
  PICTURE,
} from './boxes.ts';
import { be16, be32, bytesOf } from './headers.ts';
import { checkStills, headerOf, type Still } from './stills.ts';

const [ALPHA, DEPTH] = ['urn:mpeg:hevc:2015:auxid:1', 'urn:mpeg:hevc:2015:auxid:2'];

function picture(...properties: readonly Uint8Array[]): readonly Item[] {
  return [{ id: 1, type: 'hvc1', properties: [hvcC(), ispe(), ...properties] }];
}

/** Six tiles of 512×512 for a picture of 1400×1000, as phones write it. */
function grid({ columns = 3, rows = 2, width = 1400, height = 1000, tiles = 6 } = {}): HeifFile {
  const ids = Array.from({ length: tiles }, (_, i) => 10 + i);
  return {
    items: [
      { id: 1, type: 'grid', properties: [ispe(1400, 1000), irot(3)], data: { method: 1, at: 2, bytes: 8 } },
      ...ids.map((id): Item => ({ id, type: 'hvc1', properties: [hvcC(), ispe(512, 512)] })),
    ],
    references: [['dimg', 1, ...ids]],
    idat: bytesOf(0xff, 0xff, gridData(columns, rows, width, height)),
  };
}

const STILLS: readonly Still[] = [
  [
    'HEIC',
    heif(),
    {
      format: 'heic',
      width: 640,
      height: 480,
      coded: { width: 640, height: 480 },
      components: 3,
      bitDepth: 8,
      grid: undefined,
      thumbnails: [],
    },
  ],
  [
    'AVIF of ten bits, grey',
    heif({
      brands: ['avif', 'mif1'],
      items: [{ id: 1, type: 'av01', properties: [av1C(0x50), ispe(3, 70_000)] }],
    }),
    { format: 'avif', width: 3, height: 70_000, bitDepth: 10, components: 1 },
  ],
  [
    'grey HEIC of ten bits',
    heif({ items: [{ ...PICTURE, properties: [ispe(), hvcC({ bits: 10, chroma: 0 })] }] }),
    { bitDepth: 10, components: 1 },
  ],
  [
    'a file of no codec by its brand, and HEVC by its item',
    heif({ brands: ['mif1', 'miaf'] }),
    { format: 'heic' },
  ],
  [
    'AV1 under the brand of HEVC',
    heif({ items: [{ id: 1, type: 'av01', properties: [av1C(), ispe()] }] }),
    { format: 'avif', bitDepth: 8, components: 3 },
  ],
  [
    'the primary item and not the first',
    heif({ primary: 7, items: [PICTURE, { id: 7, type: 'hvc1', properties: [hvcC(), ispe(64, 32)] }] }),
    { width: 64, height: 32 },
  ],
  [
    'tiles',
    heif(grid()),
    {
      width: 1400,
      height: 1000,
      coded: { width: 1400, height: 1000 },
      grid: { columns: 3, rows: 2, width: 512, height: 512 },
      orientation: 6,
    },
  ],
  [
    'an alpha plane and a depth map',
    heif({
      items: [
        PICTURE,
        { id: 2, type: 'hvc1', properties: [hvcC({ chroma: 0 }), ispe(), auxC(DEPTH ?? '')] },
        { id: 3, type: 'hvc1', properties: [hvcC({ chroma: 0 }), ispe(), auxC(ALPHA ?? '')] },
      ],
      references: [
        ['auxl', 2, 1],
        ['auxl', 3, 1],
      ],
    }),
    { components: 4 },
  ],
  [
    'a depth map alone',
    heif({
      items: [PICTURE, { id: 2, type: 'hvc1', properties: [auxC(DEPTH ?? '')] }],
      references: [['auxl', 2, 1]],
    }),
    { components: 3 },
  ],
  [
    'clean aperture',
    heif({ items: picture(clap(601, 401), irot(1)) }),
    {
      width: 601,
      height: 401,
      coded: { width: 640, height: 480 },
      // Half a pixel from the left and from the top.
      aperture: { left: 19, top: 39, width: 601, height: 401 },
      orientation: 8,
    },
  ],
  [
    'a clean aperture that is not in the middle',
    heif({ items: picture(clap(320, 240, { right: -100, down: 40 })) }),
    { width: 320, height: 240, aperture: { left: 60, top: 160, width: 320, height: 240 } },
  ],
  [
    // Rotated to 480×640, then the right half; upright, that is the lower half of the stored picture.
    'a clean aperture of what was turned before',
    heif({ items: picture(irot(3), clap(240, 640, { right: -120, down: 0 })) }),
    { width: 640, height: 240, aperture: { left: 0, top: 240, width: 640, height: 240 }, orientation: 6 },
  ],
  [
    'a clean aperture of what was mirrored before, and another in it',
    heif({
      items: picture(
        imir(1),
        clap(600, 480, { right: 20, down: 0 }),
        clap(100, 100, { right: 250, down: 0 }),
      ),
    }),
    { width: 100, height: 100, aperture: { left: 0, top: 190, width: 100, height: 100 }, orientation: 2 },
  ],
  [
    'a picture that another item takes as it is, and turns once more',
    heif({
      ...derived('iden', irot(1)),
      items: [
        { ...PICTURE, properties: [hvcC(), ispe(), irot(1)] },
        { id: 2, type: 'iden', properties: [ispe(), irot(1)] },
        { id: 3, type: 'hvc1', properties: [hvcC({ chroma: 0 }), ispe(), auxC(ALPHA ?? '')] },
      ],
      references: [
        ['dimg', 2, 1],
        ['auxl', 3, 2],
      ],
    }),
    { itemId: 1, width: 640, height: 480, orientation: 3, components: 4, alpha: { itemId: 3 } },
  ],
  [
    'colours by numbers, and those that were multiplied by alpha',
    heif({
      items: [
        { ...PICTURE, properties: [hvcC(), ispe(), nclx({ matrix: 9, fullRange: false })] },
        { id: 3, type: 'hvc1', properties: [hvcC({ chroma: 0, bits: 10 }), ispe(), auxC(ALPHA ?? '')] },
      ],
      references: [
        ['auxl', 3, 1],
        ['prem', 1, 3],
      ],
    }),
    {
      numbers: { primaries: 1, transfer: 13, matrix: 9, fullRange: false },
      alpha: { itemId: 3, bitDepth: 10, isGrey: true, isPremultiplied: true },
    },
  ],
  [
    'an alpha that has chroma',
    heif({
      items: [
        { id: 1, type: 'av01', properties: [av1C(), ispe()] },
        { id: 3, type: 'av01', properties: [av1C(), ispe(), auxC(ALPHA ?? '')] },
      ],
      references: [['auxl', 3, 1]],
    }),
    { alpha: { itemId: 3, bitDepth: 8, isGrey: false, isPremultiplied: false } },
  ],
  ['a clean aperture larger than the picture', heif({ items: picture(clap(641, 480)) }), { width: 640 }],
  ['a brand that may be a sequence, and no film', heif({ brands: ['mif1', 'msf1'] }), { animated: false }],
  [
    'a box with eight bytes of size before meta',
    bytesOf(ftyp('heic'), be32(1), 'free', be32(0), be32(24), new Uint8Array(8), heif().slice(20)),
    { width: 640 },
  ],
];

const TRANSFORMATIONS: readonly [name: string, properties: readonly Uint8Array[], orientation: number][] = [
  ['nothing', [], 1],
  ['a quarter anticlockwise', [irot(1)], 8],
  ['half a turn', [irot(2)], 3],
  ['three quarters', [irot(3)], 6],
  ['six bits that are reserved', [irot(0xfd)], 8],
  ['top and bottom exchanged', [imir(0)], 4],
  ['left and right exchanged', [imir(1)], 2],
  ['a quarter, then left and right', [irot(1), imir(1)], 7],
  ['left and right, then a quarter', [imir(1), irot(1)], 5],
  ['a quarter, then top and bottom', [irot(1), imir(0)], 5],
  ['three quarters, then top and bottom', [irot(3), imir(0)], 7],
];

/** A picture with three thumbnails: of the same codec, of another, and made of tiles. */
const WITH_THUMBNAILS: HeifFile = {
  items: [
    { ...PICTURE, data: { at: 0, bytes: 8 } },
    { id: 2, type: 'hvc1', properties: [hvcC(), ispe(320, 240)], data: { at: 4, bytes: 9 } },
    { id: 3, type: 'av01', properties: [av1C(), ispe(64, 64)], data: { at: 4, bytes: 9 } },
    { id: 4, type: 'grid', properties: [ispe(64, 64)], data: { method: 1, at: 0, bytes: 8 } },
    { id: 5, type: 'hvc1', properties: [hvcC(), ispe(160, 120)], data: { at: 4, bytes: 1_000_000 } },
    { id: 6, type: 'hvc1', properties: [hvcC(), ispe(1, 1)], data: { at: 4, bytes: 9 } },
  ],
  references: [...[2, 3, 4, 5].map((id) => ['thmb', id, 1] as const), ['thmb', 6, 2]],
  idat: gridData(1, 1, 64, 64),
};

const BROKEN: readonly [name: string, bytes: Uint8Array, reason: RegExp][] = [
  ['only brands', ftyp('heic', 'mif1'), /no whole meta/],
  ['two meta boxes', bytesOf(heif(), heif().slice(20)), /no whole meta/],
  ['a box shorter than its head', bytesOf(ftyp('heic'), be32(4), heif().slice(20)), /no whole meta/],
  ['a primary item that is not there', heif({ primary: 9 }), /holds neither/],
  ['an item of JPEG', heif({ items: [{ ...PICTURE, type: 'jpeg' }] }), /holds neither/],
  ['no size', heif({ items: [{ ...PICTURE, properties: [hvcC()] }] }), /size/],
  ['two sizes', heif({ items: picture(ispe(16_000, 16_000)) }), /size/],
  ['width 0', heif({ items: [{ ...PICTURE, properties: [hvcC(), ispe(0, 480)] }] }), /size/],
  ['no codec configuration', heif({ items: [{ ...PICTURE, properties: [ispe()] }] }), /bit depth/],
  ['properties given twice', heif({ items: [PICTURE, PICTURE] }), /size/],
  ['fewer tiles than its grid', heif(grid({ tiles: 5 })), /tiles/],
  ['tiles that do not cover the picture', heif(grid({ columns: 2, rows: 3 })), /tiles/],
  ['a grid of another size', heif(grid({ width: 1000 })), /tiles/],
  ['a grid whose data are nowhere', heif({ ...grid(), idat: new Uint8Array(2) }), /tiles/],
  ['a grid without tiles', heif({ ...grid(), references: [] }), /holds neither/],
  ['a grid of itself', heif({ ...grid(), references: [['dimg', 1, 1, 1, 1, 1, 1, 1]] }), /holds neither/],
];

const UNSUPPORTED: readonly [name: string, bytes: Uint8Array, what: RegExp][] = [
  [
    'a sequence without a still picture',
    bytesOf(ftyp('hevc', 'msf1', 'hevc'), box('moov'), box('mdat', 'xyz')),
    /^An HEIC that is a sequence without a still picture$/,
  ],
  ['the same of AV1', bytesOf(ftyp('avis', 'msf1'), box('moov')), /^An AVIF that is a sequence/],
  ['an overlay', heif(derived('iovl')), /^An HEIC of pictures laid over each other$/],
  ['a derivation without its source', heif({ ...derived('iden'), references: [] }), /taken from others$/],
  [
    'colours that are not linear',
    heif({ items: picture(nclx({ matrix: 14 })) }),
    /^An HEIC in colours of matrix 14 of ITU-T H\.273$/,
  ],
  [
    'luma and differences of green and orange, in HEVC',
    heif({ items: picture(nclx({ matrix: 8 })) }),
    /^An HEIC in YCgCo$/,
  ],
  [
    'the same of ten bits, in AV1',
    heif({ items: [{ id: 1, type: 'av01', properties: [av1C(0x4c), ispe(), nclx({ matrix: 8 })] }] }),
    /^An AVIF of more than 8 bits in YCgCo$/,
  ],
  [
    'red, green and blue of which two are halved',
    heif({ items: picture(nclx({ matrix: 0 })) }),
    /^An HEIC of red, green and blue that has not all samples of each$/,
  ],
];

function derived(type: string, ...more: readonly Uint8Array[]): HeifFile {
  return {
    primary: 2,
    items: [PICTURE, { id: 2, type, properties: [ispe(), ...more], data: { method: 1, at: 0, bytes: 8 } }],
    references: [['dimg', 2, 1]],
    idat: new Uint8Array(8),
  };
}

const FILMS: readonly [name: string, bytes: Uint8Array][] = [
  ['MP4', bytesOf(ftyp('isom', 'iso2', 'mp41'), box('moov'))],
  ['a ftyp without brands', bytesOf(be32(8), 'ftyp')],
  ['a brand beyond the box', bytesOf(ftyp('isom'), 'heic')],
];

describe('sniffing HEIC and AVIF', () => {
  checkStills(STILLS);

  it.each(TRANSFORMATIONS)('puts rotation and mirroring together: %s', (_, properties, orientation) => {
    expect(headerOf(heif({ items: picture(...properties) }))).toMatchObject({ orientation });
  });

  it('does not read EXIF, which says the same once more', () => {
    const exif: Item = { id: 2, type: 'Exif', data: { at: 0, bytes: 8 } };
    const bytes = heif({ items: [...picture(irot(3)), exif], references: [['cdsc', 2, 1]] });
    expect(headerOf(bytes)).toMatchObject({ orientation: 6 });
  });

  it('lists the thumbnails that are coded as the picture is, smallest first', () => {
    const bytes = heif(WITH_THUMBNAILS);
    expect(headerOf(bytes)).toMatchObject({
      thumbnails: [
        { itemId: 5, width: 160, height: 120, dataBytes: 0 },
        { itemId: 2, width: 320, height: 240, dataBytes: 9 },
      ],
    });
  });

  it('finds a sequence beside the picture', () => {
    const bytes = heif({ brands: ['avis', 'avif', 'msf1'], after: [box('mdat', 'xyz'), box('moov')] });
    expect(headerOf(bytes)).toMatchObject({ animated: true });
  });

  it('reads the wide variants of the tables', () => {
    const meta = fullBox(
      'meta',
      0,
      0,
      fullBox('pitm', 1, 0, be32(70_000)),
      fullBox(
        'iloc',
        2,
        0,
        [0x88, 0x80],
        be32(1),
        be32(70_001),
        be16(0),
        be16(0),
        be32(0),
        be32(8),
        be16(1),
        be32(0),
        be32(4),
        be32(0),
        be32(6),
      ),
      fullBox(
        'iinf',
        1,
        0,
        be32(2),
        ...[70_000, 70_001].map((id) => fullBox('infe', 3, 0, be32(id), be16(0), 'av01', 0)),
      ),
      box(
        'iprp',
        box('ipco', av1C(0x60), ispe()),
        fullBox(
          'ipma',
          1,
          1,
          be32(2),
          ...[70_000, 70_001].map((id) => bytesOf(be32(id), 2, be16(0x8001), be16(2))),
        ),
      ),
      fullBox('iref', 1, 0, box('thmb', be32(70_001), be16(1), be32(70_000))),
    );
    expect(headerOf(bytesOf(ftyp('avif'), meta))).toMatchObject({
      format: 'avif',
      bitDepth: 12,
      width: 640,
      itemId: 70_000,
      thumbnails: [{ itemId: 70_001, dataBytes: 6 }],
    });
  });

  it.each(BROKEN)('says why it cannot use a header: %s', (_, bytes, reason) => {
    expect(sniff(bytes)).toEqual({ kind: 'broken', format: 'heic', reason: expect.stringMatching(reason) });
  });

  it.each(UNSUPPORTED)('names what it does not read: %s', (_, bytes, what) => {
    expect(sniff(bytes)).toEqual({ kind: 'unsupported', what: expect.stringMatching(what) });
  });

  it.each(FILMS)('does not know: %s', (_, bytes) => {
    expect(sniff(bytes)).toEqual({ kind: 'unknown' });
  });
});
