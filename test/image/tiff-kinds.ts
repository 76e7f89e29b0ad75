/** Kinds of TIFF, each with the visible colour of a pixel, computed from the meaning of the file's numbers. */

import { RATIONAL, SHORT } from '../pictures/tiff.ts';
import type { TiffPicture } from '../pictures/tiff-file.ts';

export type Rgb = readonly [red: number, green: number, blue: number];

export interface TiffKind {
  readonly picture: Omit<TiffPicture, 'width' | 'height'>;
  /** Of 255, on white. */
  readonly seen: (x: number, y: number) => Rgb;
  /** Tolerance of a component, in levels. */
  readonly within: number;
}

const [GREY_WHITE_0, GREY, RGB, PALETTE, CMYK, YCBCR, CIELAB, ICCLAB, ITULAB] = [0, 1, 2, 3, 5, 6, 8, 9, 10];
const [UNSPECIFIED, PREMULTIPLIED, STRAIGHT] = [0, 1, 2];

/** No component can pass for another, or for its mirror image from the right or from below; blue has coarse steps. */
function colour(x: number, y: number): Rgb {
  return [(x * 7) % 256, 255 - ((y * 9) % 256), 60 * ((x >> 3) + (y >> 3))];
}

function grey(x: number, y: number): number {
  return (x * 7 + y * 3) % 256;
}

/** From transparent to opaque. */
function alpha(x: number, y: number): number {
  return Math.min(255, 16 * ((x + 2 * y) % 18));
}

const times = (bits: number, count: number) => Array.from({ length: count }, () => bits);
const most = (bits: number) => 2 ** bits - 1;
const same = (value: number): Rgb => [value, value, value];
/** A level as a number of this many bits; of 64 bits, one that a double represents. */
const stored = (level: number, bits: number) =>
  bits === 64 ? Math.floor((level / 256) * 2 ** 53) * 2 ** 11 : Math.round((level / 255) * most(bits));
/** What remains of a level in this many bits. */
const kept = (level: number, bits: number) => (bits >= 8 ? level : (stored(level, bits) * 255) / most(bits));
const map = (rgb: Rgb, change: (value: number) => number): Rgb => [
  change(rgb[0]),
  change(rgb[1]),
  change(rgb[2]),
];
const onWhite = (value: number, opacity: number) => (value * opacity) / 255 + 255 - opacity;

function greyOf(bits: number, whiteIsZero: boolean, sampleFormat: 1 | 3 = 1): TiffKind {
  const level = (x: number, y: number) => (whiteIsZero ? 255 - grey(x, y) : grey(x, y));
  return {
    picture: {
      photometric: whiteIsZero ? GREY_WHITE_0 : GREY,
      bits: [bits],
      sampleFormat,
      pixel: (x, y) => [sampleFormat === 3 ? level(x, y) / 255 : stored(level(x, y), bits)],
    },
    seen: (x, y) => same(whiteIsZero ? 255 - kept(level(x, y), bits) : kept(level(x, y), bits)),
    within: 1,
  };
}

function rgbOf(bits: number, sampleFormat: 1 | 3 = 1): TiffKind {
  return {
    picture: {
      photometric: RGB,
      bits: times(bits, 3),
      sampleFormat,
      pixel: (x, y) => colour(x, y).map((level) => (sampleFormat === 3 ? level / 255 : stored(level, bits))),
    },
    seen: (x, y) => map(colour(x, y), (level) => kept(level, bits)),
    within: 1,
  };
}

/** Grey or colour with an extra component. */
function withExtra(components: 1 | 3, bits: number, extra: readonly number[] | undefined): TiffKind {
  const [first = UNSPECIFIED] = extra ?? [];
  const levels = (x: number, y: number) => (components === 1 ? [grey(x, y)] : [...colour(x, y)]);
  const shown = (x: number, y: number) => (components === 1 ? same(grey(x, y)) : colour(x, y));
  return {
    picture: {
      photometric: components === 1 ? GREY : RGB,
      bits: times(bits, components + 1),
      ...(extra && { extraSamples: extra }),
      pixel: (x, y) =>
        [
          ...levels(x, y).map((level) => (first === PREMULTIPLIED ? (level * alpha(x, y)) / 255 : level)),
          alpha(x, y),
        ].map((level) => stored(level, bits)),
    },
    seen: (x, y) =>
      first === UNSPECIFIED ? shown(x, y) : map(shown(x, y), (level) => onWhite(level, alpha(x, y))),
    within: 1,
  };
}

