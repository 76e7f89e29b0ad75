/**
 * An ordinary JPEG, by our own kernel, in full or at a half, a quarter or an eighth: of its planes only what the
 * network's input is made of, a band at a time, and that resized where it lies. The picture is never there at once.
 */
import type { JpegHeader } from '../header.ts';
import { readScan } from '../headers/jpeg-scan.ts';
import type { Resizable } from '../pixels.ts';
import type { Shrink } from '../shrink.ts';
import { decodeScan } from './kernel.ts';
import { layoutOf } from './layout.ts';

/**
 * Data behind the last MCU is ignored: phones put trailers there, and some files have no end. Where an MCU
 * is missing the picture is broken, which shows while it is resized.
 *
 * @param header of the bytes, whose `mcu` says that they are of this kind, and which has passed the limits.
 * @returns undefined when there is no such scan.
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
