/** Pictures assembled from pieces: squares, colours, and compositing on white. */
import { describe, expect, it } from 'vitest';
import { AS_IT_IS, conversionFor, type Weights, weightsOf } from '../../src/image/colour/matrix.ts';
import { createMosaic, type Piece } from '../../src/image/heif/mosaic.ts';

/** Three planes of one byte per pixel, from a function of position and channel. */
function pieceOf(
  width: number,
  height: number,
  value: (x: number, y: number, channel: number) => number,
): Piece {
  const planes = [0, 1, 2].map((channel) => ({
    samples: Uint8Array.from({ length: width * height }, (_, i) =>
      value(i % width, Math.floor(i / width), channel),
    ),
    step: 1,
    stride: width,
    across: 1 as const,
    down: 1 as const,
  }));
  return { width, height, planes, conversion: AS_IT_IS };
}

const gradient = (x: number, y: number, channel: number) => (7 * x + 5 * y + 50 * channel) & 0xff;

/** The mean of a square of the gradient. */
function meanAt(left: number, top: number, side: number, channel: number): number {
  let sum = 0;
  for (let y = 0; y < side; y++) for (let x = 0; x < side; x++) sum += gradient(left + x, top + y, channel);
  return Math.round(sum / side ** 2);
}

describe('a mosaic', () => {
  it.each([1, 2, 4, 8])('is the mean of squares of %i, also of those that several pieces make', (side) => {
    // Pieces of 13×11, which divide no side evenly.
    const region = { left: 3, top: 2, width: 33, height: 29 };
    const part = (left: number, top: number) =>
      pieceOf(13, 11, (x, y, channel) => gradient(left + x, top + y, channel));
    const mosaic = createMosaic(region, side, part(0, 0));
    for (const top of [0, 11, 22]) for (const left of [0, 13, 26]) mosaic.add(part(left, top), left, top);
    const { data, width, height, extent } = mosaic.pixels();
    expect({ width, height }).toEqual({ width: Math.floor(33 / side), height: Math.floor(29 / side) });
    expect(extent).toEqual({ width: 33 / side, height: 29 / side });
    const expected = Array.from({ length: width * height * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
      return meanAt(region.left + x * side, region.top + y * side, side, i % 3);
    });
    expect([...data]).toEqual(expected);
  });

  it('is laid over white by its alpha', () => {
    const [half, opaque] = [128, 255];
    const cover = { alpha: Uint8Array.of(0, half, opaque, opaque), isPremultiplied: false };
    const piece = pieceOf(4, 1, (_, __, channel) => [200, 100, 0][channel] ?? 0);
    const mosaic = createMosaic({ left: 0, top: 0, width: 4, height: 1 }, 1, piece, cover);
    mosaic.add(piece, 0, 0);
    expect([...mosaic.pixels().data]).toEqual([255, 255, 255, 227, 177, 127, 200, 100, 0, 200, 100, 0]);
  });

  it('has its alpha undone where colours were multiplied by it, in RGB and as luma and differences', () => {
    const cover = { alpha: Uint8Array.of(128), isPremultiplied: true };
    const region = { left: 0, top: 0, width: 1, height: 1 };
    const seen = (samples: readonly number[], conversion: Piece['conversion']) => {
      const piece = { ...pieceOf(1, 1, (_, __, channel) => samples[channel] ?? 0), conversion };
      const mosaic = createMosaic(region, 1, piece, cover);
      mosaic.add(piece, 0, 0);
      return [...mosaic.pixels().data];
    };
    // 200, 100, 0 at half opacity.
    expect(seen([100, 50, 0], AS_IT_IS)).toEqual([227, 177, 127]);
    // Brighter than half of white can be.
    expect(seen([250, 50, 0], AS_IT_IS)).toEqual([255, 177, 127]);
    // A grey of 100 at half opacity, in limited range.
    expect(seen([16 + 43, 128, 128], conversionFor([0.299, 0.114], false))).toEqual([177, 177, 177]);
  });

  it('leaves black where no piece was', () => {
    const piece = pieceOf(1, 1, () => 9);
    const mosaic = createMosaic({ left: 0, top: 0, width: 2, height: 1 }, 1, piece);
    mosaic.add(piece, 1, 0);
    expect([...mosaic.pixels().data]).toEqual([0, 0, 0, 9, 9, 9]);
  });

  it('has samples that pixels share, also where a square begins between them', () => {
    const luma = { samples: new Uint8Array(16), step: 1, stride: 4, across: 1, down: 1 } as const;
    const shared = {
      samples: Uint8Array.of(10, 20, 30, 40),
      step: 1,
      stride: 2,
      across: 2,
      down: 2,
    } as const;
    const piece = { width: 4, height: 4, planes: [luma, shared, shared], conversion: AS_IT_IS };
    const mosaic = createMosaic({ left: 1, top: 1, width: 2, height: 2 }, 2, piece);
    mosaic.add(piece, 0, 0);
    expect([...mosaic.pixels().data]).toEqual([0, 25, 25]);
  });
});

describe('colours', () => {
  const rgb = (weights: Weights, fullRange: boolean, samples: readonly [number, number, number]) => {
    const piece = {
      ...pieceOf(1, 1, (_, __, channel) => samples[channel] ?? 0),
      conversion: conversionFor(weights, fullRange),
    };
    const mosaic = createMosaic({ left: 0, top: 0, width: 1, height: 1 }, 1, piece);
    mosaic.add(piece, 0, 0);
    return [...mosaic.pixels().data];
  };
  const weights = (matrix: number, primaries = 1) => weightsOf({ matrix, primaries });
  const of = (matrix: number) => weights(matrix) ?? 'grey';

  it('knows the ranges and the matrices', () => {
    expect(rgb(of(1), true, [200, 128, 128])).toEqual([200, 200, 200]);
    expect(rgb(of(1), false, [235, 128, 128])).toEqual([255, 255, 255]);
    expect(rgb(of(1), false, [16, 128, 128])).toEqual([0, 0, 0]);
    // Pure red in BT.601 and in BT.709, full range: Y is Kr, and Cb and Cr follow from it.
    expect(rgb(of(6), true, [76, 85, 255])).toEqual([254, 0, 0]);
    expect(rgb(of(1), true, [54, 99, 255])).toEqual([254, 0, 0]);
    // Green, blue, red.
    expect(rgb(of(0), true, [10, 20, 30])).toEqual([30, 10, 20]);
    expect(rgb(of(0), false, [235, 16, 16])).toEqual([0, 255, 0]);
    // Y, Cg and Co of 200, 100 and 50: 112.5, −12.5 and 75, rounded.
    expect(rgb(of(8), true, [113, 115, 203])).toEqual([201, 100, 51]);
  });

  it('takes weights from the primaries where the matrix says so, and knows what it does not read', () => {
    expect(weights(12, 1)).toEqual(weights(1));
    expect(weights(12, 9)).toEqual(weights(9));
    expect(weights(12, 12)).toEqual([0.229, 0.0793]);
    expect(weights(12, 2)).toBeUndefined();
    for (const matrix of [3, 10, 11, 13, 14, 15, 16, 17, 255]) expect(weights(matrix)).toBeUndefined();
    expect(weights(2)).toEqual(weights(6));
  });
});
