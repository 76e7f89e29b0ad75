/** HEIC and AVIF in pieces: which are decoded, how they are cut, and how they are laid on white. */

import { describe, expect, it } from 'vitest';
import { sequenceOf } from '../../src/image/av1/sequence-header.ts';
import type { HeifHeader } from '../../src/image/header.ts';
import { assemble, assembleThumbnail } from '../../src/image/heif/assemble.ts';
import { av1Pieces } from '../../src/image/heif/av1-pieces.ts';
import { codedPieces } from '../../src/image/heif/coded.ts';
import type { CodedPicture } from '../../src/image/heif/container.ts';
import { hevcSize } from '../../src/image/heif/hevc-size.ts';
import { magickPieces } from '../../src/image/heif/magick-pieces.ts';
import { createMagickDecoder } from '../../src/image/magick/magick.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { toInput } from '../../src/image/resample/resample.ts';
import { UNHURRIED } from '../../src/image/turns.ts';
import { HEIC_CLOCK } from '../pictures/heic.ts';
import { provided } from '../pictures/provided.ts';
import { auxC, clap, gridData, irot, ispe, nclx } from './boxes.ts';
import { fileOf, heifOf, single } from './heif-files.ts';
import { headerOf } from './stills.ts';

const MIB = 2 ** 20;
const ALPHA = 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha';
const magick = createMagickDecoder();

function headed(bytes: Uint8Array): HeifHeader {
  const header = headerOf(bytes);
  if (header.format !== 'avif' && header.format !== 'heic') throw new Error(header.format);
  return header;
}

async function decoded(bytes: Uint8Array, shrink = 1): Promise<Pixels> {
  const header = headed(bytes);
  const decode =
    header.format === 'avif'
      ? av1Pieces(magick, 8 * MIB, header.numbers, UNHURRIED)
      : magickPieces(magick, header, UNHURRIED);
  const pixels = await assemble(decode, bytes, header, shrink);
  if (pixels === undefined) throw new Error('not decoded');
  return pixels;
}

/** Rows of a part of a picture. */
function part({ data, width }: Pixels, left: number, top: number, columns: number, rows: number): Uint8Array {
  const bytes = new Uint8Array(columns * rows * 3);
  for (let y = 0; y < rows; y++) {
    const from = ((top + y) * width + left) * 3;
    bytes.set(data.subarray(from, from + columns * 3), y * columns * 3);
  }
  return bytes;
}

/** A row of twelve tiles; the crop is in the two middle ones. */
function strip(tiles: readonly CodedPicture[]): Uint8Array {
  const ids = tiles.map((_, i) => 10 + i);
  return fileOf(
    'avif',
    [
      { id: 1, type: 'grid', properties: [ispe(6144, 512)], data: { method: 1, at: 0, bytes: 8 } },
      ...tiles.map(({ configuration, data }, i) => ({
        id: ids[i] ?? 0,
        type: 'av01',
        properties: [configuration, ispe(512, 512)],
        coded: data,
      })),
    ],
    [['dimg', 1, ...ids]],
    gridData(12, 1, 6144, 512),
  );
}

