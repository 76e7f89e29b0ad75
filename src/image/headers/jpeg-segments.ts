/** The marker segments of a JPEG up to its frame header (ISO/IEC 10918-1 B.1.1, B.2). */

import { viewOf } from './bytes.ts';
import { type JpegFrame, readFrameHeader } from './jpeg-frame.ts';

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DNL = 0xdc;
const DHP = 0xde;
const DHT = 0xc4;
const JPG = 0xc8;
const DAC = 0xcc;
const TEM = 0x01;

/**
 * Walks the marker segments to the frame header.
 *
 * The walk is the decoder's, step by step: stray bytes between segments are passed over, as are any number
 * of fill bytes. A stricter or looser walk could be led to another frame header than the decoder's, and
 * its size to another size than the one that is allocated.
 *
 * @param passed is told of each segment on the way: its marker, and where its payload starts and ends.
 * @returns the frame, or why there is none.
 */
export function walkToFrame(
  bytes: Uint8Array,
  passed: (marker: number, start: number, end: number) => void,
): JpegFrame | string {
  const view = viewOf(bytes);
  let at = 2;
  while (true) {
    at = markerFrom(bytes, at);
    const marker = bytes[at];
    if (marker === undefined) return 'the JPEG ends before its frame header';
    at += 1;
    if (marker === SOS || marker === EOI) return 'the JPEG has no frame header';
    if (marker === DHP) return 'the JPEG is hierarchical';
    if (marker === DNL) return 'the JPEG does not say its height before its pixels';
    if (isStandalone(marker)) continue;

    if (at + 2 > bytes.length) return 'the JPEG ends before its frame header';
    const length = view.getUint16(at);
    if (length < 2) return 'a JPEG segment is shorter than its own length field';
    if (isFrameHeader(marker)) {
      return at + length > bytes.length
        ? 'the JPEG ends inside its frame header'
        : readFrameHeader(bytes.subarray(at, at + length), marker);
    }
    passed(marker, at + 2, at + length);
    at += length;
  }
}

/** Position of the next marker's second byte, or the end of the input (B.1.1.2). */
export function markerFrom(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    while (at < bytes.length && bytes[at] !== 0xff) at += 1;
    while (bytes[at] === 0xff) at += 1;
    if (bytes[at] !== 0) return at;
  }
  return at;
}

/** Markers without a segment, Table B.1; SOI can only be a second one here. */
export function isStandalone(marker: number): boolean {
  return marker === TEM || (marker >= 0xd0 && marker <= SOI);
}

/** SOF0–SOF15; three codes among them mean something else (Table B.1). */
export function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== DHT && marker !== JPG && marker !== DAC;
}
