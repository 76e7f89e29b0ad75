/**
 * How a picture is decoded, told from its header: whole if it fits, else by a smaller copy within the file,
 * else in pieces; or why not.
 */
import { fail, ok, type Result } from '../../failure.ts';
import { MAX_SIDE_PIXELS, tilesCapacity } from '../account/account.ts';
import type { ByteRange, HeifHeader, ImageHeader, Size } from '../header.ts';
import { RESIZED_SHORT_SIDE } from '../resample/taps.ts';
import { sniff } from '../sniff.ts';
import { firstFrame } from '../webp/webp-frame.ts';
import {
  type Candidate,
  candidate,
  firstThatFits,
  type InnerWay,
  SCALED_SHORT_SIDE,
  SHRINKS,
  shortSide,
  type Way,
  wholeWays,
} from './ways.ts';

/**
 * Short side of the smallest preview that is taken for its picture: what the network sees of a picture. Of 300
 * photos 294 keep their first class at a short side of 240, which phones give their thumbnails, 289 at 224.
 */
const MIN_PREVIEW_SIDE = 224;

/** Nothing is decoded here, and no more is read than headers. */
export function wayFor(bytes: Uint8Array, header: ImageHeader): Result<Way> {
  const side = Math.max(header.width, header.height);
  if (side > MAX_SIDE_PIXELS) {
    return fail({ code: 'image_side_too_long', side, limitPixels: MAX_SIDE_PIXELS });
  }
  if (header.format === 'webp' && header.animated) return firstFrameWay(bytes);
  const whole = wholeWays(header, bytes.byteLength);
  const tiles = tilesWay(header);
  const way = firstThatFits(whole, header) ?? smallerCopy(bytes, header) ?? firstThatFits(tiles, header);
  return way === undefined ? tooLarge(header, [...whole, ...tiles]) : ok(way);
}

/** Whether it is not the picture itself that is decoded, but a smaller copy of it. */
export function isOfSmallerCopy(way: Way): boolean {
  return way.decoder === 'thumbnail' || (way.decoder === 'inner' && way.isPreview);
}

function tooLarge({ width, height }: Size, candidates: readonly Candidate[]): Result<never> {
  const capacities = candidates.map(({ capacity }) => capacity);
  const [most] = capacities.sort((one, other) => other.pixels - one.pixels);
  const { kind, pixels: limitPixels } = most ?? { kind: 'such a picture', pixels: 0 };
  return fail({ code: 'image_area_too_large', kind, width, height, limitPixels });
}

function firstFrameWay(bytes: Uint8Array): Result<Way> {
  const frame = firstFrame(bytes);
  const sniffed = frame && sniff(frame);
  if (frame === undefined || sniffed?.kind !== 'picture' || sniffed.header.animated) {
    return fail({
      code: 'image_unreadable',
      format: 'webp',
      reason: 'its first frame is broken or incomplete',
    });
  }
  const { header } = sniffed;
  const ways = wholeWays(header, frame.byteLength);
  const way = firstThatFits(ways, header);
  if (way === undefined) return tooLarge(header, ways);
  return ok({ decoder: 'inner', bytes: frame, header, way, isPreview: false });
}

/** A copy within the file that is large enough to be taken for the picture, and small enough to decode. */
function smallerCopy(bytes: Uint8Array, header: ImageHeader): Way | undefined {
  switch (header.format) {
    case 'jpeg':
      return header.previews
        .filter((preview) => shortSide(preview) >= MIN_PREVIEW_SIDE)
        .map(({ data }) => previewWay(bytes, data))
        .findLast((way) => way !== undefined);
    case 'avif':
    case 'heic':
      return thumbnailWay(header, bytes.byteLength);
    default:
      return undefined;
  }
}

function previewWay(bytes: Uint8Array, { start, end }: ByteRange): InnerWay | undefined {
  const preview = bytes.subarray(start, end);
  const sniffed = sniff(preview);
  if (sniffed.kind !== 'picture') return undefined;
  const { header } = sniffed;
  const way = firstThatFits(wholeWays(header, preview.byteLength), header);
  return way && { decoder: 'inner', bytes: preview, header, way, isPreview: true };
}

/** The smallest that is large enough for the resize, else the largest. */
function thumbnailWay(header: HeifHeader, fileBytes: number): Way | undefined {
  const usable = header.thumbnails.filter(
    (thumbnail) =>
      shortSide(thumbnail) >= MIN_PREVIEW_SIDE &&
      firstThatFits(wholeWays({ ...header, ...thumbnail }, fileBytes), thumbnail) !== undefined,
  );
  const thumbnail = usable.find((one) => shortSide(one) >= RESIZED_SHORT_SIDE) ?? usable.at(-1);
  return thumbnail && { decoder: 'thumbnail', thumbnail };
}

function tilesWay(header: ImageHeader): Candidate[] {
  if ((header.format !== 'avif' && header.format !== 'heic') || header.grid === undefined) return [];
  const { grid } = header;
  const shrink = SHRINKS.find(
    (by) => grid.width % by === 0 && grid.height % by === 0 && shortSide(header) / by >= SCALED_SHORT_SIDE,
  );
  return candidate({ decoder: 'tiles', shrink: shrink ?? 1 }, tilesCapacity(header, shrink ?? 1));
}
