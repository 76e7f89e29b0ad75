/**
 * What a phone's HEIC costs, as a multiple of a JPEG of 12 megapixels: CPU time of decoding and resize.
 *
 *     node --import ./bench/wasm-import.ts bench/heic.ts [--repeats 5] FILE...
 *
 * Each file takes turns with the JPEG in one process; prints the median, minimum and maximum of the ratios. HEIC cannot
 * be drawn here: give it files of phones, or those that `test/formats/encode.py` makes.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { createDecoder } from '../src/image/decode.ts';
import { seenPieces } from '../src/image/heif/seen.ts';
import { planFor, prepare } from '../src/image/prepare.ts';

const { values, positionals } = parseArgs({
  options: { repeats: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const SIZE = { width: 4032, height: 3024 };

const decoder = createDecoder();
const jpeg = new Uint8Array(
  await sharp(noisy(SIZE), { raw: { ...SIZE, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer(),
);
await cpuMs(jpeg);

console.log(`The JPEG has ${(jpeg.length / 1e6).toFixed(1)} MB.\n`);
console.log('| file | megapixels | way | pieces decoded | times the JPEG | least | most |');
console.log('|---|--:|---|--:|--:|--:|--:|');
for (const file of positionals) await line(path.basename(file), new Uint8Array(readFileSync(file)));

async function line(name: string, file: Uint8Array): Promise<void> {
  const plan = planFor(file);
  if (!plan.ok) return console.log(`| ${name} | – | ${plan.failure.code} | | | | |`);
  const { header, ways } = plan.value;
  const [way] = ways;
  await cpuMs(file);
  const ratios: number[] = [];
  for (let turn = 0; turn < Number(values.repeats); turn++) {
    const [one, other] = [await cpuMs(file), await cpuMs(jpeg)];
    ratios.push(one / other);
  }
  ratios.sort((one, other) => one - other);
  const shown = [ratios[ratios.length >> 1], ratios[0], ratios.at(-1)].map((ratio) => ratio?.toFixed(1));
  const megapixels = ((header.width * header.height) / 1e6).toFixed(1);
  const { grid } = header.format === 'heic' || header.format === 'avif' ? header : {};
  const pieces =
    way !== undefined && 'shrink' in way && (header.format === 'heic' || header.format === 'avif')
      ? `${seenPieces(header, way.shrink)} of ${grid === undefined ? 1 : grid.columns * grid.rows}`
      : '';
  console.log(`| ${name} | ${megapixels} | ${way?.decoder} | ${pieces} | ${shown.join(' | ')} |`);
}

async function cpuMs(file: Uint8Array): Promise<number> {
  const before = process.cpuUsage();
  const plan = planFor(file);
  const prepared = plan.ok ? await prepare(plan.value, decoder) : plan;
  if (!prepared.ok) throw new Error(prepared.failure.code);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Waves with a little noise: the file has a usual size for its pixels. */
function noisy({ width, height }: typeof SIZE): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  let noise = 1;
  for (let i = 0; i < rgb.length; i++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    rgb[i] = 128 + 90 * Math.sin(x / 37 + (i % 3)) * Math.cos(y / 53) + ((noise >>> 16) % 25);
  }
  return rgb;
}
