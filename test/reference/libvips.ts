/** libvips, as part of sharp. It reads neither BMP nor icons. */
import sharp from 'sharp';
import type { Reading, Reference } from './picture.ts';

/** The same limit as for Pillow. */
const MAX_PIXELS = 60_000_000;

/** Other numbers have no defined black and white: libvips shows a float of 1 as black. */
const DEPTHS: ReadonlySet<string> = new Set(['uchar', 'ushort']);

export const libvips: Reference = {
  name: 'libvips',
  async read(file): Promise<Reading> {
    try {
      return { kind: 'shown', shown: await shownBy(file, 'warning'), warnings: [] };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      try {
        return { kind: 'shown', shown: await shownBy(file, 'error'), warnings: [reason] };
      } catch {
        return { kind: 'refused', reason };
      }
    }
  },
  close: async () => {},
};

async function shownBy(file: string, failOn: 'warning' | 'error') {
  const image = sharp(file, { failOn, limitInputPixels: MAX_PIXELS });
  const { depth } = await image.metadata();
  if (!DEPTHS.has(depth)) throw new Error(`samples are ${depth}`);
  const { data, info } = await image
    .autoOrient()
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { width, height, rgb: channels === 3 ? data : threeOf(data, channels) };
}

/** Grey repeated three times, or components beyond the third left out. */
function threeOf(data: Uint8Array, channels: number): Uint8Array {
  const pixels = data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let c = 0; c < 3; c++) rgb[pixel * 3 + c] = data[pixel * channels + (channels < 3 ? 0 : c)] ?? 0;
  }
  return rgb;
}
