/**
 * Determines from its header how a picture is decoded: by the ways that read its kind, have memory for it and are fast
 * enough, the cheapest first; if there is none, by a smaller copy within the file; or why not.
 */
import { fail, ok, type Result } from '../../failure.ts';
import type { ByteRange, HeifHeader, HeifThumbnail, ImageHeader, JpegHeader, Size } from '../header.ts';
import { RESIZED_SHORT_SIDE } from '../resample/taps.ts';
import { sniff } from '../sniff.ts';
import { firstFrame } from '../webp/webp-frame.ts';
import { MAX_SIDE_PIXELS } from './account.ts';
import { kindOf } from './kinds.ts';
import { shortSide } from './scale.ts';
import { candidatesFor, roomyWays, within } from './table.ts';
import { holdsThumbnail, thumbnailUnits } from './tiles.ts';
import { requestUnits, UNIT_LIMITS, type UnitLimits } from './time.ts';
import type { InnerWay, Way } from './way.ts';

/**
 * Short side of the smallest preview that is used for its picture: the size of the network's input. Of 300 photos, 294
 * keep their first class at a short side of 240, as in phones' thumbnails, and 289 at 224.
 */
const MIN_PREVIEW_SIDE = 224;

/**
 * The ways to decode a picture, in the order in which they are to be tried; at least one. Nothing is decoded here, and
 * only headers are read.
 *
 * @param unitLimits the most that the request, and all ways that are tried, may cost together.
 */
export function waysFor(
  bytes: Uint8Array,
  header: ImageHeader,
  unitLimits: UnitLimits = UNIT_LIMITS,
): Result<readonly Way[]> {
  const besides = requestUnits(bytes.byteLength, header.entries ?? 0);
  const limitUnits = header.format === 'heic' ? unitLimits.heic : unitLimits.picture;
  const limits = { left: limitUnits - besides, besides, limitUnits };
  const side = Math.max(header.width, header.height);
  if (side > MAX_SIDE_PIXELS) {
    return fail({ code: 'image_side_too_long', side, limitPixels: MAX_SIDE_PIXELS });
  }
  if (header.format === 'jpeg' && isCutOff(header)) {
    return fail({ code: 'image_unreadable', format: 'jpeg', reason: 'it ends before its picture does' });
  }
  if (header.format === 'webp' && header.animated) return firstFrameWays(bytes, header, limits);
  if (header.format === 'ico' && header.png !== undefined) {
    return innerWays(bytes.subarray(header.entry.start, header.entry.end), header.png, limits);
  }
  const whole = within(roomyWays(header, bytes.byteLength), limits.left);
  if (whole.length > 0) return ok(whole);
  const copy = within(smallerCopy(bytes, header, limits), limits.left);
  return copy.length > 0 ? ok(copy) : refusal(header, bytes.byteLength, limits);
}

/** In units. */
interface Limits {
  /** For the ways. */
  readonly left: number;
  /** The cost of the request regardless of the decoder. */
  readonly besides: number;
  /** The sum of both. */
  readonly limitUnits: number;
}

/** Whether it decodes a smaller copy instead of the picture itself. */
export function isOfSmallerCopy(way: Way): boolean {
  return way.decoder === 'thumbnail' || (way.decoder === 'inner' && way.isPreview);
}

/** Without an end-of-image marker, missing data may have existed. */
function isCutOff({ scans }: JpegHeader): boolean {
  return scans !== undefined && !scans.isEnded && !scans.isComplete;
}

/** No row of the table reads such a picture, none has memory for it, or none is fast enough. */
function refusal(header: ImageHeader, fileBytes: number, { besides, limitUnits }: Limits): Result<never> {
  const candidates = candidatesFor(header, fileBytes);
  if (candidates.length === 0) {
    return fail({ code: 'image_kind_unsupported', kind: kindOf(header).replace(/^a/, 'A') });
  }
  const kind = kindOf(header);
  const roomy = roomyWays(header, fileBytes);
  if (roomy.length > 0) {
    const units = besides + Math.min(...roomy.map((way) => way.units));
    return fail({ code: 'image_too_costly', kind, units, limitUnits });
  }
  const { width, height } = header;
  const limitPixels = Math.max(...candidates.map(({ holdsPixels }) => holdsPixels));
  return fail({ code: 'image_area_too_large', kind, width, height, limitPixels });
}

function innerWays(
  bytes: Uint8Array,
  header: ImageHeader,
  limits: Limits,
  { isPreview = false, ...canvas }: Partial<Pick<InnerWay, 'isPreview' | 'canvas'>> = {},
): Result<readonly InnerWay[]> {
  const ways = within(roomyWays(header, bytes.byteLength), limits.left);
  if (ways.length === 0) return refusal(header, bytes.byteLength, limits);
  return ok(
    ways.map((way) => ({ decoder: 'inner', bytes, header, way, isPreview, units: way.units, ...canvas })),
  );
}

function firstFrameWays(bytes: Uint8Array, { width, height }: Size, limits: Limits): Result<readonly Way[]> {
  const frame = firstFrame(bytes);
  const sniffed = frame && sniff(frame.file);
  if (frame === undefined || sniffed?.kind !== 'picture' || sniffed.header.animated) {
    return fail({
      code: 'image_unreadable',
      format: 'webp',
      reason: 'its first frame is broken or incomplete',
    });
  }
  const { header } = sniffed;
  const { left, top } = frame.place;
  // It is not allowed (RFC 9649 §2.7.1.1), and decoders refuse it.
  if (left + header.width > width || top + header.height > height) {
    return fail({
      code: 'image_unreadable',
      format: 'webp',
      reason: 'its first frame reaches beyond the canvas',
    });
  }
  const isAll = header.width === width && header.height === height;
  return innerWays(frame.file, header, limits, isAll ? {} : { canvas: { width, height, left, top } });
}

/** The ways to decode a copy within the file that is large enough to be used for the picture. */
function smallerCopy(bytes: Uint8Array, header: ImageHeader, limits: Limits): readonly Way[] {
  switch (header.format) {
    case 'jpeg':
      // One after the other, the largest first: each is read like a file of its own.
      for (const preview of header.previews.toReversed()) {
        const ways = shortSide(preview) < MIN_PREVIEW_SIDE ? [] : previewWays(bytes, preview.data, limits);
        if (ways.length > 0) return ways;
      }
      return [];
    case 'avif':
    case 'heic':
      return thumbnailWays(header);
    default:
      return [];
  }
}

function previewWays(bytes: Uint8Array, { start, end }: ByteRange, limits: Limits): readonly Way[] {
  const preview = bytes.subarray(start, end);
  const sniffed = sniff(preview);
  if (sniffed.kind !== 'picture') return [];
  const ways = innerWays(preview, sniffed.header, limits, { isPreview: true });
  return ways.ok ? ways.value : [];
}

/** First the smallest one that is large enough for the resize, then larger ones, then smaller ones. */
function thumbnailWays(header: HeifHeader): readonly Way[] {
  const sideOf = ({ aperture }: HeifThumbnail) => shortSide(aperture);
  const usable = header.thumbnails.filter(
    (thumbnail) => sideOf(thumbnail) >= MIN_PREVIEW_SIDE && holdsThumbnail(header, thumbnail),
  );
  const large = usable.filter((one) => sideOf(one) >= RESIZED_SHORT_SIDE);
  const small = usable.filter((one) => sideOf(one) < RESIZED_SHORT_SIDE).toReversed();
  return [...large, ...small].map((thumbnail) => ({
    decoder: 'thumbnail',
    thumbnail,
    units: thumbnailUnits(header, thumbnail),
  }));
}
