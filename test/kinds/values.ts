/**
 * Every value that a header's strings can have, by format: each must occur in a row of the matrix.
 *
 * The types are those of the header readers, so that a new kind does not compile until it is listed here, and does not
 * pass until it has a row.
 */
import type { ImageHeader } from '../../src/image/header.ts';
import type { Properties } from './properties.ts';

/** There is a row; or the reason why there is none. */
type Held = 'row' | { readonly none: string };

type Word<T> = T extends string ? T : T extends boolean ? `${T}` : never;
/** Names of the properties that are strings or booleans. */
type Words<H> = {
  [K in keyof H as K extends 'format' | 'orientation' | 'space'
    ? never
    : NonNullable<H[K]> extends string | boolean
      ? K
      : never]-?: Readonly<Record<Word<NonNullable<H[K]>>, Held>>;
};
/** The header of a format, which may also be that of another one. */
type HeaderOf<F, H = ImageHeader> = H extends ImageHeader ? (F extends H['format'] ? H : never) : never;
type Values = { readonly [F in ImageHeader['format']]: Words<HeaderOf<F>> };

const BOTH = { true: 'row', false: 'row' } as const;
const NEVER = { none: 'the format has no such files' } as const;
const NEVER_SET = { true: NEVER, false: 'row' } as const;

export const VALUES: Values = {
  jpeg: {
    progressive: BOTH,
    animated: NEVER_SET,
    process: { sequential: 'row', progressive: 'row', lossless: 'row' },
    entropyCoding: { huffman: 'row', arithmetic: { none: 'no encoder on npm or PyPI writes it' } },
    isRgb: { true: 'row', false: { none: 'it is left out' } },
  },
  png: {
    progressive: BOTH,
    animated: BOTH,
    colour: { grey: 'row', rgb: 'row', palette: 'row', 'grey-alpha': 'row', rgba: 'row' },
    transparency: BOTH,
  },
  gif: { progressive: BOTH, animated: BOTH },
  webp: { progressive: NEVER_SET, animated: BOTH, compression: { lossy: 'row', lossless: 'row' } },
  bmp: {
    progressive: NEVER_SET,
    animated: NEVER_SET,
    compression: { none: 'row', rle: 'row', bitfields: 'row' },
    topDown: BOTH,
  },
  tiff: {
    progressive: NEVER_SET,
    animated: NEVER_SET,
    compression: {
      none: 'row',
      packbits: 'row',
      lzw: 'row',
      deflate: 'row',
      'ccitt-rle': 'row',
      'ccitt-g3': 'row',
      'ccitt-g4': 'row',
      jpeg: 'row',
      'old-jpeg': { none: 'no encoder on npm or PyPI writes it' },
    },
    photometric: {
      grey: 'row',
      rgb: 'row',
      palette: 'row',
      cmyk: 'row',
      ycbcr: 'row',
      cielab: 'row',
      icclab: { none: 'no encoder on npm or PyPI writes it: test/image/tiff.test.ts' },
      itulab: { none: 'no encoder on npm or PyPI writes it: test/image/tiff.test.ts' },
    },
    sampleFormat: {
      unsigned: 'row',
      float: 'row',
      signed: { none: 'readers do not agree on what is black' },
    },
    predictor: {
      none: 'row',
      horizontal: 'row',
      float: { none: 'test/image/tiff.test.ts' },
    },
    whiteIsZero: BOTH,
    lowestBitFirst: BOTH,
    planar: BOTH,
  },
  ico: { progressive: NEVER_SET, animated: NEVER_SET },
  avif: { progressive: NEVER_SET, animated: BOTH, filmGrain: BOTH },
  heic: {
    progressive: NEVER_SET,
    animated: { true: { none: 'no encoder on npm or PyPI writes it' }, false: 'row' },
    filmGrain: NEVER_SET,
  },
};

/** The values above that no file has had. @param seen the properties of every file, by format. */
export function unseen(seen: ReadonlyMap<string, readonly Properties[]>): readonly string[] {
  return Object.entries(VALUES).flatMap(([format, properties]) =>
    Object.entries(properties).flatMap(([name, values]) =>
      Object.entries(values)
        .filter(([value, held]) => held === 'row' && !has(seen.get(format), name, value))
        .map(([value]) => `${format}: ${name} ${value}`),
    ),
  );
}

function has(files: readonly Properties[] = [], name: string, value: string): boolean {
  return files.some((properties) => properties[name] === value);
}
