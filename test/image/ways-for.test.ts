import { describe, expect, it } from 'vitest';
import type { ImageHeader, JpegHeader, WebpHeader } from '../../src/image/header.ts';
import { EXAMPLES } from '../../src/image/ways/examples.ts';
import { waysFor } from '../../src/image/ways/ways-for.ts';
import { provided } from '../pictures/provided.ts';
import { headerOf } from './stills.ts';

const NO_BYTES = new Uint8Array(1000);

function jpeg(width: number, height: number, more: Partial<JpegHeader> = {}): JpegHeader {
  return {
    format: 'jpeg',
    width,
    height,
    components: 3,
    bitDepth: 8,
    progressive: false,
    animated: false,
    orientation: 1,
    process: 'sequential',
    entropyCoding: 'huffman',
    storedSamples: width * height * 1.5,
    previews: [],
    ...more,
  };
}

const ordinary = { mcu: { width: 16, height: 16 } } as const;
const progressive = {
  process: 'progressive',
  progressive: true,
  scans: { count: 10, segments: 30, isEnded: true, isComplete: true },
} as const;

function webp(width: number, height: number, more: Partial<WebpHeader> = {}): WebpHeader {
  const { orientation, bitDepth, progressive, animated } = jpeg(width, height);
  const common = { width, height, orientation, bitDepth, progressive, animated };
  return { ...common, format: 'webp', components: 3, compression: 'lossy', ...more };
}

/** The first way to be tried, or the failure. */
function way(header: ImageHeader, bytes = NO_BYTES): unknown {
  const result = waysFor(bytes, header);
  return result.ok ? result.value[0] : result.failure;
}

