/** Files written by other encoders, and the expected answer for each. */

import { BALLOON, DIGITAL_CLOCK, type Scene, type Size, SPIDER_WEB } from '../pictures/scenes.ts';
import { ORIENTATIONS } from '../pictures/turned.ts';

/**
 * `libjpeg`: by Pillow. `libheif`: with x265, by pillow-heif. `libavif`: by Pillow. `libvips`: by sharp, which includes
 * libheif and aom.
 */
export type Encoder = 'libjpeg' | 'libheif' | 'libavif' | 'libvips';

export interface Case {
  readonly name: string;
  readonly scene: Scene;
  readonly format: 'jpeg' | 'heic' | 'avif';
  readonly encoder: Encoder;
  /** Size of the upright picture. */
  readonly size: Size;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The orientation of the stored pixels, stated in EXIF and, by the encoder, in `irot` and `imir`. */
  readonly orientation?: number;
  /** The scene's background is transparent; the colours behind it are not the white that must be seen. */
  readonly clear?: boolean;
  /** Greyscale. */
  readonly grey?: boolean;
  /** JPEG with four components: unchanged, or with three of them as Y, Cb and Cr. */
  readonly ink?: 'cmyk' | 'ycck';
  /** Bits per sample. */
  readonly bits?: number;
  /** Stored in Display P3, with its profile. */
  readonly wide?: boolean;
  /** The picture, followed by another one. */
  readonly animated?: boolean;
  /** Taken from a smaller copy within the file. */
  readonly preview?: boolean;
}

const VGA = { width: 640, height: 480 };
/** As phones write it: tiles of 512×512 and a thumbnail of 320×240. */
const PHONE = { width: 4032, height: 3024 };
/** More than is assembled from tiles. */
const HUGE = { width: 6144, height: 4608 };
/** Too large to decode in one piece, and not a whole number of tiles. */
const TILED = { width: 2560, height: 2100 };

const ODD = { width: 321, height: 243 };

const FAST = { enc_params: { preset: 'ultrafast' }, quality: 80 };
const TILES = { ...FAST, tile_size: 512 };
const WHOLE = { ...FAST, tile_size: 0 };
const THUMBNAIL = { thumbnails: [320] };
/** H.273: the primaries of Display P3, the curve of sRGB, the matrix of BT.601. */
const P3_NCLX = {
  color_primaries: 12,
  transfer_characteristic: 13,
  matrix_coefficients: 6,
  full_range_flag: 1,
};

const HEIC = { format: 'heic', encoder: 'libheif', scene: DIGITAL_CLOCK, size: VGA } as const;
const AVIF = { format: 'avif', encoder: 'libavif', scene: SPIDER_WEB, size: VGA } as const;
const BY_LIBVIPS = { ...AVIF, encoder: 'libvips' } as const;

const JPEG = { format: 'jpeg', encoder: 'libjpeg', scene: BALLOON, size: VGA } as const;

