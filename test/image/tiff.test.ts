/** TIFF, kind by kind and layout by layout, against what the files' numbers mean. */
import { describe, expect, it } from 'vitest';
import type { TiffHeader } from '../../src/image/header.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { decodeTiff } from '../../src/image/tiff/decode.ts';
import type { Shrink } from '../../src/image/webp/shrink.ts';
import { type TiffLayout, tiffFile } from '../pictures/tiff-file.ts';
import { headerOf } from './stills.ts';
import { KINDS, type Rgb, type TiffKind } from './tiff-kinds.ts';

/** Not a whole number of bytes, tiles or strips. */
const SIZE = { width: 21, height: 19 };
const TILE = { width: 16, height: 16 };

const COMPRESSIONS = ['none', 'packbits', 'lzw', 'old-lzw', 'deflate'] as const;

function tiffHeader(bytes: Uint8Array): TiffHeader {
  const header = headerOf(bytes);
  if (header.format !== 'tiff') throw new Error(header.format);
  return header;
}

function decoded(bytes: Uint8Array, by: Shrink = 1): Pixels | undefined {
  return decodeTiff(bytes, tiffHeader(bytes), by);
}

function pixelAt({ data, width, layout }: Pixels, x: number, y: number): number[] {
  const { bytesPerPixel = 4, grey = false } = layout ?? {};
  const at = (y * width + x) * bytesPerPixel;
  return [0, 1, 2].map((channel) => data[at + (grey ? 0 : channel)] ?? -1);
}

/** The most that a component is off, of 255. */
function mostOff(pixels: Pixels | undefined, seen: (x: number, y: number) => Rgb): number {
  if (pixels === undefined) return Number.NaN;
  let most = 0;
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      const wanted = seen(x, y);
      for (const [channel, value] of pixelAt(pixels, x, y).entries()) {
        most = Math.max(most, Math.abs(value - (wanted[channel] ?? 0)));
      }
    }
  }
  return most;
}

/** What is seen where `by` × `by` pixels, or what there are of them at the edge, are one. */
function shrunk(seen: TiffKind['seen'], by: number): TiffKind['seen'] {
  return (x, y) => {
    const sums = [0, 0, 0];
    let count = 0;
    for (let down = y * by; down < Math.min((y + 1) * by, SIZE.height); down++) {
      for (let across = x * by; across < Math.min((x + 1) * by, SIZE.width); across++, count++) {
        for (const [channel, value] of seen(across, down).entries()) {
          sums[channel] = (sums[channel] ?? 0) + value;
        }
      }
    }
    const [red = 0, green = 0, blue = 0] = sums.map((sum) => sum / count);
    return [red, green, blue];
  };
}

/** Predictions that a kind can have. */
function predictors({ picture }: TiffKind): readonly (1 | 2 | 3)[] {
  if (picture.sampleFormat === 3) return [1, 3];
  const [first = 0] = picture.bits;
  return picture.bits.every((bits) => bits === first) && [8, 16, 32].includes(first) ? [1, 2] : [1];
}

/** Every compression, together and in planes, in strips and in tiles, both byte orders with each of them. */
function layoutsOf(kind: TiffKind): TiffLayout[] {
  const several = kind.picture.bits.length > 1;
  return COMPRESSIONS.flatMap((compression) =>
    (several ? [false, true] : [false]).flatMap((planar) => {
      const predicted = ['lzw', 'deflate'].includes(compression) ? predictors(kind) : [1 as const];
      return predicted.flatMap((predictor) => [
        { compression, planar, predictor, order: 'II' as const, rowsPerStrip: 7 },
        { compression, planar, predictor, order: 'MM' as const, tile: TILE },
      ]);
    }),
  );
}

describe('TIFF', () => {
  it.each(Object.entries(KINDS))(
    'shows what its numbers mean, however they are laid out: %s',
    async (_, kind) => {
      const layouts = layoutsOf(kind);
      expect(layouts.length).toBeGreaterThanOrEqual(10);
      for (const layout of layouts) {
        const pixels = decoded(await tiffFile({ ...kind.picture, ...SIZE }, layout));
        expect(pixels, JSON.stringify(layout)).toMatchObject(SIZE);
        expect(mostOff(pixels, kind.seen), JSON.stringify(layout)).toBeLessThanOrEqual(kind.within + 0.5);
      }
    },
  );

  it.each(['grey 1', 'grey 16', 'rgb 8', 'palette 4', 'cmyk 8', 'rgb 8, alpha straight'])(
    'is made smaller on the way, by means: %s',
    async (name) => {
      const kind = KINDS[name];
      if (kind === undefined) throw new Error(name);
      for (const by of [2, 4, 8] as const) {
        for (const place of [{ rowsPerStrip: 7 }, { rowsPerStrip: 19 }, { tile: TILE }]) {
          const pixels = decoded(await tiffFile({ ...kind.picture, ...SIZE }, place), by);
          expect(pixels).toMatchObject({
            width: Math.ceil(SIZE.width / by),
            height: Math.ceil(SIZE.height / by),
            extent: { width: SIZE.width / by, height: SIZE.height / by },
          });
          expect(mostOff(pixels, shrunk(kind.seen, by))).toBeLessThanOrEqual(kind.within + 0.5);
        }
      }
    },
  );

  it.each(['grey 1', 'grey 16', 'rgb 8', 'palette 4'])(
    'may have the bits of its bytes in the other order: %s',
    async (name) => {
      const kind = KINDS[name];
      if (kind === undefined) throw new Error(name);
      for (const compression of COMPRESSIONS) {
        const file = await tiffFile(
          { ...kind.picture, ...SIZE },
          { compression, lowestBitFirst: true, rowsPerStrip: 7 },
        );
        expect(mostOff(decoded(file), kind.seen), compression).toBeLessThanOrEqual(kind.within + 0.5);
      }
    },
  );

  it('may be a BigTIFF', async () => {
    for (const order of ['II', 'MM'] as const) {
      for (const place of [{ rowsPerStrip: 7 }, { tile: TILE }]) {
        const kind = KINDS['rgb 8'] as TiffKind;
        const file = await tiffFile({ ...kind.picture, ...SIZE }, { order, isBig: true, ...place });
        expect(mostOff(decoded(file), kind.seen)).toBeLessThanOrEqual(1);
      }
    }
  });
});
