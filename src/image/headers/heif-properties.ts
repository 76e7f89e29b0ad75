/** What the properties of an item say (ISO/IEC 23008-12 §6.5), and its codec's configuration. */
import type { ColourSpace, Orientation, Size } from '../header.ts';
import { mirrored, turnedLeft } from '../orientation.ts';
import { type Box, onlyBox, readerOf } from './boxes.ts';
import { fourCC, lettersOf, startsWith } from './bytes.ts';

const ISPE = fourCC('ispe');
const IROT = fourCC('irot');
const IMIR = fourCC('imir');
const CLAP = fourCC('clap');
const HVCC = fourCC('hvcC');
const AV1C = fourCC('av1C');
const AUXC = fourCC('auxC');
const COLR = fourCC('colr');
const ICC_TYPES = ['prof', 'rICC'].map(fourCC);
const NCLX = fourCC('nclx');
/** ITU-T H.273: the primaries of Display P3, and the curves of ordinary pictures, unspecified included. */
const P3_PRIMARIES = 12;
const ORDINARY_CURVES = [1, 2, 6, 13];
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

/** ISO/IEC 14496-12 §12.1.5. A profile goes before numbers where there are both. */
export function spaceOf(bytes: Uint8Array, properties: readonly Box[]): ColourSpace | undefined {
  let named: ColourSpace | undefined;
  for (const box of properties) {
    if (box.type !== COLR) continue;
    const reader = readerOf(bytes, box);
    const type = reader.uint(4);
    if (ICC_TYPES.includes(type)) return { icc: { start: reader.at(), end: box.end }, deflated: false };
    const [primaries, curve] = [reader.uint(2), reader.uint(2)];
    if (type === NCLX && primaries === P3_PRIMARIES && ORDINARY_CURVES.includes(curve)) named = 'display-p3';
  }
  return named;
}

/** Clean aperture, rotation and mirroring, applied in the order in which the item names them. */
export function transformed(
  bytes: Uint8Array,
  coded: Size,
  properties: readonly Box[],
): Size & { readonly orientation: Orientation } {
  let size = coded;
  let orientation: Orientation = 1;
  for (const box of properties) {
    const reader = readerOf(bytes, box);
    // A clean aperture comes first in every file (ISO/IEC 23000-22 §7.3.6.7).
    if (box.type === CLAP && orientation === 1) size = cleanAperture(bytes, box, size);
    if (box.type === IROT) {
      // §6.5.10: the lowest two bits count quarters, anticlockwise.
      for (let quarters = reader.uint(1) & 0x03; quarters > 0; quarters--)
        orientation = turnedLeft(orientation);
    }
    if (box.type === IMIR) {
      // §6.5.12: 1 exchanges left and right; 0 top and bottom, which is the same and half a turn.
      orientation = mirrored(orientation);
      if ((reader.uint(1) & 1) === 0) orientation = turnedLeft(turnedLeft(orientation));
    }
  }
  return { ...size, orientation };
}

/** ISO/IEC 14496-12 §12.1.4: width and height as fractions; where they make no sense nothing is cut off. */
function cleanAperture(bytes: Uint8Array, box: Box, { width, height }: Size): Size {
  const reader = readerOf(bytes, box);
  const cut = {
    width: Math.floor(reader.uint(4) / reader.uint(4)),
    height: Math.floor(reader.uint(4) / reader.uint(4)),
  };
  const sensible = cut.width >= 1 && cut.width <= width && cut.height >= 1 && cut.height <= height;
  return sensible ? cut : { width, height };
}

/** By `chroma_format_idc`. */
const HEVC_SAMPLES = [1, 1.5, 2, 3];

export interface Coding {
  readonly bitDepth: number;
  readonly grey: boolean;
  /** See `HeifHeader`. */
  readonly samplesPerPixel: number;
}

/** From the decoder's configuration, since decoders go by it and not by `pixi`. */
export function codingOf(bytes: Uint8Array, properties: readonly Box[]): Coding | undefined {
  const hvcC = onlyBox(properties, HVCC);
  if (hvcC !== undefined) {
    // HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3.1.2).
    const reader = readerOf(bytes, hvcC);
    reader.skip(16);
    const chroma = reader.uint(1) & 0x03;
    const bitDepth = 8 + (reader.uint(1) & 0x07);
    return reader.overran() ? undefined : codingWith(bitDepth, HEVC_SAMPLES[chroma] ?? 3);
  }
  const av1C = onlyBox(properties, AV1C);
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
