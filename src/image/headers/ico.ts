/** Windows icons: a directory of pictures, each a PNG file or a BMP without its file header. */
import { type ByteRange, broken, type IcoHeader, type Size, type Sniffed } from '../header.ts';
import { viewOf } from './bytes.ts';
import { isPng, readPngHeader } from './png.ts';

/** ICONDIR: reserved, type, count. */
const DIRECTORY_BYTES = 6;
/** ICONDIRENTRY: width, height, colours, reserved, planes, bits, then size and position of the picture. */
const ENTRY_BYTES = 16;
/** 1 is an icon, 2 a cursor. */
const ICON = 1;
/** More than any program writes; entries beyond are not looked at. */
const MAX_ENTRIES = 256;

/** BITMAPINFOHEADER, which an icon's BMP starts with. */
const INFO_HEADER_BYTES = 40;
const BIT_COUNTS = [1, 4, 8, 16, 24, 32];
/** Signature and IHDR up to the bit depth. */
const PNG_START_BYTES = 25;

interface Entry extends Size {
  readonly data: ByteRange;
  readonly bits: number;
}

/** The signature is weak, so the first picture must also lie behind the directory. */
export function isIco(bytes: Uint8Array): boolean {
  if (bytes.length < DIRECTORY_BYTES + ENTRY_BYTES) return false;
  const view = viewOf(bytes);
  const count = view.getUint16(4, true);
  return (
    view.getUint16(0) === 0 &&
    view.getUint16(2, true) === ICON &&
    count > 0 &&
    view.getUint32(DIRECTORY_BYTES + 12, true) >= DIRECTORY_BYTES + count * ENTRY_BYTES
  );
}

/** Finds the largest picture, at equal size the one with the most colours, and reads its own header. */
export function readIcoHeader(bytes: Uint8Array): Sniffed<IcoHeader> {
  const count = Math.min(MAX_ENTRIES, viewOf(bytes).getUint16(4, true));
  let largest: Entry | undefined;
  for (let i = 0; i < count; i++) {
    const entry = readEntry(bytes, DIRECTORY_BYTES + i * ENTRY_BYTES);
    if (entry !== undefined && (largest === undefined || isLarger(entry, largest))) largest = entry;
  }
  if (largest === undefined) return broken('ico', 'no picture of the ICO can be found');

  const { data, bits } = largest;
  const picture = bytes.subarray(data.start, data.end);
  if (!isPng(picture)) return bitmap(largest, data, bits);
  const png = readPngHeader(picture);
  if (png.kind !== 'picture') return broken('ico', 'the largest picture of the ICO is a damaged PNG');
  const { width, height, components, bitDepth, progressive, animated, orientation } = png.header;
  const raster = { width, height, components, bitDepth, progressive, animated, orientation };
  return { kind: 'picture', header: { format: 'ico', ...raster, entry: data, png: png.header } };
}

function isLarger(one: Entry, other: Entry): boolean {
  const more = one.width * one.height - other.width * other.height;
  return more > 0 || (more === 0 && one.bits > other.bits);
}

/** The picture's size is read from the picture: the directory has one byte for it, and programs leave it 0. */
function readEntry(bytes: Uint8Array, at: number): Entry | undefined {
  if (at + ENTRY_BYTES > bytes.length) return undefined;
  const view = viewOf(bytes);
  const start = view.getUint32(at + 12, true);
  const end = start + view.getUint32(at + 8, true);
  if (start < DIRECTORY_BYTES + ENTRY_BYTES || end > bytes.length) return undefined;

  const data = { start, end };
  if (end - start >= PNG_START_BYTES && isPng(bytes.subarray(start, end))) {
    // IHDR: width, height, bit depth (PNG Third Edition §11.2.1).
    const bits = 4 * view.getUint8(start + 24);
    return { data, width: view.getUint32(start + 16), height: view.getUint32(start + 20), bits };
  }
  if (end - start < INFO_HEADER_BYTES || view.getUint32(start, true) !== INFO_HEADER_BYTES) return undefined;
  // biHeight counts the colours and the mask below them.
  const width = view.getInt32(start + 4, true);
  const height = view.getInt32(start + 8, true) / 2;
  const bits = view.getUint16(start + 14, true);
  const uncompressed = view.getUint32(start + 16, true) === 0;
  if (width <= 0 || height <= 0 || !Number.isInteger(height)) return undefined;
  return uncompressed && BIT_COUNTS.includes(bits) ? { data, width, height, bits } : undefined;
}

/** Whatever the depth, the mask or the fourth byte makes it transparent in places. */
function bitmap({ width, height }: Size, entry: ByteRange, bits: number): Sniffed<IcoHeader> {
  const header: IcoHeader = {
    format: 'ico',
    width,
    height,
    components: bits <= 8 ? 1 : 4,
    bitDepth: bits <= 8 ? bits : bits === 16 ? 5 : 8,
    progressive: false,
    animated: false,
    orientation: 1,
    entry,
    png: undefined,
  };
  return { kind: 'picture', header };
}