function paletteOf(bits: number, isOfBytes = false): TiffKind {
  const entries = 2 ** bits;
  const entry = (i: number): Rgb => [(i * 37) & 255, 255 - ((i * 11) & 255), (i * 91 + 64) & 255];
  const all = Array.from({ length: entries }, (_, i) => entry(i));
  const values = [0, 1, 2].flatMap((channel) =>
    all.map((rgb) => rgb[channel as 0 | 1 | 2] * (isOfBytes ? 1 : 257)),
  );
  const index = (x: number, y: number) => (x * 5 + y * 17 + x * y * 29) % entries;
  return {
    picture: {
      photometric: PALETTE,
      bits: [bits],
      fields: [{ tag: 320, type: SHORT, values }],
      pixel: (x, y) => [index(x, y)],
    },
    seen: (x, y) => entry(index(x, y)),
    within: 0,
  };
}

function cmykOf(bits: number, extra?: number): TiffKind {
  const inks = (x: number, y: number) => [...colour(x, y).map((level) => 255 - level), (x * 3) % 128];
  const printed = (x: number, y: number) => {
    const light = 255 - ((x * 3) % 128);
    return map(colour(x, y), (level) => (level * light) / 255);
  };
  return {
    picture: {
      photometric: CMYK,
      bits: times(bits, extra === undefined ? 4 : 5),
      ...(extra !== undefined && { extraSamples: [extra] }),
      pixel: (x, y) =>
        [...inks(x, y), ...(extra === undefined ? [] : [alpha(x, y)])].map((level) => stored(level, bits)),
    },
    seen: (x, y) =>
      extra === STRAIGHT ? map(printed(x, y), (level) => onWhite(level, alpha(x, y))) : printed(x, y),
    within: 1,
  };
}

/**
 * sRGB colours and their L*, a* and b* relative to D50, by CIE 15's formulas and Bradford's adaptation; Little CMS
 * agrees.
 */
const LABS: readonly (readonly [lab: Rgb, rgb: Rgb])[] = [
  [
    [100, 0, 0],
    [255, 255, 255],
  ],
  [
    [0, 0, 0],
    [0, 0, 0],
  ],
  [
    [53.19, 0, 0],
    [127, 127, 127],
  ],
  [
    [47.34, 55.62, 39.32],
    [200, 60, 50],
  ],
  [
    [65.13, -50.34, 40.16],
    [60, 180, 80],
  ],
  [
    [40.34, 15.34, -57.1],
    [60, 90, 190],
  ],
  [
    [60.64, -27.6, -2.76],
    [80, 160, 150],
  ],
  [
    [81.92, 3.46, 43.86],
    [230, 200, 120],
  ],
];

function labOf(
  photometric: number,
  bits: number,
  store: (lab: Rgb) => readonly number[],
  within: number,
): TiffKind {
  const place = (x: number, y: number) =>
    LABS[((x >> 2) + (y >> 2)) % LABS.length] ?? (LABS[0] as (typeof LABS)[0]);
  return {
    picture: { photometric, bits: times(bits, 3), pixel: (x, y) => store(place(x, y)[0]).map(Math.round) },
    seen: (x, y) => place(x, y)[1],
    within,
  };
}

const wrapped = (value: number, bits: number) => (Math.round(value) + 2 ** bits) % 2 ** bits;

/** ITU-R BT.601 in full range, or in limited range. */
function ycbcrOf(
  fields: TiffPicture['fields'] = [],
  [black, range]: readonly [number, number] = [0, 255],
): TiffKind {
  const chroma = range === 255 ? 1 : 112 / 127;
  return {
    picture: {
      photometric: YCBCR,
      bits: [8, 8, 8],
      fields: [{ tag: 530, type: SHORT, values: [1, 1] }, ...fields],
      pixel: (x, y) => {
        const [red, green, blue] = colour(x, y);
        const luma = 0.299 * red + 0.587 * green + 0.114 * blue;
        return [
          black + (luma * range) / 255,
          128 + (chroma * (blue - luma)) / 1.772,
          128 + (chroma * (red - luma)) / 1.402,
        ].map((value) => Math.min(255, Math.round(value)));
      },
    },
    seen: colour,
    within: 3,
  };
}

