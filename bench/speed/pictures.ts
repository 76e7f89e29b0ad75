/** The pictures that all candidates get: drawn, with grain that makes the files as large as those of photos. */
import { draw, type Encoding, encode } from '../../test/pictures/encode.ts';
import { DIGITAL_CLOCK, type Size } from '../../test/pictures/scenes.ts';

export interface Picture {
  readonly name: string;
  readonly size: Size;
  readonly file: Uint8Array<ArrayBuffer>;
}

const MEGAPIXEL = { width: 1168, height: 876 };

const KINDS: Readonly<Record<string, readonly [Encoding, Size]>> = {
  'JPEG 640×480': ['jpeg-420', { width: 640, height: 480 }],
  'JPEG 1920×1080': ['jpeg-420', { width: 1920, height: 1080 }],
  'JPEG 12 MP': ['jpeg-420', { width: 4000, height: 3000 }],
  'PNG 1 MP': ['png-rgb8', MEGAPIXEL],
  'WebP 1 MP': ['webp-lossy', MEGAPIXEL],
};

/** Levels of 255: JPEGs then have about two bits per pixel, like a camera's. */
const GRAIN = 40;

export function drawnPictures(): Promise<readonly Picture[]> {
  return Promise.all(Object.entries(KINDS).map(([name, [encoding, size]]) => drawn(name, encoding, size)));
}

/** A 4 : 3 JPEG. */
export function jpegOf(megapixels: number): Promise<Picture> {
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3));
  return drawn(`${megapixels} MP`, 'jpeg-420', { width, height: Math.round((megapixels * 1e6) / width) });
}

export async function drawn(name: string, encoding: Encoding, size: Size): Promise<Picture> {
  const rgb = await draw(DIGITAL_CLOCK, size);
  // A linear congruential generator: the same on every run.
  for (let i = 0, state = 1; i < rgb.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = (rgb[i] ?? 0) + (((state >>> 24) * GRAIN) >> 8) - GRAIN / 2;
    rgb[i] = Math.min(255, Math.max(0, value));
  }
  return { name, size, file: Uint8Array.from(await encode(rgb, encoding, size)) };
}
