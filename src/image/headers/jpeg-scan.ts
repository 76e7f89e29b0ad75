/** Headers of a sequential JPEG up to its first scan (ISO/IEC 10918-1 B.2). */
import { viewOf } from './bytes.ts';
import { MAX_SCAN_COMPONENTS } from './jpeg-scans.ts';
import { isFrameHeader, isStandalone, MAX_SEGMENTS, markerFrom } from './jpeg-segments.ts';

const DHT = 0xc4;
const EOI = 0xd9;
const SOS = 0xda;
const DQT = 0xdb;
const DRI = 0xdd;

/** Y, X and Nf with what precedes them: the offset of the frame's components. */
const FRAME_COMPONENTS_AT = 6;
const STEPS = 64;
const LENGTHS = 16;
/** Tables of each kind (B.2.4). */
const MAX_TABLES = 4;
/** Maximum of table definitions before a scan; of each number the last counts, and no encoder writes one twice. */
const MAX_DEFINITIONS = 64;

export interface JpegScan {
  /** The scan's components, in its order. */
  readonly components: readonly ScanComponent[];
  /** By number: 64 steps each, in zigzag order. */
  readonly steps: ReadonlyMap<number, Uint16Array>;
  /** The last table of each class and index, which is the one that counts: eight at most. */
  readonly codes: readonly HuffmanCodes[];
  /** MCUs between restart markers; 0 for none. */
  readonly restartInterval: number;
  /** Where the entropy-coded data begin. */
  readonly start: number;
}

interface ScanComponent {
  /** Its index in the frame. */
  readonly index: number;
  readonly steps: number;
  readonly dcCodes: number;
  readonly acCodes: number;
}

export interface HuffmanCodes {
  /** 0 for DC, 1 for AC. */
  readonly tableClass: number;
  readonly index: number;
  /** The number of codes of each length from 1 to 16, followed by their symbols. */
  readonly data: Uint8Array;
}

/** @returns undefined if there is no scan, or something that it needs is missing. */
export function readScan(bytes: Uint8Array): JpegScan | undefined {
  const steps = new Map<number, Uint16Array>();
  const codes = new Map<number, HuffmanCodes>();
  let frame: Uint8Array | undefined;
  const definitions: Definitions = { left: MAX_DEFINITIONS };
  let restartInterval = 0;
  let at = 2;
  for (let left = MAX_SEGMENTS; left > 0; ) {
    at = markerFrom(bytes, at);
    const marker = bytes[at] ?? EOI;
    at += 1;
    if (isStandalone(marker)) continue;
    left -= 1;
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (marker === EOI || length < 2 || at + length > bytes.length) return undefined;
    const segment = bytes.subarray(at + 2, at + length);
    at += length;
    if (marker === DQT && !readSteps(segment, steps, definitions)) return undefined;
    if (marker === DHT && !readCodes(segment, codes, definitions)) return undefined;
    if (marker === DRI) restartInterval = ((segment[0] ?? 0) << 8) | (segment[1] ?? 0);
    if (isFrameHeader(marker)) {
      // A second one could have any size.
      if (frame !== undefined) return undefined;
      frame = segment;
    }
    if (marker === SOS) {
      const components = frame && readComponents(segment, frame);
      const scan = { steps, codes: [...codes.values()], restartInterval, start: at };
      return components && isWhole(components, scan) ? { ...scan, components } : undefined;
    }
  }
  return undefined;
}

interface Definitions {
  /** How many more are allowed. */
  left: number;
}

/** B.2.4.1. */
function readSteps(segment: Uint8Array, steps: Map<number, Uint16Array>, definitions: Definitions): boolean {
  const view = viewOf(segment);
  let at = 0;
  while (at < segment.length) {
    if (--definitions.left < 0) return false;
    const head = view.getUint8(at);
    const bytesEach = head >> 4 === 0 ? 1 : 2;
    at += 1;
    if (at + STEPS * bytesEach > segment.length) return false;
    const table = new Uint16Array(STEPS);
    for (let i = 0; i < STEPS; i++, at += bytesEach) {
      table[i] = bytesEach === 1 ? view.getUint8(at) : view.getUint16(at);
    }
    steps.set(head & 0x0f, table);
  }
  return true;
}

/** B.2.4.2. */
function readCodes(segment: Uint8Array, codes: Map<number, HuffmanCodes>, definitions: Definitions): boolean {
  let at = 0;
  while (at < segment.length) {
    if (--definitions.left < 0) return false;
    const head = segment[at] ?? 0;
    const symbols = segment.subarray(at + 1, at + 1 + LENGTHS).reduce((sum, count) => sum + count, 0);
    const end = at + 1 + LENGTHS + symbols;
    if (end > segment.length) return false;
    const [tableClass, index] = [head >> 4, head & 0x0f];
    if (tableClass > 1 || index >= MAX_TABLES) return false;
    codes.set(head, { tableClass, index, data: segment.subarray(at + 1, end) });
    at = end;
  }
  return true;
}

/** B.2.3. */
function readComponents(segment: Uint8Array, frame: Uint8Array): ScanComponent[] | undefined {
  const count = segment[0] ?? 0;
  if (count > MAX_SCAN_COMPONENTS) return undefined;
  const components: ScanComponent[] = [];
  for (let i = 0; i < count; i++) {
    const id = segment[1 + 2 * i];
    const codes = segment[2 + 2 * i] ?? 0;
    for (let index = 0, at = FRAME_COMPONENTS_AT; at < frame.length; index++, at += 3) {
      if (frame[at] !== id) continue;
      components.push({ index, steps: frame[at + 2] ?? 0, dcCodes: codes >> 4, acCodes: codes & 0x0f });
      break;
    }
  }
  return components.length === count ? components : undefined;
}

function isWhole(
  components: readonly ScanComponent[],
  { steps, codes }: Pick<JpegScan, 'steps' | 'codes'>,
): boolean {
  const has = (tableClass: number, index: number) =>
    index < MAX_TABLES && codes.some((one) => one.tableClass === tableClass && one.index === index);
  return components.every(
    (one, i) =>
      one.index === i &&
      one.steps < MAX_TABLES &&
      steps.has(one.steps) &&
      has(0, one.dcCodes) &&
      has(1, one.acCodes),
  );
}