const TELEVISION = [{ tag: 532, type: RATIONAL, values: [16, 1, 235, 1, 128, 1, 240, 1, 128, 1, 240, 1] }];

export const KINDS: Readonly<Record<string, TiffKind>> = {
  ...Object.fromEntries(
    [1, 2, 3, 4, 6, 8, 10, 12, 14, 16, 24, 32, 64].flatMap((bits) => [
      [`grey ${bits}`, greyOf(bits, false)],
      [`grey ${bits}, white is 0`, greyOf(bits, true)],
    ]),
  ),
  ...Object.fromEntries([16, 24, 32, 64].map((bits) => [`grey float ${bits}`, greyOf(bits, false, 3)])),
  'grey float 32, white is 0': greyOf(32, true, 3),
  ...Object.fromEntries([2, 4, 5, 8, 12, 16, 32].map((bits) => [`rgb ${bits}`, rgbOf(bits)])),
  ...Object.fromEntries([16, 24, 32, 64].map((bits) => [`rgb float ${bits}`, rgbOf(bits, 3)])),
  'rgb 5, 6, 5': {
    picture: {
      photometric: RGB,
      bits: [5, 6, 5],
      pixel: (x, y) => colour(x, y).map((level, i) => stored(level, i === 1 ? 6 : 5)),
    },
    seen: (x, y) => {
      const [red, green, blue] = colour(x, y);
      return [kept(red, 5), kept(green, 6), kept(blue, 5)];
    },
    within: 1,
  },
  'grey signed 8, which is none': {
    ...greyOf(8, false),
    picture: { ...greyOf(8, false).picture, sampleFormat: 2 },
  },
  'grey signed 16': {
    picture: { photometric: GREY, bits: [16], sampleFormat: 2, pixel: (x, y) => [grey(x, y) * 257 - 10_000] },
    seen: (x, y) => {
      // Values too large for the signed type become negative.
      const value = grey(x, y) * 257 - 10_000;
      return same(value < 0 || value > 32_767 ? 0 : (value * 255) / 65_535);
    },
    within: 1,
  },
  ...Object.fromEntries(
    [1, 3].flatMap((components) =>
      [8, 16].flatMap((bits) => {
        const of = components === 1 ? 1 : 3;
        const name = `${of === 1 ? 'grey' : 'rgb'} ${bits}`;
        return [
          [`${name}, alpha straight`, withExtra(of, bits, [STRAIGHT])],
          [`${name}, alpha premultiplied`, withExtra(of, bits, [PREMULTIPLIED])],
          [`${name}, one more, unspecified`, withExtra(of, bits, [UNSPECIFIED])],
          [`${name}, one more, of which nothing is said`, withExtra(of, bits, undefined)],
        ];
      }),
    ),
  ),
  ...Object.fromEntries([1, 2, 4, 8, 12, 16].map((bits) => [`palette ${bits}`, paletteOf(bits)])),
  'palette 8, its colours in bytes': paletteOf(8, true),
  ...Object.fromEntries([8, 16, 32].map((bits) => [`cmyk ${bits}`, cmykOf(bits)])),
  'cmyk 8, alpha straight': cmykOf(8, STRAIGHT),
  'cmyk 16, one more, unspecified': cmykOf(16, UNSPECIFIED),
  'cielab 8': labOf(CIELAB, 8, ([l, a, b]) => [l * 2.55, wrapped(a, 8), wrapped(b, 8)], 3),
  'cielab 16': labOf(CIELAB, 16, ([l, a, b]) => [l * 655.35, wrapped(a * 256, 16), wrapped(b * 256, 16)], 2),
  'icclab 8': labOf(ICCLAB, 8, ([l, a, b]) => [l * 2.55, a + 128, b + 128], 3),
  'icclab 16': labOf(ICCLAB, 16, ([l, a, b]) => [l * 652.8, (a + 128) * 256, (b + 128) * 256], 2),
  'itulab 8': labOf(ITULAB, 8, ([l, a, b]) => [l * 2.55, (a + 85) * 1.5, (b + 75) * 1.275], 3),
  ycbcr: ycbcrOf(),
  'ycbcr, range of television': ycbcrOf(TELEVISION, [16, 219]),
};
