/** The frame header of a JPEG (ISO/IEC 10918-1 B.2.2). */
import type { JpegHeader, Size } from '../header.ts';
import { viewOf } from './bytes.ts';
import { DHP, DNL, EOI, isFrameHeader, MAX_SEGMENTS, SOS, segmentsOf } from './jpeg-segments.ts';

const LENGTH_BYTES = 2;
/** Lf, P, Y, X and Nf: the part of a frame header before its components. */
const FRAME_HEADER_BYTES = 8;
const COMPONENT_BYTES = 3;
const BLOCK = 8;

/** What the frame says; the segments around it say the rest. */
export interface JpegFrame extends Omit<JpegHeader, 'orientation' | 'previews'> {
  /** Ci of each component, which are numbers or letters. */
  readonly names: readonly number[];
}

/**
 * The first frame header of a file, as a decoder would find it.
 *
 * @returns the frame, or why there is none.
 */
export function frameOf(bytes: Uint8Array): JpegFrame | string {
  let segments = 0;
  for (const { marker, payload, end } of segmentsOf(bytes)) {
    segments += 1;
    if (marker === SOS || marker === EOI) return 'the JPEG has no frame header';
    if (marker === DHP) return 'the JPEG is hierarchical';
    if (end < payload) return 'a JPEG segment is shorter than its own length field';
    if (!isFrameHeader(marker)) continue;
    if (end > bytes.length) return 'the JPEG ends inside its frame header';
    return readFrameHeader(bytes.subarray(payload - LENGTH_BYTES, end), marker, () => heightBehind(bytes));
  }
  return segments === MAX_SEGMENTS
    ? `the JPEG has ${MAX_SEGMENTS} segments before its frame header, and an ordinary one has about 10`
    : 'the JPEG ends before its frame header';
}

/** Number of lines, from a DNL segment after the first scan (B.2.5); 0 if there is none. */
function heightBehind(bytes: Uint8Array): number {
  for (const { marker, payload, end } of segmentsOf(bytes)) {
    if (marker === DNL) return end > bytes.length || end < payload + 2 ? 0 : viewOf(bytes).getUint16(payload);
  }
  return 0;
}

/**
 * @param segment from Lf on (B.2.2).
 * @param heightBehindIt called if Y is 0.
 */
function readFrameHeader(
  segment: Uint8Array,
  marker: number,
  heightBehindIt: () => number,
): JpegFrame | string {
  const view = viewOf(segment);
  if (segment.length < FRAME_HEADER_BYTES) return 'the JPEG frame header is too short';
  const bitDepth = view.getUint8(2);
  const height = view.getUint16(3) || heightBehindIt();
  const width = view.getUint16(5);
  const components = view.getUint8(7);
  if (height === 0) return 'the JPEG does not say its height';
  if (width === 0) return 'the JPEG is 0 pixels wide';
  if (bitDepth < 2 || bitDepth > 16) return `the JPEG has ${bitDepth} bits a sample`;
  if (components !== 1 && components !== 3 && components !== 4) {
    return `the JPEG has ${components} colour components`;
  }
  if (segment.length !== FRAME_HEADER_BYTES + components * COMPONENT_BYTES) {
    return 'the JPEG frame header does not have the length it states';
  }
  // The differential frames of the hierarchical mode: SOF5–7 and SOF13–15.
  if ((marker & 0x04) !== 0) return 'the JPEG is hierarchical';

  const factors = Array.from({ length: components }, (_, i) => {
    const factor = view.getUint8(FRAME_HEADER_BYTES + i * COMPONENT_BYTES + 1);
    return { across: factor >> 4, down: factor & 0x0f };
  });
  if (factors.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) {
    return 'a JPEG sampling factor is not from 1 to 4';
  }

  // SOF0 and SOF1: sequential, with Huffman codes.
  const mcu = marker <= 0xc1 && bitDepth === 8 ? ordinaryMcu(factors) : undefined;
  return {
    format: 'jpeg',
    ...(mcu === undefined ? {} : { mcu }),
    width,
    height,
    components,
    bitDepth,
    progressive: (marker & 0x03) === 2,
    animated: false,
    process: (marker & 0x03) === 2 ? 'progressive' : (marker & 0x03) === 3 ? 'lossless' : 'sequential',
    entropyCoding: (marker & 0x08) === 0 ? 'huffman' : 'arithmetic',
    storedSamples: storedSamples(width, height, factors),
    names: factors.map((_, i) => view.getUint8(FRAME_HEADER_BYTES + i * COMPONENT_BYTES)),
  };
}

interface Factors {
  readonly across: number;
  readonly down: number;
}

/** See `JpegHeader.mcu`. */
function ordinaryMcu([luma, ...chroma]: readonly Factors[]): Size | undefined {
  // A single component is not interleaved, whatever its factors are (A.2.2).
  if (chroma.length === 0) return { width: BLOCK, height: BLOCK };
  const isOrdinary =
    luma !== undefined &&
    Math.max(luma.across, luma.down) <= 2 &&
    chroma.length === 2 &&
    chroma.every(({ across, down }) => across === 1 && down === 1);
  return isOrdinary ? { width: BLOCK * luma.across, height: BLOCK * luma.down } : undefined;
}

/** Blocks of all components, the picture padded to whole MCUs of interleaved blocks (A.2.3, A.2.4). */
function storedSamples(width: number, height: number, factors: readonly Factors[]): number {
  const mcuWidth = BLOCK * Math.max(...factors.map((factor) => factor.across));
  const mcuHeight = BLOCK * Math.max(...factors.map((factor) => factor.down));
  const mcus = Math.ceil(width / mcuWidth) * Math.ceil(height / mcuHeight);
  const blocksPerMcu = factors.reduce((sum, { across, down }) => sum + across * down, 0);
  return mcus * blocksPerMcu * BLOCK * BLOCK;
}
