/**
 * What ignoring colour profiles would cost.
 *
 *     node --import ./bench/wasm-import.ts bench/colour.ts FOLDER [--limit 300]
 *
 * Every photo of FOLDER (named as `n01440764_tench.JPEG`, in sRGB) is converted by Little CMS, as part of libvips, to
 * Display P3 and to the primaries and curve of Adobe RGB, and stored as JPEG with that profile: the same colours in
 * other numbers. The Worker's answers are compared with those for the same photo stored again in sRGB. The output also
 * says how many pixel values change and by how much, which would show a conversion that does nothing.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { ADOBE_RGB, matrixProfile } from '../test/pictures/icc.ts';
import { labelledPhotos } from './accuracy/photos.ts';
import { firstClass, meanDifference, prepared } from './network-input.ts';

const JPEG = { quality: 95, chromaSubsampling: '4:4:4' };

const { values, positionals } = parseArgs({ allowPositionals: true, options: { limit: { type: 'string' } } });
const [folder] = positionals;
if (folder === undefined) throw new Error('which folder of photos?');
const photos = labelledPhotos(folder, values.limit ? Number(values.limit) : undefined);

const table = new URL('../model/labels.json', import.meta.url);
const synsets = (JSON.parse(readFileSync(table, 'utf8')) as { synset: string }[]).map(({ synset }) => synset);

const scratch = mkdtempSync(path.join(tmpdir(), 'colour-'));
const adobe = path.join(scratch, 'adobe.icc');
writeFileSync(adobe, matrixProfile(ADOBE_RGB));
try {
  await compare();
} finally {
  rmSync(scratch, { recursive: true });
}

async function compare(): Promise<void> {
  const spaces = { sRGB: 'srgb', 'Display P3': 'p3', 'Adobe RGB': adobe };
  const tallies = Object.entries(spaces).map(([name, profile]) => ({
    name,
    profile,
    right: 0,
    same: 0,
    difference: 0,
  }));
  for (const { file, synset } of photos) {
    let original: { input: Float32Array; first: number } | undefined;
    for (const tally of tallies) {
      const converted = await sharp(file).withIccProfile(tally.profile).jpeg(JPEG).toBuffer();
      const { input } = await prepared(converted);
      const first = await firstClass(input);
      original ??= { input, first };
      if (synsets[first] === synset) tally.right++;
      if (first === original.first) tally.same++;
      tally.difference += meanDifference(input, original.input);
    }
  }
  console.log('| photos in | top-1 | same first class as in sRGB | mean difference of the input, of 255 |');
  console.log('|---|--:|--:|--:|');
  for (const { name, right, same, difference } of tallies) {
    const mean = (difference / photos.length).toFixed(2);
    console.log(`| ${name} | ${right} of ${photos.length} | ${same} of ${photos.length} | ${mean} |`);
  }
}
