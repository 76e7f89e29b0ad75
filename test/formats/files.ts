/** Draws the pictures of the cases and encodes them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { draw } from '../pictures/encode.ts';
import { type Scene, type Size, svg } from '../pictures/scenes.ts';
import { turned } from '../pictures/turned.ts';
import type { Case } from './cases.ts';

const WHITE = '#fff';
const FAST = { compressionLevel: 1 };
/** The reference needs no more pixels: the Worker reads a PNG of this size, whatever the size of the case. */
const MAX_REFERENCE_WIDTH = 1280;

/** The same upright picture as a small PNG, opaque and in sRGB. */
export async function reference({ scene, size, clear, grey }: Case): Promise<Uint8Array> {
  const scale = Math.min(1, MAX_REFERENCE_WIDTH / size.width);
  const small = { width: Math.round(size.width * scale), height: Math.round(size.height * scale) };
  const rgb = await draw(clear ? { ...scene, ground: WHITE } : scene, small);
  const image = sharp(rgb, { raw: { ...small, channels: 3 } });
  return bytesOf((grey ? image.toColourspace('b-w') : image).png(FAST));
}

/**
 * Encodes every case, in order.
 *
 * @param python an interpreter with the packages of `requirements.txt`.
 * @param folder for intermediate files.
 */
export async function encoded(
  cases: readonly Case[],
  python: string,
  folder: string,
): Promise<readonly Uint8Array[]> {
  const jobs: object[] = [];
  const files: (Uint8Array | string)[] = [];
  for (const [i, one] of cases.entries()) {
    const image = await stored(one);
    if (one.encoder === 'libvips') {
      files.push(await bytesOf(image.avif({ effort: 0, quality: 80, bitdepth: depth(one.bits) })));
      continue;
    }
    const [from, to] = [path.join(folder, `${i}.png`), path.join(folder, `${i}.${one.format}`)];
    await writeFile(from, await bytesOf(image.png(FAST)));
    const { options, orientation, bits, animated, ink } = one;
    jobs.push({ from, to, options, orientation, bits, animated, ink });
    files.push(to);
  }
  await byPython(python, jobs);
  return files.map((file) => (typeof file === 'string' ? new Uint8Array(readFileSync(file)) : file));
}

/** The picture as its file stores it: rotated, with its colour space and alpha. */
async function stored({ scene, size, orientation, clear, grey, wide, encoder }: Case): Promise<Sharp> {
  const channels = clear ? 4 : 3;
  const pixels = clear ? await cutOut(scene, size) : await draw(scene, size);
  const { data, width, height } = turned(pixels, size, orientation ?? 1);
  let image = sharp(data, { raw: { width, height, channels } });
  if (grey) image = image.toColourspace('b-w');
  if (wide) image = image.withIccProfile('p3');
  // An intermediate PNG does not state it, so it is passed to the second encoder.
  return encoder === 'libvips' && orientation !== undefined ? image.withMetadata({ orientation }) : image;
}

/** RGBA: the scene without its background, which is black. */
async function cutOut(scene: Scene, size: Size): Promise<Uint8Array> {
  return sharp(Buffer.from(svg({ ...scene, ground: 'none' }, size)))
    .ensureAlpha()
    .toColourspace('srgb')
    .raw()
    .toBuffer();
}

function depth(bits = 8): 8 | 10 | 12 {
  if (bits === 8 || bits === 10 || bits === 12) return bits;
  throw new RangeError(`no AVIF has ${bits} bits`);
}

async function bytesOf(image: Sharp): Promise<Uint8Array> {
  return new Uint8Array(await image.toBuffer());
}

async function byPython(python: string, jobs: readonly object[]): Promise<void> {
  const child = spawn(python, [path.join(import.meta.dirname, 'encode.py')], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin.end(JSON.stringify(jobs));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`encode.py ended with ${code}`);
}
