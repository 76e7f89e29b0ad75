/** Kinds of PNG and JPEG that libvips does not write, each with a PNG of what it shows. */
import sharp from 'sharp';
import { draw } from './encode.ts';
import { mosaicJpeg, type Transform } from './mosaic-jpeg.ts';
import { type Kind, png } from './png.ts';
import { type Size, SPIDER_WEB } from './scenes.ts';

type Rgb = readonly [red: number, green: number, blue: number];

interface Stored {
  readonly kind: Kind;
  /** Samples of a pixel, by the grey that is drawn there. */
  readonly samples: (grey: number) => readonly number[];
  readonly seen: (grey: number) => Rgb;
}

/** Not a whole number of bytes per row at any depth below 8. */
const SIZE = { width: 333, height: 257 };

const PNGS: Readonly<Record<string, Stored>> = {
  ...Object.fromEntries(([1, 2, 4] as const).map((depth) => [`grey-${depth}`, greyOf(depth)])),
  // The two bytes differ: the lower one must make no difference.
  'grey-16': {
    kind: { colour: 'grey', depth: 16 },
    samples: (grey) => [(grey << 8) | (255 - grey)],
    seen: (grey) => [grey, grey, grey],
  },
  'grey-transparent': {
    kind: { colour: 'grey', depth: 4, transparency: [0, 3] },
    samples: (grey) => [grey >> 4],
    seen: (grey) => (grey >> 4 === 3 ? WHITE : greyOf(4).seen(grey)),
  },
  'grey-alpha-8': {
    kind: { colour: 'grey-alpha', depth: 8 },
    samples: (grey) => [255 - grey, grey],
    seen: (grey) => onWhite([255 - grey, 255 - grey, 255 - grey], grey),
  },
  'grey-alpha-16': {
    kind: { colour: 'grey-alpha', depth: 16 },
    samples: (grey) => [(255 - grey) * 257, grey * 257],
    seen: (grey) => onWhite([255 - grey, 255 - grey, 255 - grey], grey),
  },
  ...Object.fromEntries(([1, 2, 4, 8] as const).map((depth) => [`palette-${depth}`, paletteOf(depth)])),
};

const WHITE = [255, 255, 255] as const;

/** Blocks across and down: for photon; and, decoded at half size, for magick. */
const MOSAICS = { small: { width: 40, height: 30 }, large: { width: 180, height: 135 } };

const INKS: Readonly<Record<string, (colour: Rgb, black: number) => readonly [stored: number[], Transform]>> =
  {
    rgb: (colour) => [[...colour], 0],
    ycc: (colour) => [toYcc(colour), 1],
    // Adobe stores the complement of an ink: the light that it leaves.
    cmyk: (colour, black) => [[...colour, black], 0],
    ycck: (colour, black) => [[...toYcc(negative(colour)), black], 2],
  };

/** Each file as `grey-4.png`, and what it shows as `grey-4.png, seen`. */
export async function* storedPictures(): AsyncGenerator<readonly [name: string, file: Uint8Array]> {
  const rgb = await draw(SPIDER_WEB, SIZE);
  const greys = Array.from({ length: rgb.length / 3 }, (_, i) => ((rgb[3 * i] ?? 0) + i) & 0xff);
  for (const [name, { kind, samples, seen }] of Object.entries(PNGS)) {
    yield [`${name}.png`, png(greys.flatMap(samples), SIZE, kind)];
    yield [`${name}.png, seen`, await rgbPng(greys.map(seen), SIZE)];
  }
  for (const [size, mosaic] of Object.entries(MOSAICS)) {
    for (const [name, stored] of Object.entries(INKS)) {
      const blocks = colours(mosaic).map(({ colour, black }) => stored(colour, black));
      const transform = blocks[0]?.[1] ?? 0;
      const file = `${name}-${size}.jpeg`;
      yield [
        file,
        mosaicJpeg(
          mosaic.width,
          blocks.map(([components]) => components),
          transform,
        ),
      ];
      const seen = colours(mosaic).map(({ colour, black }): Rgb => {
        const light = name === 'cmyk' || name === 'ycck' ? black / 255 : 1;
        return [colour[0] * light, colour[1] * light, colour[2] * light];
      });
      yield [`${file}, seen`, await rgbPng(seen, mosaic, 8)];
    }
  }
}

/** All values of red and green along the two axes, blue in steps; black in stripes. */
function colours({ width, height }: Size): readonly { colour: Rgb; black: number }[] {
  return Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    const [red, green] = [(255 * x) / (width - 1), (255 * y) / (height - 1)].map(Math.round);
    const blue = (Math.floor((6 * x) / width) + Math.floor((6 * y) / height)) * 25;
    return { colour: [red ?? 0, green ?? 0, blue], black: 255 - 60 * (Math.floor((9 * y) / height) % 3) };
  });
}

function greyOf(depth: 1 | 2 | 4): Stored {
  const sample = (grey: number) => grey >> (8 - depth);
  const seen = (grey: number) => (sample(grey) * 255) / (2 ** depth - 1);
  return {
    kind: { colour: 'grey', depth },
    samples: (grey) => [sample(grey)],
    seen: (grey) => [seen(grey), seen(grey), seen(grey)],
  };
}

/** The second half of the palette is opaque without being listed. */
function paletteOf(depth: 1 | 2 | 4 | 8): Stored {
  const entries = 2 ** depth;
  const colour = (i: number): Rgb => [(i * 37) & 255, (255 - (i * 255) / entries) | 0, (i * 91 + 64) & 255];
  const alpha = (i: number) => (i < entries / 2 ? Math.round((i * 255) / entries) : 255);
  const indices = Array.from({ length: entries }, (_, i) => i);
  const transparency = indices.slice(0, entries / 2).map(alpha);
  const index = (grey: number) => grey >> (8 - depth);
  return {
    kind: { colour: 'palette', depth, palette: indices.flatMap(colour), transparency },
    samples: (grey) => [index(grey)],
    seen: (grey) => onWhite(colour(index(grey)), alpha(index(grey))),
  };
}

function onWhite([red, green, blue]: Rgb, alpha: number): Rgb {
  const over = (value: number) => (value * alpha) / 255 + (255 - alpha);
  return [over(red), over(green), over(blue)];
}

function negative([red, green, blue]: Rgb): Rgb {
  return [255 - red, 255 - green, 255 - blue];
}

/** ITU-T T.871 §7. */
function toYcc([red, green, blue]: Rgb): number[] {
  const y = 0.299 * red + 0.587 * green + 0.114 * blue;
  return [y, 128 + (blue - y) / 1.772, 128 + (red - y) / 1.402].map((value) =>
    Math.min(Math.max(Math.round(value), 0), 255),
  );
}

/** @param side of the square that each colour fills. */
async function rgbPng(pixels: readonly Rgb[], { width, height }: Size, side = 1): Promise<Uint8Array> {
  const rgb = Uint8Array.from(pixels.flatMap((pixel) => pixel.map(Math.round)));
  const image = sharp(rgb, { raw: { width, height, channels: 3 } });
  const sized = image.resize(width * side, height * side, { kernel: 'nearest' });
  return new Uint8Array(await sized.png({ compressionLevel: 1 }).toBuffer());
}
