import { type ByteRange, broken, type Sniffed } from '../header.ts';
import { lettersOf, startsWith } from './bytes.ts';
import { type Exif, isExifAt, readExif } from './exif.ts';
import { adobeTransformAt, isAdobeAt, isJfifAt, isRgb } from './jpeg-colours.ts';
import { frameOf } from './jpeg-frame.ts';
import { JPEG_SIGNATURE, previewsAt } from './jpeg-previews.ts';
import { readScan } from './jpeg-scan.ts';
import { readScans } from './jpeg-scans.ts';
import { APP1, APP2, SOS, segmentsOf } from './jpeg-segments.ts';
import { isMpfAt, largeThumbnails } from './mpf.ts';

/** ICC.1:2022 annex B.4: the name, the number of this part of the profile, and of parts. */
const ICC_NAME = lettersOf('ICC_PROFILE\0');
const ICC_HEAD_BYTES = ICC_NAME.length + 2;

export function isJpeg(bytes: Uint8Array): boolean {
  return startsWith(bytes, JPEG_SIGNATURE);
}

/** Reads the frame header; and, from the segments before the first scan, EXIF's orientation and the stated previews. */
export function readJpegHeader(bytes: Uint8Array): Sniffed {
  const frame = frameOf(bytes);
  if (typeof frame === 'string') return broken('jpeg', frame);
  const { mcu, names, ...rest } = frame;
  const { exif, icc, places, entries, ...colours } = readMarks(bytes);
  const rgb = isRgb(colours, names);
  const isOrdinary = mcu !== undefined && readScan(bytes)?.components.length === frame.components;
  const scans = isOrdinary ? undefined : readScans(bytes, frame.components, frame.progressive);
  if (typeof scans === 'string') return broken('jpeg', scans);
  const header = {
    ...rest,
    ...(isOrdinary ? { mcu } : {}),
    ...(scans === undefined ? { entries } : { scans, entries: scans.segments }),
    orientation: exif?.orientation ?? 1,
    previews: previewsAt(bytes, places, frame),
    isRgb: rgb,
    ...(icc === undefined ? {} : { space: { icc, deflated: false } }),
  };
  return { kind: 'picture', header };
}

interface Marks {
  readonly exif: Exif | undefined;
  readonly icc: ByteRange | undefined;
  /** The stated ranges of previews. */
  readonly places: readonly ByteRange[];
  readonly isJfif: boolean;
  readonly adobeTransform: number | undefined;
  readonly entries: number;
}

/**
 * What the segments before the first scan say, including those after the frame header. The first of each counts; a
 * second one comes from a program that copied the first.
 */
function readMarks(bytes: Uint8Array): Marks {
  let exif: Exif | undefined;
  let icc: ByteRange | undefined;
  let hasMpf = false;
  let isJfif = false;
  let adobeTransform: number | undefined;
  const places: ByteRange[] = [];
  let entries = 0;
  for (const { marker, payload, end } of segmentsOf(bytes)) {
    entries += 1;
    if (marker === SOS) break;
    if (marker === APP1 && exif === undefined && isExifAt(bytes, payload)) {
      exif = readExif(bytes.subarray(payload, end));
      if (exif.thumbnail !== undefined) places.push(shifted(exif.thumbnail, payload));
    }
    // Only tables for printers and the like are split into parts, and those are not used.
    if (
      marker === APP2 &&
      startsWith(bytes, ICC_NAME, payload) &&
      bytes[payload + ICC_NAME.length + 1] === 1
    ) {
      icc ??= { start: payload + ICC_HEAD_BYTES, end };
    }
    if (marker === APP2 && !hasMpf && isMpfAt(bytes, payload)) {
      hasMpf = true;
      places.push(...largeThumbnails(bytes.subarray(payload, end)).map((place) => shifted(place, payload)));
    }
    isJfif ||= isJfifAt(bytes, marker, payload);
    if (isAdobeAt(bytes, marker, payload)) adobeTransform = adobeTransformAt(bytes, payload);
  }
  return { exif, icc, places, isJfif, adobeTransform, entries };
}

function shifted({ start, end }: ByteRange, by: number): ByteRange {
  return { start: start + by, end: end + by };
}
