/**
 * Decodes a progressive JPEG at an eighth of its size, from its DC coefficients alone.
 *
 * At 1/8 a block becomes one pixel: its mean, which is its DC coefficient. A progressive file stores these in separate
 * scans (ISO/IEC 10918-1 Annex G). Other decoders keep all coefficients of the whole picture first, 2 bytes each: 36 MB
 * for 12 megapixels, most of which are not used at that scale. Here they are skipped: 12 megapixels take 1.1 MB and a
 * tenth of the time.
 */
import type { JpegHeader } from '../header.ts';
import type { Pixels } from '../pixels.ts';
import { huffmanTable } from './bits.ts';
import { toPixels } from './colour.ts';
import { type Frame, readFrame, readHuffmanTables, readQuantTables, type StoredCodes } from './frame.ts';
import { type DcScan, readDcScan } from './scan.ts';

const DHT = 0xc4;
const SOF2 = 0xc2;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DRI = 0xdd;
const APP0 = 0xe0;
const APP14 = 0xee;

/** The state from the file so far. */
interface State {
  frame: Frame | undefined;
  readonly dcSteps: Map<number, number>;
  /** As stored: a look-up is built when a scan needs it. */
  readonly tables: Map<number, StoredCodes>;
  restartInterval: number;
  isJfif: boolean;
  /** Adobe's APP14: 0 for RGB, 1 for YCbCr. */
  adobeTransform: number | undefined;
  /** IDs of the components whose coefficients have been read, to whatever precision the file has them. */
  readonly known: Set<number>;
}

/**
 * @param header of the bytes: a progressive JPEG with one or three components, which has passed the limits.
 * @returns the picture at 1/8, or undefined if its DC coefficients are not all there.
 */
export function decodeDc(bytes: Uint8Array, header: JpegHeader): Pixels | undefined {
  const state: State = {
    frame: undefined,
    dcSteps: new Map(),
    tables: new Map(),
    restartInterval: 0,
    isJfif: false,
    adobeTransform: undefined,
    known: new Set(),
  };
  let at = 2;
  while (true) {
    at = nextMarker(bytes, at);
    const marker = bytes[at - 1];
    if (marker === EOI) break;
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    // Also if only refining scans are missing: an incomplete picture is not classified.
    if (marker === undefined || length < 2 || at + length > bytes.length) return undefined;
    const segment = bytes.subarray(at + 2, at + length);
    at += length;
    if (marker === SOS) {
      if (!readScan(bytes, at, segment, state)) return undefined;
    } else if (marker === SOF2) {
      // A second one is ignored, because no picture has one.
      state.frame ??= readFrame(segment, header);
    } else {
      readTables(marker, segment, state);
    }
  }
  const { frame, known, dcSteps } = state;
  if (frame === undefined || frame.components.some(({ id }) => !known.has(id))) return undefined;
  return toPixels(frame, dcSteps, isRgb(state));
}

/** Position after the next marker, also from within entropy-coded data, past stuffed bytes and restarts. */
function nextMarker(bytes: Uint8Array, from: number): number {
  let at = from;
  while (true) {
    at = bytes.indexOf(0xff, at);
    if (at === -1) return bytes.length + 1;
    while (bytes[at] === 0xff) at += 1;
    const marker = bytes[at] ?? 0;
    at += 1;
    if (marker !== 0 && marker !== 0x01 && (marker & 0xf8) !== 0xd0) return at;
  }
}

function readTables(marker: number, segment: Uint8Array, state: State): void {
  if (marker === DQT) readQuantTables(segment, state.dcSteps);
  if (marker === DHT) readHuffmanTables(segment, state.tables);
  if (marker === DRI) state.restartInterval = ((segment[0] ?? 0) << 8) | (segment[1] ?? 0);
  if (marker === APP0) state.isJfif ||= startsWith(segment, 'JFIF\0');
  if (marker === APP14 && startsWith(segment, 'Adobe')) state.adobeTransform ??= segment[11];
}

/** B.2.3: the components, then the band of coefficients, then the two bit positions in one byte. */
function readScan(bytes: Uint8Array, start: number, segment: Uint8Array, state: State): boolean {
  const { frame, known, restartInterval, tables } = state;
  const count = segment[0] ?? 0;
  const [firstOfBand, , positions = 0] = segment.subarray(1 + 2 * count);
  if (frame === undefined || firstOfBand === undefined) return false;
  if (firstOfBand !== 0) return true;
  const refines = positions >> 4 !== 0;
  const shift = positions & 0x0f;
  const parts: DcScan['parts'][number][] = [];
  for (let i = 0; i < count; i++) {
    const component = frame.components.find(({ id }) => id === segment[1 + 2 * i]);
    const codes = tables.get((segment[2 + 2 * i] ?? 0) >> 4);
    if (component === undefined || (codes === undefined && !refines)) return false;
    const table = refines || codes === undefined ? NO_TABLE : huffmanTable(codes.counts, codes.symbols);
    parts.push({ component, table });
  }
  for (const { component } of parts) known.add(component.id);
  return readDcScan(bytes, start, { parts, refines, shift, restartInterval }, frame);
}

/** Refining scans have plain bits. */
const NO_TABLE = new Uint16Array();

function startsWith(segment: Uint8Array, letters: string): boolean {
  return [...letters].every((letter, i) => segment[i] === letter.charCodeAt(0));
}

/** As libjpeg decides it: JFIF means YCbCr, then Adobe's segment decides, then the names of the components. */
function isRgb({ frame, isJfif, adobeTransform }: State): boolean {
  if (isJfif) return false;
  if (adobeTransform !== undefined) return adobeTransform === 0;
  return frame?.components.map(({ id }) => String.fromCharCode(id)).join('') === 'RGB';
}
