/**
 * A WebP, decoded row by row and made smaller on the way: the whole picture is never there at once.
 */
import type { WebpHeader } from '../header.ts';
import { fourCC, viewOf } from '../headers/bytes.ts';
import type { Pixels } from '../pixels.ts';
import type { Shrink } from '../shrink.ts';
import { createShrunkRows } from '../shrunk-rows.ts';
import type { Work } from '../turns.ts';
import { decodeAlpha } from './alpha.ts';
import { decodeVp8l } from './lossless/vp8l.ts';
import { onWhite } from './lossy/on-white.ts';
import { createShrunk } from './lossy/shrunk.ts';
import { createUpsampled } from './lossy/upsampled.ts';
import { decodeVp8 } from './lossy/vp8.ts';

const [VP8, VP8L, ALPH] = [fourCC('VP8 '), fourCC('VP8L'), fourCC('ALPH')];

const FILE_HEADER_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;

/**
 * @param header of the bytes: a WebP that is not animated, which has passed the limits.
 * @param by how many pixels become one, across and down.
 * @yields which part of the picture has been done.
 * @returns undefined when the picture is broken or not all there. Transparent pixels show white.
 */
export function* decodeWebp(bytes: Uint8Array, header: WebpHeader, by: Shrink): Work<Pixels | undefined> {
  const view = viewOf(bytes);
  let alpha: Uint8Array | undefined;
  for (let at = FILE_HEADER_BYTES; at + CHUNK_HEAD_BYTES <= bytes.length; ) {
    const [kind, length] = [view.getUint32(at), view.getUint32(at + 4, true)];
    const payload = bytes.subarray(at + CHUNK_HEAD_BYTES, at + CHUNK_HEAD_BYTES + length);
    if (kind === VP8L) return yield* decodeLossless(payload, header, by);
    if (kind === VP8) return yield* decodeLossy(payload, alpha, header, by);
    if (kind === ALPH) alpha ??= payload;
    at += CHUNK_HEAD_BYTES + length + (length % 2);
  }
  return undefined;
}

function* decodeLossy(
  frame: Uint8Array,
  alpha: Uint8Array | undefined,
  header: WebpHeader,
  by: Shrink,
): Work<Pixels | undefined> {
  const alphaRows = alpha && decodeAlpha(alpha, header);
  if (alpha !== undefined && alphaRows === undefined) return undefined;
  const shrunk = by === 1 ? createUpsampled(header, alphaRows) : createShrunk(header, by);
  const mix = by > 1 && alphaRows !== undefined ? onWhite(alphaRows, header.width) : undefined;
  const isWhole = yield* decodeVp8(frame, header, (lines) => {
    if (mix !== undefined && !mix(lines)) return false;
    return shrunk.take(lines);
  });
  return isWhole ? shrunk.pixels : undefined;
}

function* decodeLossless(chunk: Uint8Array, header: WebpHeader, by: Shrink): Work<Pixels | undefined> {
  const rows = decodeVp8l(chunk, header);
  if (rows === undefined) return undefined;
  const shrunk = createShrunkRows(header, by, 'by-row', header.components === 3);
  for (let y = 0; y < header.height; y++) {
    const row = rows.next();
    if (row === undefined) return undefined;
    shrunk.take(row, y);
    yield 1 / header.height;
  }
  return shrunk.finish();
}
