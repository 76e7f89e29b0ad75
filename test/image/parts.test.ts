/** An icon's one picture, as photon is given it: whole, and the one whose header was read. */
import { describe, expect, it } from 'vitest';
import { partsToDecode } from '../../src/image/parts.ts';
import { createPhotonDecoder } from '../../src/image/photon.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { planFor } from '../../src/image/prepare.ts';
import { provided } from '../pictures/provided.ts';
import { bytesOf, ico, iconBitmap } from './headers.ts';
import { headerOf } from './stills.ts';

/** A bitmap of 32 bits in one colour, with its mask, as an icon has it. */
function plain(side: number, blue: number, green: number, red: number): Uint8Array {
  const pixels = Array.from({ length: side * side }, () => [blue, green, red, 255]).flat();
  return bytesOf(iconBitmap(side, side, 32), pixels, new Uint8Array(side * (Math.ceil(side / 32) * 4)));
}

function decodeIcon(bytes: Uint8Array) {
  const parts = partsToDecode(bytes, headerOf(bytes));
  return createPhotonDecoder().decode(parts, ({ data, width, height }: Pixels) => ({
    width,
    height,
    first: [...data.subarray(0, 4)],
  }));
}

describe('an icon', () => {
  it.each([16, 48, 256])(
    'of bitmaps gives the largest, of %d pixels, whatever its directory says',
    (side) => {
      const bytes = ico([
        [plain(8, 0, 0, 255), 255],
        [plain(side, 255, 128, 0), 1],
      ]);
      expect(decodeIcon(bytes)).toEqual({
        ok: true,
        value: { width: side, height: side, first: [0, 128, 255, 255] },
      });
    },
  );

  it('of a PNG gives that, larger than an icon can be', () => {
    const bytes = ico([
      [plain(16, 255, 128, 0), 16],
      [provided('crossword.png-rgb8'), 0],
    ]);
    // The crossword's ground.
    expect(decodeIcon(bytes)).toEqual({
      ok: true,
      value: { width: 320, height: 240, first: [0xf4, 0xf1, 0xea, 255] },
    });
  });

  it('of a bitmap that its directory has no numbers for is refused', () => {
    expect(planFor(ico([[plain(257, 255, 128, 0), 0]]))).toMatchObject({
      ok: false,
      failure: { code: 'image_kind_unsupported' },
    });
  });
});
