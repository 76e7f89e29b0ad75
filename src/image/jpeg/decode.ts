/**
 * An ordinary JPEG, by our own kernel: of its planes only what the network's input is made of, and that resized where
 * it lies. The colours of the whole picture are never there at once.
 */
import type { JpegHeader } from '../header.ts';
import { readScan } from '../headers/jpeg-scan.ts';
import { isStandalone, markerFrom } from '../headers/jpeg-segments.ts';
import type { Resizable } from '../pixels.ts';
import { decodeScan, resizePlanes } from './kernel.ts';
import { layoutOf } from './layout.ts';

const EOI = 0xd9;
const SOS = 0xda;

/**
 * @param header of the bytes, whose `mcu` says that they are of this kind, and which has passed the limits.
 * @returns undefined when they are broken or incomplete.
 */
export function decodeJpeg(bytes: Uint8Array, header: JpegHeader): Resizable | undefined {
  const layout = layoutOf(header);
  const scan = readScan(bytes);
  if (layout === undefined || scan?.components.length !== header.components) return undefined;
  const decoded = decodeScan(bytes, scan, layout);
  if (decoded === undefined || !endsAfter(bytes, decoded.fileAt)) return undefined;
  const { width, height } = header;
  return { width, height, resize: (...to) => resizePlanes(decoded, layout, ...to) };
}

/** Whether the file has its end, and nothing before it but segments. `from` is behind a marker. */
function endsAfter(bytes: Uint8Array, from: number): boolean {
  let at = from - 1;
  while (true) {
    const marker = bytes[at];
    if (marker === EOI) return true;
    if (marker === undefined || marker === SOS || isStandalone(marker)) return false;
    const length = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    if (length < 2) return false;
    at = markerFrom(bytes, at + 1 + length);
  }
}
