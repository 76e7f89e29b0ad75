import type { JpegHeader } from '../header.ts';
import { viewOf } from '../headers/bytes.ts';
import { isAdobeAt, isJfifAt } from '../headers/jpeg-colours.ts';
import {
  ENTROPY,
  EOI,
  entropyFrom,
  isFrameHeader,
  isTable,
  SOS,
  segmentsOf,
} from '../headers/jpeg-segments.ts';
import { keptOf } from './kept.ts';

/** Marker, length and precision, before the height in a frame header (ISO/IEC 10918-1 B.2.2). */
const HEIGHT_AT = 5;
const BLOCK = 8;
const START = { start: 0, end: 2 };
const END = Uint8Array.of(0xff, EOI);

/**
 * Tables, the frame, its scans, and the two segments that define the components; and an end marker, which a complete
 * file may lack. For a picture with one scan, nothing after it: a decoder would pass over all blocks once more for
 * every ten bytes. A scan keeps only as many restart markers as it can have: libjpeg takes longer for one than for a
 * block, 2.5 s for 20 MB of them.
 */
export function jpegParts(bytes: Uint8Array, { width, height, mcu }: JpegHeader): readonly Uint8Array[] {
  const mostRestarts = restartsWithin(width, height);
  const kept = keptOf(bytes);
  kept.keep(START);
  let hasFrame = false;
  for (const { marker, start, payload, end, restarts = 0 } of segmentsOf(bytes)) {
    if (isFrameHeader(marker)) {
      // A second one could have any size.
      if (!hasFrame) kept.add(withHeight(bytes.subarray(start, end), height));
      hasFrame = true;
    } else if (isOfPicture(bytes, marker, payload)) {
      const last = restarts > mostRestarts ? entropyFrom(bytes, start, mostRestarts).end : end;
      kept.keep({ start, end: last });
      if (marker === ENTROPY && mcu !== undefined) break;
    }
  }
  kept.add(END);
  return kept.parts();
}

/**
 * Restart markers that a scan may have: one after each unit of it, which is a block of 8×8 or more, and in lossless
 * JPEG a row of samples (B.2.4.4, H.1.1).
 */
function restartsWithin(width: number, height: number): number {
  return Math.max(Math.ceil(width / BLOCK) * Math.ceil(height / BLOCK), height);
}

/** If the file states its height after the first scan, decoders get it before. */
function withHeight(segment: Uint8Array, height: number): Uint8Array {
  if (viewOf(segment).getUint16(HEIGHT_AT) === height) return segment;
  const frame = segment.slice();
  viewOf(frame).setUint16(HEIGHT_AT, height);
  return frame;
}

function isOfPicture(bytes: Uint8Array, marker: number, payload: number): boolean {
  return (
    marker === SOS ||
    marker === ENTROPY ||
    isTable(marker) ||
    isJfifAt(bytes, marker, payload) ||
    isAdobeAt(bytes, marker, payload)
  );
}
