/**
 * Which decoder takes which picture, and what of it.
 *
 * photon is there from the first picture on and needs little; magick is loaded when it is first needed, and
 * then holds 16 MiB at least. Milliseconds to the network's input, warm, as `bench/decoders.ts` has them:
 *
 * | | our own | photon | magick |
 * |---|---|---|---|
 * | JPEG 0.3 MP | 3 | 25 | 28 |
 * | JPEG 0.5 MP | 4 | 27 | 20; 11 at 1/2 |
 * | JPEG 2 MP | 17 | 80 | 22 at 1/2, 14 at 1/4 |
 *
 * | | photon | magick |
 * |---|---|---|
 * | progressive JPEG 2 MP | 114 | 37 at 1/4 |
 * | PNG 0.3 / 1 MP | 10 / 52 | 18 / 66 |
 * | WebP 0.3 / 1 MP | 36 / 87 | 27 / 54 |
 * | WebP 4 MP | – | 200; by rows 280 |
 * | the same with alpha, lossless | – | 220, 170; by rows 440, 430 |
 *
 * So ordinary JPEGs go to our own decoder for as long as they fit there, which is up to a short side of some 1,300.
 * Of the others, those that can be scaled while they are decoded go to magick, or, where an eighth will do, to a reading of
 * their DC coefficients alone; and those of red, green and blue, which photon takes for YCbCr. All else goes to photon for as long as it fits there, and then to magick; and
 * WebP that does not fit there either, from 2.7 to 4.6 megapixels on, to a reading row by row.
 */
import {
  av1Bytes,
  av1Capacity,
  type Capacity,
  dcCapacity,
  jpegCapacity,
  magickCapacity,
  photonCapacity,
  rowsCapacity,
} from '../account/account.ts';
import type { Denominator } from '../account/magick-cost.ts';
import type { HeifHeader, HeifThumbnail, ImageHeader, Size } from '../header.ts';
import { RESIZED_SHORT_SIDE } from '../resample/taps.ts';
import type { Shrink } from '../webp/shrink.ts';

/**
 * Short side that a picture keeps when it is made smaller before the resize proper, where there is a choice.
 *
 * Decoders scale with another filter than the resize, and the network sees the difference. Of 300 photos,
 * enlarged to 12 megapixels and stored as JPEG, 298 keep the first class that full decoding gives them when
 * they are decoded at 1/4, where the resize has a factor of 2.9 left to do (`bench/resampling.ts`). It was 300
 * at 1/2, a factor of 5.9, and 295 at 1/8, a factor of 1.5.
 */
export const SCALED_SHORT_SIDE = 2 * RESIZED_SHORT_SIDE;

/** By how much decoded pixels may be made smaller across and down. */
export const SHRINKS = [8, 4, 2] as const;

export type Way =
  | WholeWay
  /** A HEIF grid, tile by tile, each made smaller by `shrink` across and down. */
  | { readonly decoder: 'tiles'; readonly shrink: number }
  /** A smaller copy within a HEIF file. */
  | { readonly decoder: 'thumbnail'; readonly thumbnail: HeifThumbnail }
  | InnerWay;

/** The picture at once. */
export type WholeWay =
  | { readonly decoder: 'photon' }
  /** An ordinary JPEG by our own kernel, as planes of Y, Cb and Cr. */
  | { readonly decoder: 'planes' }
  | { readonly decoder: 'magick'; readonly denominator: Denominator }
  /** A progressive JPEG at an eighth. */
  | { readonly decoder: 'dc' }
  /** A WebP row by row, `shrink` pixels across and down made one. */
  | { readonly decoder: 'rows'; readonly shrink: Shrink }
  | Av1Way;

/** An AVIF by dav1d, in magick's memory. */
export interface Av1Way {
  readonly decoder: 'av1';
  /** What the picture may take. */
  readonly memoryBytes: number;
  /** By how much width and height are made smaller on the way to RGB. */
  readonly shrink: Shrink;
}

/** Another file within the file: a JPEG's preview, or an animation's first frame. */
export interface InnerWay {
  readonly decoder: 'inner';
  readonly bytes: Uint8Array;
  readonly header: ImageHeader;
  readonly way: WholeWay;
  readonly isPreview: boolean;
}

export interface Candidate<W extends Way = Way> {
  readonly way: W;
  readonly capacity: Capacity;
}

export function candidate<W extends Way>(way: W, capacity: Capacity | undefined): Candidate<W>[] {
  return capacity === undefined ? [] : [{ way, capacity }];
}

export function firstThatFits<W extends Way>(
  candidates: readonly Candidate<W>[],
  { width, height }: Size,
): W | undefined {
  return candidates.find(({ capacity }) => width * height <= capacity.pixels)?.way;
}

/** The ways to decode the whole picture, best first, each with what it could hold. */
export function wholeWays(header: ImageHeader, fileBytes: number): Candidate<WholeWay>[] {
  const denominator = denominatorFor(header);
  const planes = candidate<WholeWay>({ decoder: 'planes' }, jpegCapacity(header, fileBytes));
  const photon = candidate<WholeWay>({ decoder: 'photon' }, photonCapacity(header, fileBytes));
  const magick = candidate<WholeWay>(
    { decoder: 'magick', denominator },
    magickCapacity(header, denominator, fileBytes),
  );
  const dc = candidate<WholeWay>({ decoder: 'dc' }, dcCapacity(header, fileBytes));
  if (header.format === 'webp') return [...photon, ...magick, ...rowsWay(header, fileBytes)];
  if (header.format === 'avif') return [...av1Way(header, fileBytes), ...magick];
  if (denominator === 1) return [...planes, ...photon, ...magick];
  if (denominator === 8) return [...dc, ...magick];
  const scaled = shortSide(header) / 8 >= RESIZED_SHORT_SIDE ? [...magick, ...dc] : magick;
  return [...planes, ...scaled];
}

function rowsWay(header: ImageHeader, fileBytes: number): Candidate<WholeWay>[] {
  const shrink = scaleFor(header);
  return candidate<WholeWay>({ decoder: 'rows', shrink }, rowsCapacity(header, shrink, fileBytes));
}

function av1Way(header: HeifHeader, fileBytes: number): Candidate<WholeWay>[] {
  const shrink = scaleFor(header);
  const way = { decoder: 'av1', memoryBytes: av1Bytes(header, fileBytes), shrink } as const;
  return candidate<WholeWay>(way, av1Capacity(header, shrink, fileBytes));
}

function denominatorFor(header: ImageHeader): Denominator {
  return header.format === 'jpeg' ? scaleFor(header) : 1;
}

/** The largest that leaves the short side its length. */
function scaleFor(size: Size): Denominator & Shrink {
  const room = shortSide(size) / SCALED_SHORT_SIDE;
  return room >= 8 ? 8 : room >= 4 ? 4 : room >= 2 ? 2 : 1;
}

export function shortSide({ width, height }: Size): number {
  return Math.min(width, height);
}
