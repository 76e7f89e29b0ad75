/** Writes grey JPEGs of any size, with two bits per block: only their size costs anything. */
import type { Size } from './scenes.ts';

/** Both Huffman tables have one code, a 0: a difference of zero, and the end of a block. */
const ONE_CODE = [1, ...new Array<number>(15).fill(0), 0x00];

/** @param across and `down`: blocks of the first component in an MCU. */
export function flatJpeg({ width, height }: Size, across: 1 | 2, down: 1 | 2): Uint8Array {
  const head = [
    ...[0xff, 0xd8],
    ...segment(0xdb, [0, ...new Array<number>(64).fill(1)]),
    ...segment(0xc0, [
      8,
      ...be16(height),
      ...be16(width),
      3,
      1,
      (across << 4) | down,
      0,
      2,
      0x11,
      0,
      3,
      0x11,
      0,
    ]),
    ...segment(0xc4, [0x00, ...ONE_CODE, 0x10, ...ONE_CODE]),
    ...segment(0xda, [3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
  ];
  const mcus = Math.ceil(width / (8 * across)) * Math.ceil(height / (8 * down));
  const data = Math.ceil((mcus * (across * down + 2) * 2) / 8);
  const file = new Uint8Array(head.length + data + 2);
  file.set(head);
  file.set([0xff, 0xd9], head.length + data);
  return file;
}

function segment(marker: number, payload: readonly number[]): number[] {
  return [0xff, marker, ...be16(payload.length + 2), ...payload];
}

function be16(value: number): number[] {
  return [value >> 8, value & 0xff];
}
