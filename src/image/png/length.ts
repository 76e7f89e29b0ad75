/** How long the data of a PNG may be for its number of pixels. */
import type { ImageHeader } from '../header.ts';

/**
 * More than encoders add to incompressible pixels: zlib adds 5 bytes to 16,383 (RFC 1951 §3.2.4), and some flush after
 * each row. Small pictures may have more.
 */
const MOST_FOR_A_BYTE = 1.05;
const FREE_BYTES = 64 * 1024;

/**
 * Whether there are more data than the pixels can need. Such a file is only for our own reader, which bounds the empty
 * blocks of a stream: others inflate a million of them.
 */
export function isOverlong(header: ImageHeader): boolean {
  if (header.format !== 'png') return false;
  const { width, height, components, bitDepth, dataBytes } = header;
  const row = 1 + Math.ceil((width * components * bitDepth) / 8);
  return dataBytes > MOST_FOR_A_BYTE * row * height + FREE_BYTES;
}
