/** Properties of an item (ISO/IEC 23008-12 §6.5), and its codec's configuration. */
import type { Size } from '../header.ts';
import { type Box, onlyBox, readerOf } from './boxes.ts';
import { fourCC, lettersOf, startsWith } from './bytes.ts';

const ISPE = fourCC('ispe');
const HVCC = fourCC('hvcC');
const AV1C = fourCC('av1C');
const AUXC = fourCC('auxC');
/** Version and flags. */
const FULL_BOX_BYTES = 4;

/** The two names of an alpha plane in `auxC`: HEVC's in 23008-12, and that of ISO/IEC 23000-22 §7.3.5.2. */
const ALPHA_NAMES = ['urn:mpeg:hevc:2015:auxid:1\0', 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0'].map(
  lettersOf,
);

/** §6.5.3: width and height, before any transformation. */
export function sizeOf(bytes: Uint8Array, properties: readonly Box[]): Size | undefined {
  const box = onlyBox(properties, ISPE);
  if (box === undefined) return undefined;
  const reader = readerOf(bytes, box);
  reader.skip(FULL_BOX_BYTES);
  const size = { width: reader.uint(4), height: reader.uint(4) };
  return reader.overran() || size.width === 0 || size.height === 0 ? undefined : size;
}

/** Limit of a codec's configuration: parameter sets have some 100 bytes, and encoders' comments some 2 KB. */
const MAX_CONFIGURATION_BYTES = 16_384;

/** The only box of a codec's configuration, unless it is larger than any encoder writes. */
export function configurationOf(properties: readonly Box[], type: number): Box | undefined {
  const box = onlyBox(properties, type);
  return box !== undefined && box.end - box.start <= MAX_CONFIGURATION_BYTES ? box : undefined;
}

/** By `chroma_format_idc`. */
const HEVC_SAMPLES = [1, 1.5, 2, 3];

export interface Coding {
  readonly bitDepth: number;
  readonly grey: boolean;
  /** See `HeifHeader`. */
  readonly samplesPerPixel: number;
}

/** From the decoder's configuration, since decoders use it and not `pixi`. */
export function codingOf(bytes: Uint8Array, properties: readonly Box[]): Coding | undefined {
  const hvcC = configurationOf(properties, HVCC);
  if (hvcC !== undefined) {
    // HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3.1.2).
    const reader = readerOf(bytes, hvcC);
    reader.skip(16);
    const chroma = reader.uint(1) & 0x03;
    const bitDepth = 8 + (reader.uint(1) & 0x07);
    return reader.overran() ? undefined : codingWith(bitDepth, HEVC_SAMPLES[chroma] ?? 3);
  }
  const av1C = configurationOf(properties, AV1C);
  if (av1C === undefined) return undefined;
  // AV1CodecConfigurationRecord (AV1-ISOBMFF §2.3.3): high_bitdepth, twelve_bit and monochrome.
  const reader = readerOf(bytes, av1C);
  reader.skip(2);
  const flags = reader.uint(1);
  const bitDepth = (flags & 0x40) === 0 ? 8 : (flags & 0x20) === 0 ? 10 : 12;
  // chroma_subsampling_x and _y.
  const samples = (flags & 0x10) !== 0 ? 1 : (flags & 0x08) === 0 ? 3 : (flags & 0x04) === 0 ? 2 : 1.5;
  return reader.overran() ? undefined : codingWith(bitDepth, samples);
}

function codingWith(bitDepth: number, samplesPerPixel: number): Coding {
  return { bitDepth, grey: samplesPerPixel === 1, samplesPerPixel };
}

export function isAlpha(bytes: Uint8Array, properties: readonly Box[]): boolean {
  const box = onlyBox(properties, AUXC);
  if (box === undefined) return false;
  const name = bytes.subarray(box.start + FULL_BOX_BYTES, box.end);
  return ALPHA_NAMES.some((alpha) => startsWith(name, alpha));
}
