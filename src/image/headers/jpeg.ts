import { type ByteRange, broken, type Sniffed } from '../header.ts';
import { lettersOf, startsWith } from './bytes.ts';
import { type Exif, isExifAt, readExif } from './exif.ts';
import { JPEG_SIGNATURE, previewsAt } from './jpeg-previews.ts';
import { readScan } from './jpeg-scan.ts';
import { countScans, MAX_SCANS } from './jpeg-scans.ts';
import { walkToFrame } from './jpeg-segments.ts';
import { isMpfAt, largeThumbnails } from './mpf.ts';

const APP0 = 0xe0;
const APP1 = 0xe1;
const APP2 = 0xe2;
const APP14 = 0xee;

const JFIF_NAME = lettersOf('JFIF\0');
const ADOBE_NAME = lettersOf('Adobe');
/** Where Adobe's segment has the transform, which is 0 where there is none. */
const ADOBE_TRANSFORM_AT = 11;

/** ICC.1:2022 annex B.4: the name, which part of the profile this is, and of how many. */
const ICC_NAME = lettersOf('ICC_PROFILE\0');
const ICC_HEAD_BYTES = ICC_NAME.length + 2;

export function isJpeg(bytes: Uint8Array): boolean {
  return startsWith(bytes, JPEG_SIGNATURE);
}

/** Reads the frame header and, from the segments before it, EXIF's orientation and where previews are. */
export function readJpegHeader(bytes: Uint8Array): Sniffed {
  let exif: Exif | undefined;
  let hasMpf = false;
  let icc: ByteRange | undefined;
  let isJfif = false;
  let isUntransformed = false;
  const places: ByteRange[] = [];

  const frame = walkToFrame(bytes, (marker, start, end) => {
    // The first of each counts; a second one is the work of a program that copied the first.
    if (marker === APP1 && exif === undefined && isExifAt(bytes, start)) {
      exif = readExif(bytes.subarray(start, end));
      if (exif.thumbnail !== undefined) places.push(shifted(exif.thumbnail, start));
    }
    // In parts are only the tables of printers and the like, which are not used.
    if (marker === APP2 && startsWith(bytes, ICC_NAME, start) && bytes[start + ICC_NAME.length + 1] === 1) {
      icc ??= { start: start + ICC_HEAD_BYTES, end };
    }
    // As libjpeg has it: JFIF is always YCbCr.
    isJfif ||= marker === APP0 && startsWith(bytes, JFIF_NAME, start);
    if (marker === APP14 && startsWith(bytes, ADOBE_NAME, start) && end - start > ADOBE_TRANSFORM_AT) {
      isUntransformed = bytes[start + ADOBE_TRANSFORM_AT] === 0;
    }
    if (marker === APP2 && !hasMpf && isMpfAt(bytes, start)) {
      hasMpf = true;
      places.push(...largeThumbnails(bytes.subarray(start, end)).map((place) => shifted(place, start)));
    }
  });
  if (typeof frame === 'string') return broken('jpeg', frame);
  if (frame.progressive && countScans(bytes, MAX_SCANS + 1) > MAX_SCANS) {
    return broken('jpeg', `it has more than ${MAX_SCANS} scans, and an ordinary one has about 10`);
  }
  const { mcu, ...rest } = frame;
  const isRgb = frame.components === 3 && isUntransformed && !isJfif;
  const isOneScan = mcu !== undefined && !isRgb && readScan(bytes)?.components.length === frame.components;
  const header = {
    ...rest,
    ...(isOneScan ? { mcu } : {}),
    orientation: exif?.orientation ?? 1,
    previews: previewsAt(bytes, places, frame),
    isRgb,
    ...(icc === undefined ? {} : { space: { icc, deflated: false } }),
  };
  return { kind: 'picture', header };
}

function shifted({ start, end }: ByteRange, by: number): ByteRange {
  return { start: start + by, end: end + by };
}
