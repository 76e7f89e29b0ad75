/**
 * Writes baseline JPEGs of flat blocks with given components (ISO/IEC 10918-1): libvips chooses by itself which colours
 * a file is stored in.
 */

/** The colour transform that Adobe's APP14 states: none, YCbCr, or YCCK. */
export type Transform = 0 | 1 | 2;

const [BLOCK, MIDDLE] = [8, 128];

/** One Huffman code of 4 bits for each of the 12 sizes of a difference, and one bit for the end of a block. */
const DC_CODE_BITS = 4;
const SIZES = Array.from({ length: 12 }, (_, size) => size);
const DC_TABLE = [0x00, 0, 0, 0, SIZES.length, ...new Array<number>(12).fill(0), ...SIZES];
const AC_TABLE = [0x10, 1, ...new Array<number>(15).fill(0), 0x00];

/**
 * @param columns blocks in a row.
 * @param blocks row by row, the components of each, 0…255, as they are stored.
 */
export function mosaicJpeg(
  columns: number,
  blocks: readonly (readonly number[])[],
  transform: Transform,
): Uint8Array {
  const components = blocks[0]?.length ?? 0;
  const each = Array.from({ length: components }, (_, i) => i + 1);
  const [width, height] = [columns * BLOCK, (blocks.length / columns) * BLOCK];
  return Uint8Array.from([
    ...[0xff, 0xd8],
    ...segment(0xee, [...Buffer.from('Adobe'), 0, 100, 0, 0, 0, 0, transform]),
    ...segment(0xdb, [0, ...new Array<number>(BLOCK * BLOCK).fill(1)]),
    ...segment(0xc0, [
      8,
      ...be16(height),
      ...be16(width),
      components,
      ...each.flatMap((id) => [id, 0x11, 0]),
    ]),
    ...segment(0xc4, [...DC_TABLE, ...AC_TABLE]),
    ...segment(0xda, [components, ...each.flatMap((id) => [id, 0x00]), 0, 63, 0]),
    ...coded(blocks, components),
    ...[0xff, 0xd9],
  ]);
}

/** A flat block is its DC coefficient alone, stored as the difference from the previous block (F.1.2.1). */
function coded(blocks: readonly (readonly number[])[], components: number): number[] {
  const bytes: number[] = [];
  let word = 0;
  let held = 0;
  const put = (value: number, bits: number) => {
    word = (word << bits) | value;
    held += bits;
    while (held >= 8) {
      held -= 8;
      const byte = (word >> held) & 0xff;
      bytes.push(byte, ...(byte === 0xff ? [0] : []));
      word &= (1 << held) - 1;
    }
  };
  const before = new Array<number>(components).fill(0);
  for (const block of blocks) {
    for (const [i, value] of block.entries()) {
      const dc = BLOCK * (value - MIDDLE);
      const difference = dc - (before[i] ?? 0);
      before[i] = dc;
      const size = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
      put(size, DC_CODE_BITS);
      put(difference < 0 ? difference + (1 << size) - 1 : difference, size);
      put(0, 1);
    }
  }
  put((1 << 7) - 1, 7);
  return bytes;
}

function segment(marker: number, payload: readonly number[]): number[] {
  return [0xff, marker, ...be16(payload.length + 2), ...payload];
}

function be16(value: number): number[] {
  return [value >> 8, value & 0xff];
}
