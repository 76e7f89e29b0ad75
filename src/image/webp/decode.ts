/**
 * Decodes a WebP row by row and reduces it: the whole picture is never in memory.
 */
import type { WebpHeader } from '../header.ts';
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
import { pictureChunks } from './picture-chunks.ts';

/**
 * @param header of the bytes: a WebP that is not animated, which has passed the limits.
 * @param by factor of reduction, across and down.
 * @yields the share of the picture that is done.
 * @returns undefined if the picture is broken or incomplete. Transparent pixels show white.
 */
export function* decodeWebp(bytes: Uint8Array, header: WebpHeader, by: Shrink): Work<Pixels | undefined> {
  const { lossless, lossy, alpha } = pictureChunks(bytes);
  if (lossless !== undefined) return yield* decodeLossless(lossless, header, by);
  return lossy && (yield* decodeLossy(lossy, alpha, header, by));
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