describe('the way of a picture', () => {
  it.each([
    ['of another kind than ours', jpeg(640, 480), { decoder: 'magick', shrink: 1 }],
    ['ordinary, by our own', jpeg(640, 480, ordinary), { decoder: 'planes', shrink: 1 }],
    ['ordinary, at a half', jpeg(1920, 1080, ordinary), { decoder: 'planes', shrink: 2 }],
    ['ordinary, at a quarter', jpeg(4000, 3000, ordinary), { decoder: 'planes', shrink: 4 }],
    ['ordinary, at an eighth', jpeg(16_384, 16_384, ordinary), { decoder: 'planes', shrink: 8 }],
    ['ordinary, long and narrow', jpeg(65_500, 500, ordinary), { decoder: 'planes', shrink: 1 }],
    ['ordinary, too large for the time', jpeg(20_000, 14_000, ordinary), { limitPixels: 2 ** 28 }],
    ['at a half', jpeg(1366, 1024), { decoder: 'magick', shrink: 2 }],
    ['just too small for a quarter', jpeg(4000, 2047), { decoder: 'magick', shrink: 2 }],
    ['at a quarter', jpeg(4000, 3000), { decoder: 'magick', shrink: 4 }],
    ['at an eighth', jpeg(8000, 6000), { decoder: 'magick', shrink: 8 }],
    ['progressive, at a quarter', jpeg(3264, 2448, progressive), { decoder: 'magick', shrink: 4 }],
    ['progressive, too much for that', jpeg(4000, 3000, progressive), { decoder: 'dc' }],
    ['progressive, larger', jpeg(8000, 6000, progressive), { decoder: 'dc' }],
    [
      'progressive CMYK has no DC way',
      jpeg(4000, 3000, { ...progressive, components: 4, storedSamples: 48e6 }),
      { code: 'image_area_too_large', kind: 'a progressive JPEG' },
    ],
    ['a panorama', jpeg(16_000, 500), { decoder: 'magick', shrink: 1 }],
    ['a longer one', jpeg(65_500, 100), { decoder: 'magick', shrink: 1 }],
    // Both are 11 megapixels: rows of 65,500 pixels take the remaining memory.
    ['a longer one whose rows do not fit', jpeg(65_500, 168), { code: 'image_area_too_large' }],
    ['the same on its side', jpeg(168, 65_500), { decoder: 'magick', shrink: 1 }],
    ['too large for the time', jpeg(20_000, 14_000), { limitPixels: 2 ** 28 }],
    ['too long', jpeg(65_501, 500), { code: 'image_side_too_long' }],
    [
      'of 12 bits, which none reads',
      jpeg(640, 480, { bitDepth: 12 }),
      { code: 'image_kind_unsupported', kind: 'A JPEG of 12 bits a sample' },
    ],
  ])('JPEG: %s', (_, header, expected) => {
    expect(way(header)).toMatchObject(expected);
  });

  it.each([
    ['small', webp(640, 480), { decoder: 'magick' }],
    ['larger', webp(2000, 1500), { decoder: 'magick' }],
    ['too much for that', webp(3264, 2448), { decoder: 'rows', shrink: 4 }],
    ['with alpha', webp(3264, 2448, { components: 4 }), { decoder: 'rows', shrink: 4 }],
    ['lossless', webp(2000, 1500, { compression: 'lossless' }), { decoder: 'rows', shrink: 2 }],
    ['a panorama', webp(16_000, 400), { decoder: 'rows', shrink: 1 }],
    ['a panorama that does not fit', webp(16_000, 1000), { code: 'image_area_too_large', kind: 'a WebP' }],
    ['too large for the time', webp(6000, 4200), { code: 'image_area_too_large', limitPixels: 25e6 }],
  ])('WebP: %s', (_, header, expected) => {
    expect(way(header)).toMatchObject(expected);
  });

  it('is by the largest preview that can be decoded, where the picture cannot', () => {
    const inner = provided('large.jpeg-420');
    const tiny = provided('portrait.jpeg-420');
    const bytes = new Uint8Array(5 + tiny.length + inner.length);
    bytes.set(tiny, 5);
    bytes.set(inner, 5 + tiny.length);
    const previews = [
      { width: 240, height: 640, data: { start: 5, end: 5 + tiny.length } },
      { width: 2400, height: 1600, data: { start: 5 + tiny.length, end: bytes.length } },
    ];
    const header = jpeg(9000, 2000, { ...progressive, storedSamples: 54e6, previews });
    expect(way(header, bytes)).toMatchObject({
      decoder: 'inner',
      isPreview: true,
      header: { width: 2400, height: 1600 },
      way: { decoder: 'planes', shrink: 2 },
    });
    expect(way({ ...header, previews: previews.slice(0, 1) }, bytes)).toMatchObject({
      header: { width: 240 },
    });
    const small = [{ width: 160, height: 120, data: { start: 5, end: 5 + tiny.length } }];
    expect(way({ ...header, previews: small }, bytes)).toMatchObject({ code: 'image_area_too_large' });
  });

  it.each([
    ['grey', true, ['av1', 'tiles']],
    ['with chroma, which magick would mix in', false, ['av1']],
  ])('is by dav1d and, where it is right, by magick if alpha is %s', (_, isGrey, decoders) => {
    const example = EXAMPLES.avif_alpha;
    if (example?.format !== 'avif') expect.fail('no AVIF');
    const { alpha } = example;
    const size = { width: 640, height: 480 };
    const header = { ...example, ...size, coded: size, alpha: alpha && { ...alpha, isGrey } };
    const result = waysFor(NO_BYTES, header);
    expect(result.ok && result.value.map(({ decoder }) => decoder)).toEqual(decoders);
  });

  it('leaves a larger file room for fewer pixels', () => {
    const header = headerOf(provided('8mp.png-rgb8'));
    expect(way(header, new Uint8Array(8 * 2 ** 20))).toMatchObject({ decoder: 'magick', shrink: 1 });
    expect(way(header, new Uint8Array(20 * 2 ** 20))).toMatchObject({ code: 'image_area_too_large' });
  });
});

describe('a PNG whose data are longer than its pixels can be', () => {
  const file = provided('crossword.png-rgb8');
  const decoders = (dataBytes: number) => {
    const ways = waysFor(file, { ...headerOf(file), dataBytes } as ImageHeader);
    return ways.ok ? ways.value.map(({ decoder }) => decoder) : ways.failure;
  };

  it('is for our own reader alone, which bounds what it inflates', () => {
    const { width, height } = headerOf(file);
    expect(decoders(4 * width * height + 1e6)).toEqual(['rows']);
  });

  it('is for any where they may be so long', () => {
    const { width, height } = headerOf(file);
    expect(decoders(0)).toContain('photon');
    expect(decoders((3 * width + 1) * height + 5000)).toContain('photon');
  });

  it('is told so by its header', () => {
    const idat = new TextDecoder('latin1').decode(file).indexOf('IDAT');
    expect(headerOf(file.subarray(0, idat + 4 + 10))).toMatchObject({ dataBytes: 10 });
  });
});
