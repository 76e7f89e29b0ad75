/** The result of another reader, libvips as part of sharp, for the same bytes. */
import sharp from 'sharp';
import type { Format } from './seeds.ts';

/** Formats that sharp's own binaries do not read. */
const UNREAD: readonly Format[] = ['bmp', 'ico', 'heic'];

/** A mutant may state any size, and libvips would take the time for it. */
const MAX_PIXELS = 50_000_000;
const MAX_SECONDS = 10;

export type Reading = { readonly reads: true } | { readonly reads: false; readonly reason: string };

/** @returns undefined for formats that sharp does not read. */
export async function readByPeer(format: Format, bytes: Uint8Array): Promise<Reading | undefined> {
  if (UNREAD.includes(format)) return undefined;
  try {
    // All pixels are decoded: nothing is shrunk on load.
    await sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS })
      .timeout({ seconds: MAX_SECONDS })
      .resize(8, 8, { fit: 'fill', kernel: 'nearest', fastShrinkOnLoad: false })
      .raw()
      .toBuffer();
    return { reads: true };
  } catch (error) {
    return { reads: false, reason: error instanceof Error ? firstLine(error.message) : String(error) };
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').replaceAll(/\d+/g, 'n').slice(0, 80);
}
