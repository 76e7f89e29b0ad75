/**
 * Decodes an ordinary JPEG by our own kernel, at full size, a half, a quarter or an eighth. Only the parts of its
 * planes that contribute to the network's input are decoded, one band at a time, and resized in place. The picture is
 * never in memory as a whole.
 */
import type { JpegHeader } from '../header.ts';
import { readScan } from '../headers/jpeg-scan.ts';
import type { Resizable } from '../pixels.ts';
import type { Shrink } from '../shrink.ts';
import { decodeScan } from './kernel.ts';
import { layoutOf } from './layout.ts';

/**
 * Data after the last MCU are ignored: phones put trailers there, and some files have no end marker. If an MCU is
 * missing the picture is broken, which shows while it is resized.
 *
 * @param header of the bytes, whose `mcu` says that they are of this kind, and which has passed the limits.
 * @returns undefined if there is no such scan.
 */
export function decodeJpeg(bytes: Uint8Array, header: JpegHeader, shrink: Shrink): Resizable | undefined {
  const layout = layoutOf(header, shrink);
  const scan = readScan(bytes);
  if (layout === undefined || scan?.components.length !== header.components) return undefined;
  const { isRgb = false } = header;
  const extent = { width: header.width / shrink, height: header.height / shrink };
  return {
    width: Math.ceil(extent.width),
    height: Math.ceil(extent.height),
    extent,
    resize: (columns, rows, input) => decodeScan(bytes, { scan, layout, isRgb, columns, rows }, input),
  };
}
