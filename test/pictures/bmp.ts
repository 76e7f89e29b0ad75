import type { Size } from './scenes.ts';

const FILE_HEADER_BYTES = 14;
const INFO_HEADER_BYTES = 40;
const PALETTE_BYTES = 256 * 4;

/**
 * A bottom-up, uncompressed BMP with a BITMAPINFOHEADER; at 8 bits per pixel the palette is 256 greys.
 *
 * `rgb`: height × width × 3 bytes, row by row from the top.
 */
export function bmp(rgb: Uint8Array, { width, height }: Size, depth: 8 | 24 | 32): Uint8Array {
  const rowBytes = Math.ceil((width * depth) / 32) * 4;
  const pixelsAt = FILE_HEADER_BYTES + INFO_HEADER_BYTES + (depth === 8 ? PALETTE_BYTES : 0);
  const file = new Uint8Array(pixelsAt + rowBytes * height);
  const view = new DataView(file.buffer);

  file.set([0x42, 0x4d]);
  view.setUint32(2, file.length, true);
  view.setUint32(10, pixelsAt, true);
  view.setUint32(14, INFO_HEADER_BYTES, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, depth, true);
  if (depth === 8) {
    for (let grey = 0; grey < 256; grey++) {
      file.fill(
        grey,
        FILE_HEADER_BYTES + INFO_HEADER_BYTES + grey * 4,
        FILE_HEADER_BYTES + INFO_HEADER_BYTES + grey * 4 + 3,
      );
    }
  }

  for (let y = 0; y < height; y++) {
    let to = pixelsAt + (height - 1 - y) * rowBytes;
    for (let from = y * width * 3; from < (y + 1) * width * 3; from += 3) {
      const [red = 0, green = 0, blue = 0] = rgb.subarray(from, from + 3);
      if (depth === 8) {
        file[to++] = (red * 299 + green * 587 + blue * 114) / 1000;
        continue;
      }
      file[to++] = blue;
      file[to++] = green;
      file[to++] = red;
      if (depth === 32) file[to++] = 255;
    }
  }
  return file;
}
