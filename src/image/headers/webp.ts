import {
  type ByteRange,
  broken,
  type Orientation,
  type Size,
  type Sniffed,
  type WebpHeader,
} from '../header.ts';
import { fourCC, viewOf } from './bytes.ts';
import { readExif } from './exif.ts';

/** `RIFF`, file size, `WEBP` (RFC 9649 §2.4). */
const FILE_HEADER_BYTES = 12;
/** FourCC and size, before a chunk's payload (§2.3). */
const CHUNK_HEAD_BYTES = 8;

const [RIFF, WEBP] = [fourCC('RIFF'), fourCC('WEBP')];
const [VP8, VP8L, VP8X] = [fourCC('VP8 '), fourCC('VP8L'), fourCC('VP8X')];
const [ALPH, ANIM, ANMF] = [fourCC('ALPH'), fourCC('ANIM'), fourCC('ANMF')];
const [EXIF, ICCP] = [fourCC('EXIF'), fourCC('ICCP')];

const ALPHA_FLAG = 0x10;
const ANIMATION_FLAG = 0x02;

interface Bitstream extends Size {
  readonly compression: WebpHeader['compression'];
  readonly alpha: boolean;
}

export function isWebp(bytes: Uint8Array): boolean {
  if (bytes.length < FILE_HEADER_BYTES) return false;
  const view = viewOf(bytes);
  return view.getUint32(0) === RIFF && view.getUint32(8) === WEBP;
}

/** Reads the simple lossy, simple lossless and extended file formats (RFC 9649 §2.5–2.7). */
export function readWebpHeader(bytes: Uint8Array): Sniffed {
  if (bytes.length < FILE_HEADER_BYTES + CHUNK_HEAD_BYTES) {
    return broken('webp', 'the WebP ends inside its header');
  }
  const chunk = viewOf(bytes).getUint32(FILE_HEADER_BYTES);
  if (chunk === VP8X) return readExtended(bytes);
  if (chunk !== VP8 && chunk !== VP8L) {
    return broken('webp', 'the WebP file does not start with a picture');
  }
  const bitstream = readBitstream(bytes, FILE_HEADER_BYTES);
  return typeof bitstream === 'string' ? broken('webp', bitstream) : picture(bitstream, false, 1);
}

/** VP8X: flags, three reserved bytes, canvas width and height minus one in 24 bits each (§2.7). */
function readExtended(bytes: Uint8Array): Sniffed {
  const view = viewOf(bytes);
  const payload = FILE_HEADER_BYTES + CHUNK_HEAD_BYTES;
  if (bytes.length < payload + 10) return broken('webp', 'the WebP ends inside its header');
  const flags = view.getUint8(payload);
  const canvas = {
    width: 1 + (view.getUint32(payload + 3, true) >>> 8),
    height: 1 + (view.getUint32(payload + 6, true) >>> 8),
  };

  let animated = (flags & ANIMATION_FLAG) !== 0;
  let first: Bitstream | string | undefined;
  let alpha = false;
  let exif: Uint8Array | undefined;
  let icc: ByteRange | undefined;
  let at = afterChunk(view, FILE_HEADER_BYTES);
  while (at + CHUNK_HEAD_BYTES <= bytes.length) {
    const chunk = view.getUint32(at);
    // Decoders go by the chunks, whatever the flag says.
    if (chunk === ANIM || chunk === ANMF) animated = true;
    if (chunk === ALPH) alpha = true;
    if (chunk === VP8 || chunk === VP8L) first ??= readBitstream(bytes, at);
    if (chunk === ICCP) {
      icc ??= { start: at + CHUNK_HEAD_BYTES, end: at + CHUNK_HEAD_BYTES + view.getUint32(at + 4, true) };
    }
    if (chunk === EXIF) exif ??= bytes.subarray(at + CHUNK_HEAD_BYTES, afterChunk(view, at));
    at = afterChunk(view, at);
  }
  const orientation = exif === undefined ? 1 : readExif(exif).orientation;

  if (animated) {
    const stored = { ...canvas, compression: 'lossy', alpha: (flags & ALPHA_FLAG) !== 0 } as const;
    return picture(stored, true, orientation, icc);
  }
  if (first === undefined) return broken('webp', 'the WebP ends before its picture');
  if (typeof first === 'string') return broken('webp', first);
  if (first.width !== canvas.width || first.height !== canvas.height) {
    return broken('webp', 'the WebP picture does not have the size its header states');
  }
  return picture({ ...first, alpha: alpha || first.alpha }, false, orientation, icc);
}

/**
 * The frame header inside a `VP8 ` or `VP8L` chunk, or why it cannot be read.
 *
 * Decoders silently fill in what a truncated file lacks, so the chunk must be complete. RIFF's own size is ignored, and
 * so is what follows the picture.
 */
function readBitstream(bytes: Uint8Array, chunk: number): Bitstream | string {
  const view = viewOf(bytes);
  const at = chunk + CHUNK_HEAD_BYTES;
  if (at + view.getUint32(chunk + 4, true) > bytes.length) return 'the WebP ends inside its picture';
  // RFC 6386 §9.1: a three-byte frame tag, the start code 9d 01 2a, then 14 bits each of width and height.
  if (view.getUint32(chunk) === VP8) {
    if (bytes.length < at + 10) return 'the WebP ends inside its frame header';
    if ((view.getUint8(at) & 1) !== 0) return 'the WebP does not start with a key frame';
    if (view.getUint8(at + 3) !== 0x9d || view.getUint16(at + 4, true) !== 0x2a01) {
      return 'the WebP frame header lacks its start code';
    }
    const width = view.getUint16(at + 6, true) & 0x3fff;
    const height = view.getUint16(at + 8, true) & 0x3fff;
    if (width === 0 || height === 0) return 'the WebP is 0 pixels wide or high';
    return { width, height, compression: 'lossy', alpha: false };
  }
  // RFC 9649 §3.4: the signature 2f, 14 bits each of width and height minus one, the alpha hint, the version.
  if (bytes.length < at + 5) return 'the WebP ends inside its frame header';
  const bits = view.getUint32(at + 1, true);
  if (view.getUint8(at) !== 0x2f || bits >>> 29 !== 0) return 'the WebP frame header lacks its signature';
  return {
    width: 1 + (bits & 0x3fff),
    height: 1 + ((bits >>> 14) & 0x3fff),
    compression: 'lossless',
    alpha: ((bits >>> 28) & 1) === 1,
  };
}

/** Position after a chunk; its payload is padded to an even number of bytes (§2.3). */
function afterChunk(view: DataView, at: number): number {
  const payloadBytes = view.getUint32(at + 4, true);
  return at + CHUNK_HEAD_BYTES + payloadBytes + (payloadBytes % 2);
}

function picture(
  { width, height, compression, alpha }: Bitstream,
  animated: boolean,
  orientation: Orientation,
  icc?: ByteRange,
): Sniffed {
  const header: WebpHeader = {
    format: 'webp',
    width,
    height,
    components: alpha ? 4 : 3,
    bitDepth: 8,
    progressive: false,
    animated,
    orientation,
    compression,
    ...(icc === undefined ? {} : { space: { icc, deflated: false } }),
  };
  return { kind: 'picture', header };
}
