import { type ByteRange, broken, type PngHeader, type Sniffed } from '../header.ts';
import { fourCC, startsWith, viewOf } from './bytes.ts';
import { readExif } from './exif.ts';
import { CHECKSUM_BYTES, CHUNK_HEAD_BYTES, chunksOf, MAX_CHUNKS } from './png-chunks.ts';

/** PNG (Third Edition) §5.2. */
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const IHDR_DATA_BYTES = 13;
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

/** By colour type, §11.2.1 table 12: the samples of a pixel and the allowed bit depths. */
const COLOUR_TYPES: readonly (ColourType | undefined)[] = [
  { colour: 'grey', components: 1, bitDepths: [1, 2, 4, 8, 16] },
  undefined,
  { colour: 'rgb', components: 3, bitDepths: [8, 16] },
  { colour: 'palette', components: 1, bitDepths: [1, 2, 4, 8] },
  { colour: 'grey-alpha', components: 2, bitDepths: [8, 16] },
  undefined,
  { colour: 'rgba', components: 4, bitDepths: [8, 16] },
];

interface ColourType {
  readonly colour: PngHeader['colour'];
  readonly components: number;
  readonly bitDepths: readonly number[];
}

export function isPng(bytes: Uint8Array): boolean {
  return startsWith(bytes, SIGNATURE);
}

/** Reads IHDR (§11.2.1), then the chunks that affect the cost of decoding or the orientation. */
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

  const chunks = readChunks(bytes);
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

type Chunks = Pick<
  PngHeader,
  'animated' | 'transparency' | 'dataBytes' | 'orientation' | 'space' | 'entries'
>;

/** iCCP's name: 1–79 bytes and a null; then a byte for the compression (§11.3.2.3). */
const MAX_NAME_BYTES = 80;

/** The range of a profile's stream in its chunk, without the name. */
function spaceOf(bytes: Uint8Array, profile: ByteRange | undefined): Pick<PngHeader, 'space'> {
  if (profile === undefined) return {};
  const name = profile.start + CHUNK_HEAD_BYTES;
  const end = profile.end - CHECKSUM_BYTES;
  const nameBytes = bytes.subarray(name, Math.min(end, name + MAX_NAME_BYTES)).indexOf(0);
  return nameBytes === -1 ? {} : { space: { icc: { start: name + nameBytes + 2, end }, deflated: true } };
}

/**
 * Walks the chunks. After the pixels only the orientation counts: eXIf used to be allowed there (Extensions to PNG
 * 1.5.0), and some programs add it at the end.
 *
 * @returns the facts, or why they cannot be read.
 */
function readChunks(bytes: Uint8Array): Chunks | string {
  let [animated, transparency, pixels] = [false, false, false];
  let dataBytes = 0;
  let exif: Uint8Array | undefined;
  let profile: ByteRange | undefined;
  let chunks = 0;
  for (const { type, start, end } of chunksOf(bytes)) {
    const data = start + CHUNK_HEAD_BYTES;
    chunks += 1;
    if (type === IDAT) {
      pixels = true;
      // The last one may be truncated.
      dataBytes += Math.min(end - CHECKSUM_BYTES, bytes.length) - Math.min(data, bytes.length);
    }
    if (type === EXIF) exif ??= bytes.subarray(data, end - CHECKSUM_BYTES);
    if (pixels) continue;
    // An acTL chunk before IDAT makes it an animation (§11.3.6.1); one of another length is damaged.
    if (type === ACTL && end - CHECKSUM_BYTES - data === ACTL_BYTES) animated = true;
    if (type === TRNS) transparency = true;
    // One is allowed (§5.6). Some programs write another.
    if (type === ICCP) profile ??= { start, end };
  }
  if (chunks === MAX_CHUNKS) return `the PNG has ${MAX_CHUNKS} chunks or more`;
  if (!pixels) return 'the PNG ends before its pixels';
  return {
    animated,
    transparency,
    entries: chunks,
    dataBytes,
    ...spaceOf(bytes, profile),
    orientation: exif === undefined ? 1 : readExif(exif).orientation,
  };
}
