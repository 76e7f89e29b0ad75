/** Writes PNGs of the kinds that libvips does not (PNG Third Edition). */
import { crc32, deflateSync } from 'node:zlib';
import type { Size } from './scenes.ts';

/** Colour types, each with its samples a pixel. */
const COLOURS = {
  grey: { type: 0, samples: 1 },
  palette: { type: 3, samples: 1 },
  'grey-alpha': { type: 4, samples: 2 },
} as const;

export interface Kind {
  readonly colour: keyof typeof COLOURS;
  /** Bits a sample. */
  readonly depth: 1 | 2 | 4 | 8 | 16;
  /** RGB. */
  readonly palette?: readonly number[];
  /** What of the palette is transparent, from its first colour on, or which grey. */
  readonly transparency?: readonly number[];
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10);
const END = new Uint8Array();

/** @param samples row by row, each of 0…2^depth − 1. */
export function png(samples: ArrayLike<number>, { width, height }: Size, kind: Kind): Uint8Array {
  const { type, samples: perPixel } = COLOURS[kind.colour];
  const head = new DataView(new ArrayBuffer(13));
  head.setUint32(0, width);
  head.setUint32(4, height);
  head.setUint8(8, kind.depth);
  head.setUint8(9, type);
  return new Uint8Array(
    Buffer.concat([
      SIGNATURE,
      chunk('IHDR', new Uint8Array(head.buffer)),
      ...(kind.palette ? [chunk('PLTE', Uint8Array.from(kind.palette))] : []),
      ...(kind.transparency ? [chunk('tRNS', Uint8Array.from(kind.transparency))] : []),
      chunk('IDAT', deflateSync(packed(samples, width * perPixel, height, kind.depth))),
      chunk('IEND', END),
    ]),
  );
}

/** §7.2: each row from a byte on, the first sample in the highest bits, after the number of its filter, none. */
function packed(samples: ArrayLike<number>, perRow: number, height: number, depth: number): Uint8Array {
  const rowBytes = 1 + Math.ceil((perRow * depth) / 8);
  const rows = new Uint8Array(rowBytes * height);
  for (let i = 0; i < perRow * height; i++) {
    const bit = (i % perRow) * depth;
    const at = Math.floor(i / perRow) * rowBytes + 1 + (bit >> 3);
    const sample = samples[i] ?? 0;
    if (depth === 16) rows.set([sample >> 8, sample & 0xff], at);
    else rows[at] = (rows[at] ?? 0) | (sample << (8 - depth - (bit & 7)));
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(Buffer.from(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}
