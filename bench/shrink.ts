/**
 * How many answers change if pictures are shrunk before they are sent, as `npm run classify -- --shrink` does.
 *
 *     node --import ./bench/wasm-import.ts bench/shrink.ts FOLDER [--megapixels 12] [--limit 300]
 *
 * Without `--megapixels` the photos are sent as they are; with it, each is first enlarged and stored as JPEG, like a
 * camera's. Sizes are the short side.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { shrunk } from '../examples/folder/shrink.ts';
import { LABELS } from '../src/inference/labels.ts';
import { labelledPhotos } from './accuracy/photos.ts';
import { firstClass, prepared } from './network-input.ts';

const SIDES = [256, 384, 512, 768];
const QUALITY = 90;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { megapixels: { type: 'string' }, limit: { type: 'string' } },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('which folder of photos?');

interface Tally {
  right: number;
  same: number;
  smaller: number;
  bytes: number;
}

const photos = labelledPhotos(folder, values.limit ? Number(values.limit) : undefined);
const whole = newTally();
const tallies = SIDES.map((side) => ({ side, tally: newTally() }));
for (const { file, synset } of photos) {
  const bytes = await asTaken(file);
  const first = await firstClass((await prepared(bytes)).input);
  add(whole, first, first, synset, bytes, false);
  for (const { side, tally } of tallies) {
    const small = await shrunk(bytes, side);
    const class_ = await firstClass((await prepared(small.bytes)).input);
    add(tally, class_, first, synset, small.bytes, small.was !== undefined);
  }
}

console.log(
  '| short side | made smaller | first class right | same first class | mean kB |\n|--:|--:|--:|--:|--:|',
);
print('as it is', whole);
for (const { side, tally } of tallies) print(String(side), tally);

function newTally(): Tally {
  return { right: 0, same: 0, smaller: 0, bytes: 0 };
}

function add(
  tally: Tally,
  seen: number,
  first: number,
  synset: string,
  bytes: Uint8Array,
  isSmaller: boolean,
) {
  if (LABELS[seen]?.synset === synset) tally.right++;
  if (seen === first) tally.same++;
  if (isSmaller) tally.smaller++;
  tally.bytes += bytes.length;
}

function print(name: string, { right, same, smaller, bytes }: Tally): void {
  const share = (count: number) => `${((100 * count) / photos.length).toFixed(1)} %`;
  const mean = (bytes / photos.length / 1000).toFixed(0);
  console.log(`| ${name} | ${smaller} | ${share(right)} | ${same} of ${photos.length} | ${mean} |`);
}

async function asTaken(file: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = Uint8Array.from(readFileSync(file));
  if (values.megapixels === undefined) return bytes;
  const { width, height } = await sharp(bytes).metadata();
  const scale = Math.sqrt((Number(values.megapixels) * 1e6) / (width * height));
  const large = sharp(bytes).resize(Math.round(width * scale), Math.round(height * scale), { fit: 'fill' });
  return Uint8Array.from(await large.jpeg({ quality: QUALITY }).toBuffer());
}
