import { fourCC, viewOf } from '../headers/bytes.ts';

/** `RIFF`, size, `WEBP`; fourCC and size before a chunk's payload (RFC 9649 §2.3, §2.4). */
const FILE_HEADER_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;

const [RIFF, WEBP] = [fourCC('RIFF'), fourCC('WEBP')];
const [VP8, VP8L, VP8X, ALPH] = [fourCC('VP8 '), fourCC('VP8L'), fourCC('VP8X'), fourCC('ALPH')];

/** Flags, reserved bytes and the canvas (§2.7). */
const VP8X_BYTES = 10;
const ALPHA_FLAG = 0x10;

/** The picture of a file that is not animated: its alpha and its bitstream, in the simplest format for both. */
export function webpParts(bytes: Uint8Array): readonly Uint8Array[] {
  const view = viewOf(bytes);
  let canvas: Uint8Array | undefined;
  let alpha: Uint8Array | undefined;
  for (let at = FILE_HEADER_BYTES; at + CHUNK_HEAD_BYTES <= bytes.length; ) {
    const kind = view.getUint32(at);
    const length = view.getUint32(at + 4, true);
    const end = at + CHUNK_HEAD_BYTES + length + (length % 2);
    // Not for every chunk: a file of empty ones has millions.
    const chunk = () => bytes.subarray(at, end);
    if (kind === VP8X) canvas ??= chunk().subarray(CHUNK_HEAD_BYTES + 4, CHUNK_HEAD_BYTES + VP8X_BYTES);
    if (kind === ALPH) alpha ??= chunk();
    if (kind === VP8L) return fileOf([chunk()]);
    if (kind === VP8) {
      return alpha === undefined || canvas === undefined
        ? fileOf([chunk()])
        : fileOf([extendedHeader(canvas), alpha, chunk()]);
    }
    at = end;
  }
  return [];
}

function extendedHeader(canvas: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(CHUNK_HEAD_BYTES + VP8X_BYTES);
  const view = viewOf(chunk);
  view.setUint32(0, VP8X);
  view.setUint32(4, VP8X_BYTES, true);
  view.setUint8(CHUNK_HEAD_BYTES, ALPHA_FLAG);
  chunk.set(canvas, CHUNK_HEAD_BYTES + 4);
  return chunk;
}

function fileOf(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
  const header = new Uint8Array(FILE_HEADER_BYTES);
  const view = viewOf(header);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  view.setUint32(0, RIFF);
  view.setUint32(4, FILE_HEADER_BYTES - CHUNK_HEAD_BYTES + bytes, true);
  view.setUint32(8, WEBP);
  return [header, ...chunks];
}
