/** Writes GIFs with one frame (GIF89a). */
import { bytesOf, le16 } from '../image/headers.ts';
import type { Size } from './scenes.ts';

export interface GifKind {
  readonly screen: Size;
  readonly frame: Size & { readonly left: number; readonly top: number };
  /** Bits of an index, 1–8; palettes have as many colours as these can distinguish. */
  readonly bits: number;
  readonly screenPalette?: readonly number[];
  readonly framePalette?: readonly number[];
  readonly interlaced?: boolean;
  readonly transparent?: number;
  /** Bytes before the frame. */
  readonly before?: readonly number[];
  /** Bytes of LZW data, if not all, and what follows their sub-blocks. */
  readonly dataBytes?: number;
  readonly after?: readonly number[];
}

const CLEAR_AT = 4096;

/** @param index of each pixel of the frame. */
export function gif(kind: GifKind, index: (x: number, y: number) => number): Uint8Array {
  const { screen, frame, bits, screenPalette, framePalette, transparent } = kind;
  const table = (palette: readonly number[] | undefined) => (palette === undefined ? 0 : 0x80 | (bits - 1));
  const literalBits = Math.max(2, bits);
  const indices = rowOrder(frame.height, kind.interlaced ?? false).flatMap((y) =>
    Array.from({ length: frame.width }, (_, x) => index(x, y)),
  );
  const data = lzw(indices, literalBits);
  return bytesOf(
    ...['GIF89a', le16(screen.width), le16(screen.height), table(screenPalette), 0, 0, screenPalette ?? []],
    kind.before ?? [],
    transparent === undefined ? [] : [0x21, 0xf9, 4, 1, 0, 0, transparent, 0],
    ...[0x2c, le16(frame.left), le16(frame.top), le16(frame.width), le16(frame.height)],
    ...[table(framePalette) | (kind.interlaced ? 0x40 : 0), framePalette ?? [], literalBits],
    subBlocks(data.slice(0, kind.dataBytes)),
    kind.after ?? [0x3b],
  );
}

function subBlocks(data: readonly number[]): number[] {
  const blocks: number[] = [];
  for (let at = 0; at < data.length; at += 255) {
    const block = data.slice(at, at + 255);
    blocks.push(block.length, ...block);
  }
  return [...blocks, 0];
}

/** Appendix E. */
export function rowOrder(height: number, interlaced: boolean): number[] {
  const rows = Array.from({ length: height }, (_, y) => y);
  if (!interlaced) return rows;
  const every = (step: number, from: number) => rows.filter((y) => y % step === from);
  return [...every(8, 0), ...every(8, 4), ...every(4, 2), ...every(2, 1)];
}

/** Appendix F. */
function lzw(indices: readonly number[], literalBits: number): number[] {
  const clear = 1 << literalBits;
  const bytes: number[] = [];
  let [hold, held] = [0, 0];
  let codes = new Map<string, number>();
  let size = literalBits + 1;
  const write = (code: number) => {
    hold |= code << held;
    for (held += size; held >= 8; held -= 8, hold >>>= 8) bytes.push(hold & 255);
  };
  write(clear);
  let string = '';
  const codeOf = (text: string) => (text.includes(',') ? codes.get(text) : Number(text));
  for (const index of indices) {
    const longer = string === '' ? `${index}` : `${string},${index}`;
    if (string === '' || codes.has(longer)) {
      string = longer;
      continue;
    }
    write(codeOf(string) ?? 0);
    const next = clear + 2 + codes.size;
    if (next < CLEAR_AT) {
      codes.set(longer, next);
      if (next === 1 << size && size < 12) size += 1;
    } else {
      write(clear);
      codes = new Map();
      size = literalBits + 1;
    }
    string = `${index}`;
  }
  write(codeOf(string) ?? 0);
  write(clear + 1);
  if (held > 0) bytes.push(hold & 255);
  return bytes;
}