describe('HEIC and AVIF', () => {
  // The first one loads both modules, which takes a busy machine half a minute.
  it.each([
    ['AVIF', () => single(provided('small.avif-444')), { left: 59, top: 31 }],
    ['HEIC', () => single(HEIC_CLOCK), { left: 58, top: 29 }],
  ])('are cut to their clean aperture: %s', { timeout: 120_000 }, async (_, picture, { left, top }) => {
    const whole = await decoded(heifOf(picture(), []));
    const cut = await decoded(heifOf(picture(), [clap(161, 141, { right: -21, down: -20 })]));
    expect(cut).toMatchObject({ width: 161, height: 141 });
    expect(cut.data).toEqual(part(whole, left, top, 161, 141));
  });

  it('are cut to what was turned before', async () => {
    const picture = single(provided('small.avif-444'));
    const whole = await decoded(heifOf(picture, []));
    // Upright 243×321; its lower left is the upper left of the stored picture.
    const cut = await decoded(heifOf(picture, [irot(3), clap(100, 200, { right: -71, down: 60 })]));
    expect(cut).toMatchObject({ width: 200, height: 100 });
    const { aperture } = headed(heifOf(picture, [irot(3), clap(100, 200, { right: -71, down: 60 })]));
    expect(cut.data).toEqual(part(whole, aperture.left, aperture.top, 200, 100));
  });

  it('have the tiles under the crop decoded and no others, and the same comes of it', async () => {
    const tiles = Array.from({ length: 12 }, (_, i) => single(provided(`tile-${i}.avif`)));
    const whole = await decoded(strip(tiles));
    const junk = (tile: CodedPicture) => ({ ...tile, data: tile.data.map((byte) => byte ^ 0x5a) });
    const outside = await decoded(strip(tiles.map((tile, i) => (i === 5 || i === 6 ? tile : junk(tile)))));
    expect(toInput(outside, 1)).toEqual(toInput(whole, 1));
    await expect(decoded(strip(tiles.map((tile, i) => (i === 6 ? junk(tile) : tile))))).rejects.toThrow();
  });

  it('give the numbers of the file the precedence over those of the data', async () => {
    const picture = single(provided('small.avif-444'));
    const [as, other] = [
      await decoded(heifOf(picture, [])),
      await decoded(heifOf(picture, [nclx({ matrix: 9 })])),
    ];
    expect(headed(heifOf(picture, [])).numbers).toMatchObject({ matrix: 6 });
    expect(other.data).not.toEqual(as.data);
  });

  it('show white where they are clear', async () => {
    const { data, width } = await decoded(provided('small.avif-alpha'));
    // A row in the middle of the clock, from transparent to opaque.
    const row = part({ data, width, height: 243 }, 0, 120, 321, 1);
    expect(Math.min(...row.subarray(0, 9))).toBeGreaterThan(245);
    expect(Math.min(...row)).toBeLessThan(100);
  });

  it('have their alpha by its own range, whatever that of the colours is', async () => {
    const bytes = provided('small.avif-alpha');
    const header = headed(bytes);
    const [colour] = codedPieces(bytes, header, header.itemId)?.pictures ?? [];
    const [alpha] = codedPieces(bytes, header, header.alpha?.itemId ?? 0)?.pictures ?? [];
    if (colour === undefined || alpha === undefined) throw new Error('not both');
    const withAlpha = (data: Uint8Array) =>
      fileOf(
        'avif',
        [
          { id: 1, type: 'av01', properties: [colour.configuration, ispe(321, 243)], coded: colour.data },
          {
            id: 2,
            type: 'av01',
            properties: [alpha.configuration, ispe(321, 243), auxC(ALPHA)],
            coded: data,
          },
        ],
        [['auxl', 2, 1]],
      );
    const opaque = await decoded(heifOf(colour, []));
    const [full, narrow] = [
      await decoded(withAlpha(alpha.data)),
      await decoded(withAlpha(narrowed(alpha.data))),
    ];
    // Alpha is 246 and more in these columns: beyond 235.
    expect(part(narrow, 310, 100, 11, 40)).toEqual(part(opaque, 310, 100, 11, 40));
    expect(part(full, 310, 100, 5, 40)).not.toEqual(part(opaque, 310, 100, 5, 40));
  });

  it('are read when their data are in several pieces', async () => {
    const bytes = heifOf(single(HEIC_CLOCK), []);
    const split = inTwo(bytes);
    expect((await decoded(split)).data).toEqual((await decoded(bytes)).data);
  });

  it('have thumbnails that may be larger than they say, by less than a block', async () => {
    const picture = single(HEIC_CLOCK);
    expect(hevcSize(picture.configuration)).toEqual({ width: 320, height: 240 });
    const thumbnailOf = async (width: number, height: number) => {
      const item = { type: 'hvc1', coded: picture.data };
      const properties = [picture.configuration, ispe(width, height)];
      const bytes = fileOf(
        'heic',
        [
          { id: 1, ...item, properties: [picture.configuration, ispe(320, 240)] },
          { id: 2, ...item, properties },
        ],
        [['thmb', 2, 1]],
      );
      const header = headed(bytes);
      const [thumbnail] = header.thumbnails;
      return (
        thumbnail && assembleThumbnail(magickPieces(magick, header, UNHURRIED), bytes, header, thumbnail)
      );
    };
    const whole = await decoded(heifOf(picture, []));
    expect((await thumbnailOf(320, 240))?.data).toEqual(whole.data);
    expect(await thumbnailOf(318, 236)).toMatchObject({ width: 318, height: 236 });
    // With an entirely different size: all that exists.
    expect((await thumbnailOf(512, 236))?.data).toEqual(whole.data);
  });
});

/** The same picture with a sequence header that says its luma is from 16 to 235: one bit. */
function narrowed(data: Uint8Array): Uint8Array {
  for (let bit = 0; bit < 8 * 24; bit++) {
    const changed = data.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
    const [was, is] = [sequenceOf(data), sequenceOf(changed)];
    const narrow = was && { ...was, numbers: { ...was.numbers, fullRange: false } };
    if (JSON.stringify(is) === JSON.stringify(narrow)) return changed;
  }
  throw new Error('there is no such bit');
}

/** The data of the only item in two extents, of which the second comes first in the file. */
function inTwo(bytes: Uint8Array): Uint8Array {
  const text = String.fromCharCode(...bytes);
  const iloc = text.indexOf('iloc');
  const mdat = text.indexOf('mdat') + 4;
  const more = 8;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const [length, half] = [bytes.length - mdat, Math.floor((bytes.length - mdat) / 2)];
  const meta = text.indexOf('meta');
  const at = iloc + 4 + 4 + 2 + 2 + 2 + 2 + 2;
  // The number of extents, then each one's offset and length.
  const split = new Uint8Array(bytes.length + more);
  split.set(bytes.subarray(0, at));
  const now = new DataView(split.buffer);
  now.setUint32(iloc - 4, view.getUint32(iloc - 4) + more);
  now.setUint32(meta - 4, view.getUint32(meta - 4) + more);
  now.setUint16(at, 2);
  const data = mdat + more;
  for (const [i, word] of [data + length - half, half, data, length - half].entries())
    now.setUint32(at + 2 + 4 * i, word);
  split.set(bytes.subarray(at + 2 + 8, mdat), at + 2 + 16);
  split.set(bytes.subarray(mdat + half), data);
  split.set(bytes.subarray(mdat, mdat + half), data + length - half);
  return split;
}
