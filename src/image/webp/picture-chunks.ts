/** Finds the picture in a WebP that is not animated (RFC 9649 §2). */
import { fourCC, viewOf } from '../headers/bytes.ts';

const [VP8, VP8L, ALPH] = [fourCC('VP8 '), fourCC('VP8L'), fourCC('ALPH')];

const FILE_HEADER_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;

/** Payloads of the first such chunks. A file has one of the pictures, and alpha before a lossy one. */
export interface PictureChunks {
  readonly lossless?: Uint8Array;
  readonly lossy?: Uint8Array;
  readonly alpha?: Uint8Array;
}

export function pictureChunks(bytes: Uint8Array): PictureChunks {
  const view = viewOf(bytes);
  let alpha: Uint8Array | undefined;
  for (let at = FILE_HEADER_BYTES; at + CHUNK_HEAD_BYTES <= bytes.length; ) {
    const [kind, length] = [view.getUint32(at), view.getUint32(at + 4, true)];
    const payload = bytes.subarray(at + CHUNK_HEAD_BYTES, at + CHUNK_HEAD_BYTES + length);
    if (kind === VP8L) return { lossless: payload };
    if (kind === VP8) return { lossy: payload, ...(alpha && { alpha }) };
    if (kind === ALPH) alpha ??= payload;
    at += CHUNK_HEAD_BYTES + length + (length % 2);
  }
  return {};
}
