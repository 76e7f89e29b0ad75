/** The first frame of an animated WebP as a file of its own (RFC 9649 §2.7.1.1). */
import { fourCC, viewOf } from '../headers/bytes.ts';
import type { FramePlace } from '../pixels.ts';

const ANMF = fourCC('ANMF');
const ALPH = fourCC('ALPH');
const RIFF = fourCC('RIFF');
const WEBP = fourCC('WEBP');
const VP8X = fourCC('VP8X');

const FILE_HEADER_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;
const VP8X_BYTES = 10;
const ALPHA_FLAG = 0x10;
/** Position, size, duration and flags, before a frame's own chunks: 3 bytes per number, the size at 6. */
const FRAME_HEADER_BYTES = 16;
const FRAME_SIZE_AT = 6;

export interface Frame {
  /** A WebP file with only this frame. */
  readonly file: Uint8Array;
  readonly place: FramePlace;
}

/**
 * Decoders of animations keep the whole canvas several times, and every frame costs time: so the first frame is decoded
 * as a file of its own, and placed on the canvas, which it covers in nearly all files.
 *
 * @returns undefined if there is no complete frame.
 */
export function firstFrame(bytes: Uint8Array): Frame | undefined {
  const view = viewOf(bytes);
  let at = FILE_HEADER_BYTES;
  while (at + CHUNK_HEAD_BYTES <= bytes.length) {
    const start = at + CHUNK_HEAD_BYTES;
    const length = view.getUint32(at + 4, true);
    if (view.getUint32(at) === ANMF) {
      const frame = bytes.subarray(start, start + length);
      if (frame.length !== length || length <= FRAME_HEADER_BYTES + CHUNK_HEAD_BYTES) return undefined;
      return { file: still(frame), place: placeOf(viewOf(frame)) };
    }
    at = start + length + (length % 2);
  }
  return undefined;
}

/** Frame X and Frame Y are half of the position, 24 bits each. */
function placeOf(frame: DataView): FramePlace {
  return {
    left: 2 * (frame.getUint32(0, true) & 0xff_ffff),
    top: 2 * (frame.getUint32(2, true) >>> 8),
  };
}

/** A file of the frame's chunks; if an alpha channel comes with a lossy picture, in the extended format (§2.7). */
function still(frame: Uint8Array): Uint8Array {
  const chunks = frame.subarray(FRAME_HEADER_BYTES);
  const isExtended = viewOf(chunks).getUint32(0) === ALPH;
  const headBytes = FILE_HEADER_BYTES + (isExtended ? CHUNK_HEAD_BYTES + VP8X_BYTES : 0);
  const file = new Uint8Array(headBytes + chunks.length);
  const view = viewOf(file);
  view.setUint32(0, RIFF);
  view.setUint32(4, file.length - CHUNK_HEAD_BYTES, true);
  view.setUint32(8, WEBP);
  if (isExtended) {
    view.setUint32(FILE_HEADER_BYTES, VP8X);
    view.setUint32(FILE_HEADER_BYTES + 4, VP8X_BYTES, true);
    view.setUint8(FILE_HEADER_BYTES + CHUNK_HEAD_BYTES, ALPHA_FLAG);
    const size = frame.subarray(FRAME_SIZE_AT, FRAME_SIZE_AT + 6);
    file.set(size, FILE_HEADER_BYTES + CHUNK_HEAD_BYTES + 4);
  }
  file.set(chunks, headBytes);
  return file;
}
