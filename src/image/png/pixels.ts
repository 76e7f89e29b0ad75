/** Converts the samples of a PNG's row to pixels. */
import type { PngHeader } from '../header.ts';
import { viewOf } from '../headers/bytes.ts';

/** Fills the first `count` pixels of a row with ARGB. */
export type ToArgb = (row: Uint8Array, argb: Uint32Array, count: number) => void;

const OPAQUE = 0xff00_0000;
/** A grey's level in all three colours. */
const GREY = 0x01_0101;

/**
 * @param palette of a PLTE chunk, if there is one.
 * @param transparency of a tRNS chunk, if there is one.
 * @returns undefined if there is no palette for the indices. The higher 8 of 16 bits count.
 */
export function toArgb(
  { colour, bitDepth }: PngHeader,
  palette: Uint8Array | undefined,
  transparency: Uint8Array | undefined,
): ToArgb | undefined {
  const bytes = bitDepth === 16 ? 2 : 1;
  switch (colour) {
    case 'palette':
      return palette && fromIndices(paletteTable(palette, transparency), bitDepth);
    case 'grey': {
      const clear = transparency && sampleOf(transparency, 0);
      return bitDepth === 16 ? fromGrey16(clear) : fromIndices(greyTable(bitDepth, clear), bitDepth);
    }
    case 'rgb': {
      const clear = transparency && [0, 1, 2].map((i) => sampleOf(transparency, i));
      return clear === undefined ? fromRgb(bytes) : withClear(fromRgb(bytes), clear, bytes);
    }
    case 'grey-alpha':
      return fromGreyAlpha(bytes);
    case 'rgba':
      return fromRgba(bytes);
  }
}

/** tRNS has two bytes per sample (§11.3.1.1); a missing one equals no sample. */
function sampleOf(transparency: Uint8Array, i: number): number {
  return 2 * i + 2 <= transparency.length ? viewOf(transparency).getUint16(2 * i) : -1;
}

function paletteTable(palette: Uint8Array, transparency: Uint8Array | undefined): Uint32Array {
  // Indices beyond the palette are errors (§11.2.2), and black in most decoders.
  return Uint32Array.from({ length: 256 }, (_, i) => {
    const [red = 0, green = 0, blue = 0] = palette.subarray(3 * i, 3 * i + 3);
    return ((transparency?.[i] ?? 255) << 24) | (red << 16) | (green << 8) | blue;
  });
}

function greyTable(bitDepth: number, clear: number | undefined): Uint32Array {
  const most = 2 ** bitDepth - 1;
  return Uint32Array.from({ length: most + 1 }, (_, i) =>
    i === clear ? 0 : OPAQUE | (((i * 255) / most) * GREY),
  );
}

/** The first sample of a byte is in its highest bits (§7.2). */
function fromIndices(table: Uint32Array, bits: number): ToArgb {
  // All below is within bounds: rows have at least `count` pixels.
  if (bits === 8) {
    return (row, argb, count) => {
      for (let x = 0; x < count; x++) argb[x] = table[row[x] as number] as number;
    };
  }
  const most = (1 << bits) - 1;
  return (row, argb, count) => {
    for (let x = 0, bit = 0; x < count; x++, bit += bits) {
      argb[x] = table[((row[bit >> 3] as number) >> (8 - bits - (bit & 7))) & most] as number;
    }
  };
}

function fromGrey16(clear: number | undefined): ToArgb {
  return (row, argb, count) => {
    for (let x = 0; x < count; x++) {
      const high = row[2 * x] as number;
      const isClear = ((high << 8) | (row[2 * x + 1] as number)) === clear;
      argb[x] = isClear ? 0 : OPAQUE | (high * GREY);
    }
  };
}

function fromGreyAlpha(bytes: number): ToArgb {
  return (row, argb, count) => {
    for (let x = 0, at = 0; x < count; x++, at += 2 * bytes) {
      argb[x] = ((row[at + bytes] as number) << 24) | ((row[at] as number) * GREY);
    }
  };
}

function fromRgb(bytes: number): ToArgb {
  return (row, argb, count) => {
    for (let x = 0, at = 0; x < count; x++, at += 3 * bytes) {
      argb[x] =
        OPAQUE |
        ((row[at] as number) << 16) |
        ((row[at + bytes] as number) << 8) |
        (row[at + 2 * bytes] as number);
    }
  };
}

function fromRgba(bytes: number): ToArgb {
  return (row, argb, count) => {
    for (let x = 0, at = 0; x < count; x++, at += 4 * bytes) {
      argb[x] =
        ((row[at + 3 * bytes] as number) << 24) |
        ((row[at] as number) << 16) |
        ((row[at + bytes] as number) << 8) |
        (row[at + 2 * bytes] as number);
    }
  };
}

/** With one transparent colour, compared to the last bit of its samples. */
function withClear(convert: ToArgb, clear: readonly number[], bytes: number): ToArgb {
  return (row, argb, count) => {
    convert(row, argb, count);
    for (let x = 0; x < count; x++) {
      let isClear = true;
      for (let i = 0; i < 3; i++) {
        const at = (3 * x + i) * bytes;
        const high = row[at] as number;
        isClear &&= (bytes === 1 ? high : (high << 8) | (row[at + 1] as number)) === clear[i];
      }
      if (isClear) argb[x] = 0;
    }
  };
}
