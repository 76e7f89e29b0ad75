import { type ByteRange, broken, type PngHeader, type Sniffed } from '../header.ts';
import { fourCC, startsWith, viewOf } from './bytes.ts';
import { readExif } from './exif.ts';

/** PNG (Third Edition) §5.2. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const IHDR_DATA_BYTES = 13;
/** Length and type before a chunk's data, the checksum after it (§5.3). */
const CHUNK_HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** Lengths and sizes are PNG four-byte unsigned integers, whose top bit is never set (§7.1). */
const MAX_UINT31 = 0x7fff_ffff;

const IHDR = fourCC('IHDR');
const IDAT = fourCC('IDAT');
const ACTL = fourCC('acTL');
/** Number of frames, and of plays. */
const ACTL_BYTES = 8;
const TRNS = fourCC('tRNS');
const ICCP = fourCC('iCCP');
const EXIF = fourCC('eXIf');
const IEND = fourCC('IEND');

/** By colour type, §11.2.1 table 12: what a pixel is made of and the bit depths allowed. */
const COLOUR_TYPES: readonly (ColourType | undefined)[] = [
  { colour: 'grey', components: 1, bitDepths: [1, 2, 4, 8, 16] },
  undefined,
  { colour: 'rgb', components: 3, bitDepths: [8, 16] },
  { colour: 'palette', components: 1, bitDepths: [1, 2, 4, 8] },
  { colour: 'grey-alpha', components: 2, bitDepths: [8, 16] },
  undefined,
  { colour: 'rgba', components: 4, bitDepths: [8, 16] },
];

/** One is allowed (§5.6). Some programs write another; a file of nothing else has millions. */
const MAX_PROFILES = 4;

interface ColourType {
  readonly colour: PngHeader['colour'];
  readonly components: number;
  readonly bitDepths: readonly number[];
}

export function isPng(bytes: Uint8Array): boolean {
  return startsWith(bytes, SIGNATURE);
}

/** Reads IHDR (§11.2.1), then the chunks that change what decoding costs or how the picture stands. */
export function readPngHeader(bytes: Uint8Array): Sniffed<PngHeader> {
  const view = viewOf(bytes);
  const ihdr = SIGNATURE.length + CHUNK_HEAD_BYTES;
  if (bytes.length < ihdr + IHDR_DATA_BYTES + CHECKSUM_BYTES) {
    return broken('png', 'the PNG ends inside its IHDR chunk');
  }
  if (view.getUint32(ihdr - 4) !== IHDR || view.getUint32(ihdr - 8) !== IHDR_DATA_BYTES) {
    return broken('png', 'the PNG does not start with an IHDR chunk');
  }
  const width = view.getUint32(ihdr);
  const height = view.getUint32(ihdr + 4);
  const bitDepth = view.getUint8(ihdr + 8);
  const type = COLOUR_TYPES[view.getUint8(ihdr + 9)];
  const interlace = view.getUint8(ihdr + 12);
  if (width === 0 || height === 0) return broken('png', 'the PNG is 0 pixels wide or high');
  if (width > MAX_UINT31 || height > MAX_UINT31) return broken('png', 'the PNG states an impossible size');
  if (type === undefined || !type.bitDepths.includes(bitDepth)) {
    return broken('png', 'the PNG states a colour type and bit depth that do not exist');
  }
  if (view.getUint8(ihdr + 10) !== 0 || view.getUint8(ihdr + 11) !== 0 || interlace > 1) {
    return broken('png', 'the PNG states a compression, filter or interlace method that does not exist');
  }

  const chunks = readChunks(bytes, ihdr + IHDR_DATA_BYTES + CHECKSUM_BYTES);
  if (typeof chunks === 'string') return broken('png', chunks);
  const header: PngHeader = {
    format: 'png',
    width,
    height,
    components: type.components,
    bitDepth,
    progressive: interlace === 1,
    colour: type.colour,
    ...chunks,
  };
  return { kind: 'picture', header };
}

type Chunks = Pick<PngHeader, 'animated' | 'transparency' | 'profiles' | 'orientation' | 'space'>;

/** iCCP's name: 1–79 bytes and a null; then a byte for the compression (§11.3.2.3). */
const MAX_NAME_BYTES = 80;

/** Of the first profile, the stream without the name before it. */
function spaceOf(bytes: Uint8Array, [profile]: readonly ByteRange[]): Pick<PngHeader, 'space'> {
  if (profile === undefined) return {};
  const name = profile.start + CHUNK_HEAD_BYTES;
  const end = profile.end - CHECKSUM_BYTES;
  const nameBytes = bytes.subarray(name, Math.min(end, name + MAX_NAME_BYTES)).indexOf(0);
  return nameBytes === -1 ? {} : { space: { icc: { start: name + nameBytes + 2, end }, deflated: true } };
}

/**
 * Walks the chunks. What is said after the pixels counts for nothing but the orientation: eXIf used to be
 * allowed there (Extensions to PNG 1.5.0), and some programs add it at the end.
 *
 * @returns what they say, or why they cannot be read.
 */
function readChunks(bytes: Uint8Array, from: number): Chunks | string {
  const view = viewOf(bytes);
  let [animated, transparency, pixels] = [false, false, false];
  let exif: Uint8Array | undefined;
  const profiles: ByteRange[] = [];
  let at = from;
  while (at + CHUNK_HEAD_BYTES <= bytes.length) {
    const length = view.getUint32(at);
    const chunk = view.getUint32(at + 4);
    const end = at + CHUNK_HEAD_BYTES + length + CHECKSUM_BYTES;
    if (chunk === IEND) break;
    if (chunk === IDAT) pixels = true;
    if (chunk === EXIF) exif ??= bytes.subarray(at + CHUNK_HEAD_BYTES, end - CHECKSUM_BYTES);
    if (!pixels) {
      // An acTL chunk before IDAT makes it an animation (§11.3.6.1); one of another length is damaged.
      if (chunk === ACTL && length === ACTL_BYTES) animated = true;
      if (chunk === TRNS) transparency = true;
      if (chunk === ICCP) profiles.push({ start: at, end });
      if (profiles.length > MAX_PROFILES) return `the PNG has more than ${MAX_PROFILES} colour profiles`;
    }
    at = end;
  }
  if (!pixels) return 'the PNG ends before its pixels';
  return {
    animated,
    transparency,
    profiles,
    ...spaceOf(bytes, profiles),
    orientation: exif === undefined ? 1 : readExif(exif).orientation,
  };
}
