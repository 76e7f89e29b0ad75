/** The marker segments of a JPEG (ISO/IEC 10918-1 B.1.1, B.2), with the entropy-coded data of its scans. */
import { viewOf } from './bytes.ts';

const SOI = 0xd8;
export const EOI = 0xd9;
export const SOS = 0xda;
export const DQT = 0xdb;
export const DNL = 0xdc;
const DRI = 0xdd;
export const DHP = 0xde;
export const DHT = 0xc4;
const JPG = 0xc8;
const DAC = 0xcc;
const TEM = 0x01;
const RST0 = 0xd0;
const RST7 = 0xd7;
export const APP0 = 0xe0;
export const APP1 = 0xe1;
export const APP2 = 0xe2;
export const APP14 = 0xee;

const LENGTH_BYTES = 2;

/**
 * Maximum of segments read, including those of scans and the data between them: encoders write some ten, cameras and
 * editors some hundred, most of them parts of profiles and of XMP. What comes after this many is ignored.
 */
export const MAX_SEGMENTS = 10_000;

/** In place of a marker: the item is the entropy-coded data of the preceding scan. */
export const ENTROPY = 0;

export interface Segment {
  readonly marker: number;
  /** Position of the marker's first byte. */
  readonly start: number;
  /** Position after the length. */
  readonly payload: number;
  /** May be beyond the end of the file. */
  readonly end: number;
  /** Of entropy-coded data: how many restart markers are in it. */
  readonly restarts?: number;
}

/**
 * The segments of a file, up to and including EOI, or to its end; after each SOS, its entropy-coded data.
 *
 * It steps exactly as decoders do: stray bytes between segments are skipped, as are any number of fill bytes. A
 * stricter or looser walk could find another frame header than the decoder, whose size would then differ from the one
 * that is allocated.
 *
 * It ends at a segment that is shorter than its own length field, which is yielded as empty.
 */
export function* segmentsOf(bytes: Uint8Array): Generator<Segment, void> {
  const view = viewOf(bytes);
  let at = 2;
  let left = MAX_SEGMENTS;
  while (true) {
    at = markerFrom(bytes, at);
    const marker = bytes[at];
    if (marker === undefined) return;
    const start = at - 1;
    at += 1;
    if (marker === EOI) {
      yield { marker, start, payload: at, end: at };
      return;
    }
    // Markers without a segment count too: there may be ten million, which each reader would step over.
    left -= 1;
    if (left < 0) return;
    if (isStandalone(marker)) continue;
    if (at + LENGTH_BYTES > bytes.length) return;
    const end = at + view.getUint16(at);
    yield { marker, start, payload: at + LENGTH_BYTES, end };
    if (end < at + LENGTH_BYTES) return;
    at = end;
    if (marker !== SOS) continue;
    const entropy = entropyFrom(bytes, end);
    at = entropy.end;
    yield { marker: ENTROPY, start: end, payload: end, ...entropy };
  }
}

/**
 * Entropy-coded data, up to a marker that is neither a stuffed byte nor a restart (B.1.1.5).
 *
 * @param mostRestarts after this many restart markers, the data end before the next one.
 */
export function entropyFrom(bytes: Uint8Array, from: number, mostRestarts = Number.POSITIVE_INFINITY) {
  let restarts = 0;
  for (let at = bytes.indexOf(0xff, from); at !== -1; ) {
    const next = bytes[at + 1] ?? 0;
    const isRestart = next >= RST0 && next <= RST7;
    const isOfScan = next === 0 || next === 0xff || (isRestart && restarts < mostRestarts);
    if (!isOfScan) return { end: at, restarts };
    if (isRestart) restarts += 1;
    at += next === 0xff ? 1 : 2;
    // A search costs as much as some hundred bytes, so consecutive markers are not searched for one by one.
    if (bytes[at] !== 0xff) at = bytes.indexOf(0xff, at);
  }
  return { end: bytes.length, restarts };
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

/** Markers without a segment, Table B.1; SOI here can only be a second one. */
export function isStandalone(marker: number): boolean {
  return marker === TEM || (marker >= RST0 && marker <= SOI);
}

/** SOF0–SOF15; three of these codes mean something else (Table B.1). */
export function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== DHT && marker !== JPG && marker !== DAC;
}

/** Quantisation tables, Huffman tables, and the restart interval. */
export function isTable(marker: number): boolean {
  return marker === DQT || marker === DHT || marker === DAC || marker === DRI;
}
