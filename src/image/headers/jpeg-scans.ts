/**
 * The scans of a JPEG with several: how many there are, and whether they are complete.
 *
 * A decoder passes over the whole picture once for each, and a scan costs a file a few bytes: 10,000 scans in 121 kB
 * took 7 s.
 */
import type { JpegScans } from '../header.ts';
import { DHT, DQT, EOI, SOS, segmentsOf } from './jpeg-segments.ts';

/** Encoders write about 10; a preview inside the file has its own. */
export const MAX_SCANS = 100;

/** Ns (B.2.3). */
export const MAX_SCAN_COMPONENTS = 4;

/** Maximum of tables of both kinds, for all scans together: each may need eight, and encoders write at most four. */
const MAX_TABLES = 1000;
/** Class and number of a table of codes, and the counts of its codes by length (B.2.4.2). */
const CODES_HEAD_BYTES = 17;

const COEFFICIENTS = 64;

/**
 * @param components of the frame.
 * @returns the facts about them, or what exceeds anything that encoders write.
 */
export function readScans(bytes: Uint8Array, components: number, isProgressive: boolean): JpegScans | string {
  /** By component name: the lowest bit to which each coefficient is known; sequential scans give all. */
  const lowest = new Map<number, Uint8Array>();
  let count = 0;
  let tables = 0;
  let segments = 0;
  let isEnded = false;
  for (const { marker, payload, end } of segmentsOf(bytes)) {
    segments += 1;
    if (marker === EOI) isEnded = true;
    if (marker === DHT || marker === DQT) {
      tables += marker === DQT ? (end - payload) / COEFFICIENTS : codesIn(bytes.subarray(payload, end));
      if (tables > MAX_TABLES)
        return `it has more than ${MAX_TABLES} tables, and an ordinary one has 4 to 50`;
    }
    if (marker !== SOS) continue;
    count += 1;
    if (count > MAX_SCANS) return `it has more than ${MAX_SCANS} scans, and an ordinary one has about 10`;
    if (!isScan(bytes.subarray(payload, end))) return 'a scan of it has more than 4 components, or one twice';
    noteScan(bytes.subarray(payload, end), isProgressive, lowest);
  }
  const isComplete =
    lowest.size === components && [...lowest.values()].every((bits) => bits.every((bit) => bit === 0));
  return { count, segments, isEnded, isComplete };
}

/** Counted by their lengths, as decoders do; no further than the bound. */
function codesIn(segment: Uint8Array): number {
  let count = 0;
  for (let at = 0; at + CODES_HEAD_BYTES <= segment.length && count <= MAX_TABLES; count++) {
    let symbols = 0;
    for (let i = 1; i < CODES_HEAD_BYTES; i++) symbols += segment[at + i] ?? 0;
    at += CODES_HEAD_BYTES + symbols;
  }
  return count;
}

/** B.2.3: decoders differ in how they read others, and a component that occurs 255 times costs as much each time. */
function isScan(header: Uint8Array): boolean {
  const count = header[0] ?? 0;
  const names = Array.from({ length: Math.min(count, MAX_SCAN_COMPONENTS) }, (_, i) => header[1 + 2 * i]);
  return count <= MAX_SCAN_COMPONENTS && new Set(names).size === count;
}

/** B.2.3: how many components, their names and tables, then the band of coefficients and the two bit positions. */
function noteScan(header: Uint8Array, isProgressive: boolean, lowest: Map<number, Uint8Array>): void {
  const components = header[0] ?? 0;
  const [first = 0, last = 0, positions = 0] = isProgressive
    ? header.subarray(1 + 2 * components)
    : [0, COEFFICIENTS - 1, 0];
  for (let i = 0; i < components; i++) {
    const name = header[1 + 2 * i];
    if (name === undefined) return;
    const bits = lowest.get(name) ?? new Uint8Array(COEFFICIENTS).fill(0xff);
    bits.fill(positions & 0x0f, first, last + 1);
    lowest.set(name, bits);
  }
}
