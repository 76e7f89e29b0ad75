/**
 * Compares what the network sees of large JPEGs decoded at a half, a quarter or an eighth with the same JPEGs decoded
 * in full.
 *
 *     node --import ./bench/wasm-import.ts bench/jpeg-scales.ts FOLDER [--megapixels 12] [--grain 8] [--limit 300]
 *
 * Each photo is enlarged, then gets grain at that size: normal noise on each colour of each pixel, with a standard
 * deviation of `--grain` levels of 255. It is stored as JPEG of quality 90 in 4:2:0.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import type { JpegHeader } from '../src/image/header.ts';
import { decodeJpeg } from '../src/image/jpeg/decode.ts';
import { toInput } from '../src/image/resample/resample.ts';
import type { Shrink } from '../src/image/shrink.ts';
import { sniff } from '../src/image/sniff.ts';
import { labelledPhotos } from './accuracy/photos.ts';
import { firstClass, meanDifference } from './network-input.ts';

const QUALITY = 90;
const DENOMINATORS = [2, 4, 8] as const;
/** A prime, so that the noise does not repeat from one row to the next. */
const NOISES = 1_048_573;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    megapixels: { type: 'string', default: '12' },
    grain: { type: 'string', default: '8' },
    limit: { type: 'string' },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('which folder of photos?');

const noise = normalNoise(Number(values.grain));
const photos = labelledPhotos(folder, values.limit ? Number(values.limit) : undefined);
const tallies = DENOMINATORS.map((denominator) => ({ denominator, same: 0, difference: 0 }));
let [least, most] = [Number.POSITIVE_INFINITY, 0];
for (const { file } of photos) {
  const bytes = await asSent(file);
  const sniffed = sniff(bytes);
  if (sniffed.kind !== 'picture' || sniffed.header.format !== 'jpeg') throw new Error(file);
  const { header } = sniffed;
  const side = Math.min(header.width, header.height);
  [least, most] = [Math.min(least, side), Math.max(most, side)];
  const full = inputOf(bytes, header, 1);
  const seen = await firstClass(full);
  for (const tally of tallies) {
    const input = inputOf(bytes, header, tally.denominator);
    tally.difference += meanDifference(input, full) / photos.length;
    if ((await firstClass(input)) === seen) tally.same++;
  }
}

console.log(`${photos.length} photos, short sides from ${least} to ${most} pixels\n`);
console.log('| at | same first class | mean absolute difference, of 255 |\n|---|--:|--:|');
for (const { denominator, same, difference } of tallies) {
  console.log(`| 1/${denominator} | ${same} of ${photos.length} | ${difference.toFixed(3)} |`);
}

function inputOf(bytes: Uint8Array, header: JpegHeader, denominator: Shrink): Float32Array {
  const picture = decodeJpeg(bytes, header, denominator);
  const input = picture && toInput(picture, header.orientation);
  if (input === undefined) throw new Error('not an ordinary JPEG');
  return input;
}

async function asSent(file: string): Promise<Uint8Array> {
  const { width, height } = await sharp(readFileSync(file)).metadata();
  const scale = Math.sqrt((Number(values.megapixels) * 1e6) / (width * height));
  const size = [Math.round(width * scale), Math.round(height * scale)] as const;
  const large = sharp(file)
    .toColourspace('srgb')
    .flatten()
    .resize(...size, { fit: 'fill' });
  const { data, info } = await large.raw().toBuffer({ resolveWithObject: true });
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (pixels[i] ?? 0) + (noise[i % NOISES] ?? 0);
  const grained = sharp(pixels, { raw: { width: info.width, height: info.height, channels: info.channels } });
  return new Uint8Array(await grained.jpeg({ quality: QUALITY, chromaSubsampling: '4:2:0' }).toBuffer());
}

/** Box–Muller over a linear congruential generator: the same on every run. */
function normalNoise(deviation: number): Float32Array {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 1) / (2 ** 32 + 1);
  };
  return Float32Array.from(
    { length: NOISES },
    () => deviation * Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()),
  );
}
