/** The time column of the table of ways: a picture above the bound on time is refused by its header. */
import { describe, expect, it } from 'vitest';
import { createClassifier } from '../../src/classifier.ts';
import type { HeifHeader, ImageHeader, JpegHeader } from '../../src/image/header.ts';
import { EXAMPLES } from '../../src/image/ways/examples.ts';
import { MAX_HEIC_UNITS, MAX_PICTURE_UNITS, requestUnits } from '../../src/image/ways/time.ts';
import { waysFor } from '../../src/image/ways/ways-for.ts';
import { provided } from '../pictures/provided.ts';
import { decoder, network } from '../service.ts';
import { headerOf } from './stills.ts';

const NO_BYTES = new Uint8Array(1000);

function result(header: ImageHeader, limitUnits?: number, bytes: Uint8Array = NO_BYTES): unknown {
  const ways = waysFor(
    bytes,
    header,
    limitUnits === undefined ? undefined : { picture: limitUnits, heic: limitUnits },
  );
  return ways.ok ? ways.value.map((way) => way.decoder) : ways.failure;
}

/** The header of a format, which may also be that of another one. */
type HeaderOf<F, H = ImageHeader> = H extends ImageHeader ? (F extends H['format'] ? H : never) : never;

function example<F extends ImageHeader['format']>(kind: string, format: F): HeaderOf<F> {
  const header = EXAMPLES[kind];
  if (header?.format !== format) throw new Error(kind);
  // As the line above has it.
  return header as HeaderOf<F>;
}

/** A HEIC of about 12 megapixels, in tiles with the given side. */
function tiled(side: number, more: Partial<HeifHeader> = {}): HeifHeader {
  const [columns, rows] = [Math.ceil(4000 / side), Math.ceil(3000 / side)];
  const grid = { width: side, height: side, columns, rows };
  return { ...example('heic', 'heic'), grid, pieceBytes: 1000, ...more };
}

describe('the bound on time', () => {
  it('is on all ways together that may be tried', () => {
    const bytes = provided('8mp.png-rgb8');
    const header = headerOf(bytes);
    const ways = waysFor(bytes, header);
    if (!ways.ok) expect.fail(ways.failure.code);
    const [first = Number.NaN, second = Number.NaN] = ways.value.map(({ units }) => units);
    expect(result(header, undefined, bytes)).toEqual(['magick', 'rows']);
    expect(first).toBeLessThan(second);
    const besides = requestUnits(bytes.length, header.entries ?? 0);
    expect(result(header, besides + first + second + 0.01, bytes)).toEqual(['magick', 'rows']);
    expect(result(header, besides + first + second - 0.01, bytes)).toEqual(['magick']);
    const limitUnits = besides + first - 0.01;
    expect(result(header, limitUnits, bytes)).toEqual({
      code: 'image_too_costly',
      kind: 'a PNG',
      units: besides + first,
      limitUnits,
    });
  });

  it('is the third thing that is asked', () => {
    const jpeg = example('jpeg', 'jpeg');
    expect(result({ ...jpeg, bitDepth: 12, mcu: undefined } as unknown as JpegHeader, 0)).toMatchObject({
      code: 'image_kind_unsupported',
    });
    const png = { ...example('png', 'png'), width: 8000, height: 6000 };
    expect(result(png, 0)).toMatchObject({ code: 'image_area_too_large' });
    expect(result(example('png', 'png'), 0)).toMatchObject({ code: 'image_too_costly' });
  });

  it.each<[string, ImageHeader]>([
    ['an HEIC of 12 megapixels in tiles of 16', tiled(16)],
    [
      'one whose alpha alone is in as many',
      tiled(512, { alpha: { itemId: 2, pieces: 47_000, bitDepth: 8, isGrey: true, isPremultiplied: false } }),
    ],
    ['an AVIF of 10 bits, likewise', tiled(16, { format: 'avif', bitDepth: 10 })],
    [
      'an AVIF whose data are long',
      { ...example('avif', 'avif'), coded: { width: 4000, height: 3000 }, codedBytes: 20e6 },
    ],
    [
      'a TIFF of a million strips and tiles',
      {
        ...example('tiff', 'tiff'),
        segment: { kind: 'tile', width: 1, height: 12 },
      },
    ],
    ['a JPEG of ten million segments', { ...example('jpeg', 'jpeg'), entries: 11e6 }],
    [
      'a progressive JPEG of 1,000 scans',
      {
        ...example('jpeg_progressive', 'jpeg'),
        width: 4000,
        height: 2000,
        storedSamples: 12e6,
        scans: { count: 1000, segments: 2000, isEnded: false, isComplete: true },
      },
    ],
  ])('is passed by what looks small: %s', (_, header) => {
    const limitUnits = header.format === 'heic' ? MAX_HEIC_UNITS : MAX_PICTURE_UNITS;
    expect(result(header)).toMatchObject({ code: 'image_too_costly', limitUnits });
  });

  it.each<[string, ImageHeader]>([
    ['an HEIC of a phone', tiled(512)],
    [
      'one of 25 megapixels',
      {
        ...tiled(512),
        width: 5760,
        height: 4320,
        coded: { width: 5760, height: 4320 },
        aperture: { left: 0, top: 0, width: 5760, height: 4320 },
        grid: { width: 512, height: 512, columns: 12, rows: 9 },
        codedBytes: 4e6,
      },
    ],
    ...Object.entries(EXAMPLES)
      .filter(([kind]) => !/heic|10_bit|444$|alpha|lossless/.test(kind))
      .map(([kind, header]): [string, ImageHeader] => [`12 megapixels: ${kind}`, header]),
  ])('is not passed by %s', (_, header) => {
    expect(result(header)).toEqual(expect.any(Array));
  });

  it('is a setting of the classifier, and nothing is decoded before it is asked', async () => {
    const decode = async () => expect.fail('it was decoded');
    const strict = createClassifier({ ...decoder, decode }, network, { picture: 3, heic: 4 });
    const seen = await strict.see(provided('8mp.png-rgb8'));
    expect(seen).toMatchObject({ ok: false, failure: { code: 'image_too_costly', limitUnits: 3 } });
  });
});
