/** Writes device-independent bitmaps of every kind, as BMP files and in icons. */
import { bytesOf, le16, le32 } from '../image/headers.ts';
import type { Size } from './scenes.ts';

export interface DibKind {
  /** 12, 16, 40, 52, 56, 64, 108, 124. */
  readonly headerBytes: number;
  readonly bitCount: number;
  /** biCompression as a number; 0 where absent. */
  readonly compression?: number;
  /** Behind the first 40 bytes, in the header or after it. */
  readonly masks?: readonly number[];
  readonly palette?: readonly (readonly [red: number, green: number, blue: number])[];
  /** The length of the palette that the header states; 0 by default, which means as many as the bits allow. */
  readonly stated?: number;
  readonly topDown?: boolean;
}

/** The stored value of a pixel. */
export type Word = (x: number, y: number) => number;

const FILE_HEADER_BYTES = 14;

/** The header, masks and palette. */
export function dibHead(kind: DibKind, { width, height }: Size): Uint8Array {
  const { headerBytes, bitCount, compression = 0, masks = [], palette = [], topDown, stated = 0 } = kind;
  const colours = palette.map(([red, green, blue]) => [blue, green, red, ...(headerBytes === 12 ? [] : [0])]);
  if (headerBytes === 12) {
    return bytesOf(le32(12), le16(width), le16(height), le16(1), le16(bitCount), colours.flat());
  }
  const fields = bytesOf(
    ...[le32(headerBytes), le32(width), le32(topDown ? -height : height), le16(1), le16(bitCount)],
    ...[le32(compression), le32(0), le32(0), le32(0), le32(stated), le32(0)],
    ...masks.map(le32),
  );
  const head = new Uint8Array(Math.max(headerBytes, headerBytes === 40 ? fields.length : 0));
  head.set(fields.subarray(0, head.length));
  return bytesOf(head, colours.flat());
}

/** Rows from the bottom, or as `kind` says, each a whole number of 32-bit words. */
export function dibRows(kind: DibKind, { width, height }: Size, word: Word): Uint8Array {
  const stride = Math.ceil((width * kind.bitCount) / 32) * 4;
  const rows = new Uint8Array(stride * height);
  for (let stored = 0; stored < height; stored++) {
    const y = kind.topDown ? stored : height - 1 - stored;
    for (let x = 0; x < width; x++) {
      const bit = x * kind.bitCount;
      const at = stored * stride + (bit >> 3);
      if (kind.bitCount >= 8) rows.set(le32(word(x, y)).slice(0, kind.bitCount / 8), at);
      else rows[at] = (rows[at] ?? 0) | (word(x, y) << (8 - kind.bitCount - (bit & 7)));
    }
  }
  return rows;
}

/** @param fields sizes that the file header states; by default the true ones. */
export function bmpOf(
  head: Uint8Array,
  rows: Uint8Array,
  fields: { readonly fileBytes?: number; readonly dataOffset?: number } = {},
): Uint8Array {
  const dataOffset = FILE_HEADER_BYTES + head.length;
  return bytesOf(
    ...['BM', le32(fields.fileBytes ?? dataOffset + rows.length), le32(0)],
    ...[le32(fields.dataOffset ?? dataOffset), head, rows],
  );
}

/** A bitmap in an icon: twice as high, with a 1-bit mask after it. */
export function iconDib(kind: DibKind, { width, height }: Size, word: Word, isHidden: Word): Uint8Array {
  return bytesOf(
    dibHead(kind, { width, height: 2 * height }),
    dibRows(kind, { width, height }, word),
    dibRows({ headerBytes: 40, bitCount: 1 }, { width, height }, isHidden),
  );
}

/**
 * RLE8, RLE4 or RLE24, from the bottom: equal neighbours as runs, others as literal stretches.
 *
 * @param end what comes at the end of the last row: by default the end mark.
 */
export function rleRows(bits: 4 | 8 | 24, { width, height }: Size, word: Word, end = [0, 1]): Uint8Array {
  const unit = (value: number) => le32(value).slice(0, bits === 24 ? 3 : 1);
  const rows: number[] = [];
  for (let y = height - 1; y >= 0; y--) {
    for (let x = 0; x < width; ) {
      let run = 1;
      while (x + run < width && run < 255 && word(x + run, y) === word(x, y)) run += 1;
      const stretch = Math.min(5, width - x);
      if (run < 3 && stretch >= 3) {
        const values = Array.from({ length: stretch }, (_, i) => word(x + i, y));
        const data =
          bits === 4
            ? values.flatMap((value, i) => (i % 2 === 0 ? [(value << 4) | (values[i + 1] ?? 0)] : []))
            : values.flatMap(unit);
        rows.push(0, stretch, ...data, ...(data.length % 2 === 1 ? [0] : []));
        x += stretch;
      } else {
        rows.push(run, ...(bits === 4 ? [word(x, y) * 17] : unit(word(x, y))));
        x += run;
      }
    }
    rows.push(...(y > 0 ? [0, 0] : end));
  }
  return Uint8Array.from(rows);
}
