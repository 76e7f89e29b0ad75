/** The frame header of a JPEG (ISO/IEC 10918-1 B.2.2). */
import type { JpegHeader, Size } from '../header.ts';
import { viewOf } from './bytes.ts';

/** Lf, P, Y, X and Nf: the part of a frame header before its components. */
const FRAME_HEADER_BYTES = 8;
const COMPONENT_BYTES = 3;
const BLOCK = 8;

/** What the frame says; the segments around it say the rest. */
export type JpegFrame = Omit<JpegHeader, 'orientation' | 'previews'>;

/** `segment` starts at Lf (B.2.2). @returns the frame, or why it cannot be read. */
export function readFrameHeader(segment: Uint8Array, marker: number): JpegFrame | string {
  const view = viewOf(segment);
  if (segment.length < FRAME_HEADER_BYTES) return 'the JPEG frame header is too short';
  const bitDepth = view.getUint8(2);
  const height = view.getUint16(3);
  const width = view.getUint16(5);
  const components = view.getUint8(7);
  // Y = 0 promises a DNL segment after the first scan (B.2.5): the size is then not known in advance.
  if (height === 0) return 'the JPEG does not say its height before its pixels';
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
  };
}

interface Factors {
  readonly across: number;
  readonly down: number;
}

/** See `JpegHeader.mcu`. */
function ordinaryMcu([luma, ...chroma]: readonly Factors[]): Size | undefined {
  // One component alone is not interleaved, whatever its factors are (A.2.2).
  if (chroma.length === 0) return { width: BLOCK, height: BLOCK };
  const isOrdinary =
    luma !== undefined &&
    Math.max(luma.across, luma.down) <= 2 &&
    chroma.length === 2 &&
    chroma.every(({ across, down }) => across === 1 && down === 1);
  return isOrdinary ? { width: BLOCK * luma.across, height: BLOCK * luma.down } : undefined;
}

/** Every component's blocks, the picture padded to whole MCUs of interleaved blocks (A.2.3, A.2.4). */
function storedSamples(width: number, height: number, factors: readonly Factors[]): number {
  const mcuWidth = BLOCK * Math.max(...factors.map((factor) => factor.across));
  const mcuHeight = BLOCK * Math.max(...factors.map((factor) => factor.down));
  const mcus = Math.ceil(width / mcuWidth) * Math.ceil(height / mcuHeight);
  const blocksPerMcu = factors.reduce((sum, { across, down }) => sum + across * down, 0);
  return mcus * blocksPerMcu * BLOCK * BLOCK;
}
