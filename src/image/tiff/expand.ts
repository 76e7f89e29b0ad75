/** Decompresses a strip or a tile, row by row. */
import type { ByteRange, TiffHeader } from '../header.ts';
import { inflate } from '../inflate/inflate.ts';
import type { Take } from '../inflate/window.ts';
import { atOnce } from '../turns.ts';
import { expandFax } from './fax.ts';
import { expandLzw } from './lzw.ts';
import { unpackBits } from './packbits.ts';

/** Compressions that are read here; magick reads JPEG. */
export type OwnCompression = Exclude<TiffHeader['compression'], 'jpeg' | 'old-jpeg'>;

export function isOwn(compression: TiffHeader['compression']): compression is OwnCompression {
  return compression !== 'jpeg' && compression !== 'old-jpeg';
}

export interface Stored {
  readonly compression: OwnCompression;
  readonly lowestBitFirst: boolean;
  /** Size of a segment. */
  readonly columns: number;
  /** See `FaxKind`. */
  readonly isTwoDimensional: boolean;
}

/** Each byte with its bits in reverse order. */
const REVERSED = Uint8Array.from({ length: 256 }, (_, byte) => {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >>> bit) & 1) << (7 - bit);
  return reversed;
});

/**
 * @param onRow gets rows as long as there are complete ones, and returns whether it needs more. If the data are
 *   compressed, it may change what it gets.
 */
export function expand(
  bytes: Uint8Array,
  range: ByteRange,
  stored: Stored,
  rowBytes: number,
  onRow: (row: Uint8Array) => boolean,
): void {
  const { compression } = stored;
  if (stored.lowestBitFirst) {
    // Applies to all stored data, compressed or not, as in libtiff.
    const reversed = bytes.slice(range.start, range.end);
    for (let i = 0; i < reversed.length; i++) reversed[i] = REVERSED[reversed[i] as number] as number;
    const within = { start: 0, end: reversed.length };
    expand(reversed, within, { ...stored, lowestBitFirst: false }, rowBytes, onRow);
    return;
  }
  switch (compression) {
    case 'none':
      for (let at = range.start; at + rowBytes <= range.end; at += rowBytes) {
        if (!onRow(bytes.subarray(at, at + rowBytes))) return;
      }
      return;
    case 'packbits':
      unpackBits(bytes, range, rowBytes, rowsOf(rowBytes, onRow));
      return;
    case 'lzw':
      expandLzw(bytes, range, rowBytes, rowsOf(rowBytes, onRow));
      return;
    case 'ccitt-rle':
    case 'ccitt-g3':
    case 'ccitt-g4':
      expandFax(bytes, range, { ...stored, compression }, onRow);
      return;
    case 'deflate': {
      const own = new Uint8Array(rowBytes);
      // Later matches copy from inflated data, so these must not be changed.
      const onOwn = (row: Uint8Array) => {
        own.set(row);
        return onRow(own);
      };
      let next: ByteRange | undefined = range;
      const once = () => {
        const only = next;
        next = undefined;
        return only;
      };
      atOnce(inflate(bytes, once, rowBytes, rowsOf(rowBytes, onOwn)));
      return;
    }
  }
}

function rowsOf(rowBytes: number, onRow: (row: Uint8Array) => boolean): Take {
  return (window, from, to) => {
    let at = from;
    for (; at + rowBytes <= to; at += rowBytes) {
      if (!onRow(window.subarray(at, at + rowBytes))) return -1;
    }
    return at;
  };
}