export const CASES: readonly Case[] = [
  { ...JPEG, name: 'CMYK', ink: 'cmyk' },
  { ...JPEG, name: 'CMYK, decoded at half the size', size: { width: 1440, height: 1100 }, ink: 'cmyk' },
  { ...JPEG, name: 'YCCK', ink: 'ycck' },
  { ...JPEG, name: 'YCCK, decoded at half the size', size: { width: 1440, height: 1100 }, ink: 'ycck' },
  { ...HEIC, name: 'one picture', options: WHOLE },
  { ...HEIC, name: 'one picture of an odd size', size: { width: 641, height: 479 }, options: WHOLE },
  { ...HEIC, name: 'one picture without chroma subsampling', options: { ...WHOLE, chroma: '444' } },
  { ...HEIC, name: 'one picture in greys', scene: SPIDER_WEB, grey: true, options: WHOLE },
  { ...HEIC, name: 'a thumbnail beside a picture that fits', options: { ...WHOLE, ...THUMBNAIL } },
  {
    ...HEIC,
    name: '12 MP of tiles, a thumbnail',
    size: PHONE,
    options: { ...TILES, ...THUMBNAIL },
  },
  {
    ...HEIC,
    name: '28 MP of tiles, a thumbnail',
    size: HUGE,
    options: { ...TILES, ...THUMBNAIL },
    preview: true,
  },
  { ...HEIC, name: '12 MP of tiles, no thumbnail', size: PHONE, options: TILES },
  { ...HEIC, name: '2 MP of tiles, no thumbnail', size: { width: 1600, height: 1200 }, options: TILES },
  { ...HEIC, name: 'alpha', scene: BALLOON, clear: true, options: WHOLE },
  { ...HEIC, name: '10 bits', bits: 10, options: WHOLE },
  { ...HEIC, name: '10 bits, 4:2:2', bits: 10, options: { ...WHOLE, chroma: '422' } },
  { ...HEIC, name: '12 bits', bits: 12, options: WHOLE },
  { ...HEIC, name: 'the ICC profile of Display P3', wide: true, options: WHOLE },
  { ...HEIC, name: 'Display P3 by nclx', options: { ...WHOLE, save_nclx_profile: true, ...P3_NCLX } },
  ...turned({
    ...HEIC,
    name: 'one picture',
    scene: BALLOON,
    size: { width: 480, height: 500 },
    options: WHOLE,
  }),
  ...turned({ ...HEIC, name: 'tiles', scene: BALLOON, size: TILED, options: TILES }),
  ...turned({
    ...HEIC,
    name: 'tiles and a thumbnail',
    scene: BALLOON,
    size: TILED,
    options: { ...TILES, ...THUMBNAIL },
  }),
  { ...AVIF, name: 'one picture' },
  // Slow encoders use filters that fast ones do not.
  ...[0, 1, 2, 3, 4].map((speed) => ({ ...AVIF, name: `at speed ${speed}`, size: ODD, options: { speed } })),
  { ...AVIF, name: 'at speed 2, 4:4:4', size: ODD, options: { speed: 2, subsampling: '4:4:4' } },
  { ...AVIF, name: '4:2:2', options: { subsampling: '4:2:2' } },
  { ...AVIF, name: 'grey', options: { subsampling: '4:0:0' } },
  { ...AVIF, name: 'the narrow range', options: { range: 'limited' } },
  { ...AVIF, name: 'grey in the narrow range', options: { subsampling: '4:0:0', range: 'limited' } },
  { ...AVIF, name: 'film grain', options: { advanced: { 'film-grain-test': '1' } } },
  {
    ...AVIF,
    name: 'alpha that colours were multiplied by',
    scene: BALLOON,
    clear: true,
    options: { alpha_premultiplied: true },
  },
  { ...AVIF, name: 'without chroma subsampling', options: { subsampling: '4:4:4' } },
  { ...AVIF, name: 'alpha', scene: BALLOON, clear: true },
  { ...AVIF, name: 'the ICC profile of Display P3', wide: true },
  { ...AVIF, name: 'a sequence beside the still picture', animated: true },
  ...turned({ ...AVIF, name: 'one picture', scene: BALLOON, size: { width: 480, height: 500 } }),
  { ...BY_LIBVIPS, name: 'one picture' },
  { ...BY_LIBVIPS, name: '10 bits', bits: 10 },
  { ...BY_LIBVIPS, name: '12 bits', bits: 12 },
  { ...BY_LIBVIPS, name: 'alpha', scene: BALLOON, clear: true },
  { ...BY_LIBVIPS, name: 'the ICC profile of Display P3', wide: true },
  ...turned({ ...BY_LIBVIPS, name: 'one picture', scene: BALLOON, size: { width: 480, height: 500 } }),
];

/** The eight orientations. The others are compared with the first one. */
function turned(one: Case): readonly Case[] {
  return ORIENTATIONS.map((orientation) => ({ ...one, orientation }));
}
