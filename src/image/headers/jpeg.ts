import { broken, type JpegHeader, type Sniffed } from '../header.ts';
import { startsWith, viewOf } from './bytes.ts';

/** SOI and the first byte of the marker that must follow it (ISO/IEC 10918-1 B.2.1). */
const SIGNATURE = [0xff, 0xd8, 0xff];

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const DNL = 0xdc;
const DHP = 0xde;
const DHT = 0xc4;
const JPG = 0xc8;
const DAC = 0xcc;
const TEM = 0x01;

/** Lf, P, Y, X and Nf: the part of a frame header before its components (B.2.2). */
const FRAME_HEADER_BYTES = 8;
const COMPONENT_BYTES = 3;
const BLOCK = 8;

export function isJpeg(bytes: Uint8Array): boolean {
  return startsWith(bytes, SIGNATURE);
}

/**
 * Walks the marker segments to the frame header, as ISO/IEC 10918-1 B.1.1 and B.2 have it.
 *
 * The walk is the decoder's, step by step: stray bytes between segments are passed over, as are any number
 * of fill bytes. A stricter or looser walk could be led to another frame header than the decoder's, and
 * its size to another size than the one that is allocated.
 */
export function readJpegHeader(bytes: Uint8Array): Sniffed {
  const view = viewOf(bytes);
  let at = 2;
  while (true) {
    at = markerFrom(bytes, at);
    const marker = bytes[at];
    if (marker === undefined) return broken('jpeg', 'the JPEG ends before its frame header');
    at += 1;
    if (marker === SOS || marker === EOI) return broken('jpeg', 'the JPEG has no frame header');
    if (marker === DHP) return broken('jpeg', 'the JPEG is hierarchical');
    if (marker === DNL) return broken('jpeg', 'the JPEG does not say its height before its pixels');
    if (isStandalone(marker)) continue;

    if (at + 2 > bytes.length) return broken('jpeg', 'the JPEG ends before its frame header');
    const length = view.getUint16(at);
    if (length < 2) return broken('jpeg', 'a JPEG segment is shorter than its own length field');
    if (isFrameHeader(marker)) {
      return at + length > bytes.length
        ? broken('jpeg', 'the JPEG ends inside its frame header')
        : readFrameHeader(bytes.subarray(at, at + length), marker);
    }
    at += length;
  }
}

/** Position of the next marker's second byte, or the end of the input (B.1.1.2). */
function markerFrom(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length) {
    while (at < bytes.length && bytes[at] !== 0xff) at += 1;
    while (bytes[at] === 0xff) at += 1;
    if (bytes[at] !== 0) return at;
  }
  return at;
}

/** Markers without a segment, Table B.1; SOI can only be a second one here. */
function isStandalone(marker: number): boolean {
  return marker === TEM || (marker >= 0xd0 && marker <= SOI);
}

/** SOF0–SOF15; three codes among them mean something else (Table B.1). */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== DHT && marker !== JPG && marker !== DAC;
}

/** `segment` starts at Lf (B.2.2). */
function readFrameHeader(segment: Uint8Array, marker: number): Sniffed {
  const view = viewOf(segment);
  if (segment.length < FRAME_HEADER_BYTES) return broken('jpeg', 'the JPEG frame header is too short');
  const bitDepth = view.getUint8(2);
  const height = view.getUint16(3);
  const width = view.getUint16(5);
  const components = view.getUint8(7);
  // Y = 0 promises a DNL segment after the first scan (B.2.5): the size is then not known in advance.
  if (height === 0) return broken('jpeg', 'the JPEG does not say its height before its pixels');
  if (width === 0) return broken('jpeg', 'the JPEG is 0 pixels wide');
  if (bitDepth < 2 || bitDepth > 16) return broken('jpeg', `the JPEG has ${bitDepth} bits a sample`);
  if (components !== 1 && components !== 3 && components !== 4) {
    return broken('jpeg', `the JPEG has ${components} colour components`);
  }
  if (segment.length !== FRAME_HEADER_BYTES + components * COMPONENT_BYTES) {
    return broken('jpeg', 'the JPEG frame header does not have the length it states');
  }
  // The differential frames of the hierarchical mode: SOF5–7 and SOF13–15.
  if ((marker & 0x04) !== 0) return broken('jpeg', 'the JPEG is hierarchical');

  const factors = Array.from({ length: components }, (_, i) => {
    const factor = view.getUint8(FRAME_HEADER_BYTES + i * COMPONENT_BYTES + 1);
    return { across: factor >> 4, down: factor & 0x0f };
  });
  if (factors.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) {
    return broken('jpeg', 'a JPEG sampling factor is not from 1 to 4');
  }

  const header: JpegHeader = {
    format: 'jpeg',
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
  return { kind: 'picture', header };
}

/** Every component's blocks, the picture padded to whole MCUs of interleaved blocks (A.2.3, A.2.4). */
function storedSamples(
  width: number,
  height: number,
  factors: readonly { readonly across: number; readonly down: number }[],
): number {
  const mcuWidth = BLOCK * Math.max(...factors.map((factor) => factor.across));
  const mcuHeight = BLOCK * Math.max(...factors.map((factor) => factor.down));
  const mcus = Math.ceil(width / mcuWidth) * Math.ceil(height / mcuHeight);
  const blocksPerMcu = factors.reduce((sum, { across, down }) => sum + across * down, 0);
  return mcus * blocksPerMcu * BLOCK * BLOCK;
}
