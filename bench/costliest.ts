/**
 * What the costliest picture of each kind that is not refused costs in CPU time, compared with the account of time
 * (`src/image/ways/time.ts`), whose limits are based on it.
 *
 *     node bench/costliest.ts [--megapixels 12] [--only WebP] [--grain] [FILE...]
 *
 * Each kind is drawn in a few sizes. Part of each picture is noise, as much as the limit on a body allows;
 * with `--grain` a camera's, since noise is the cheapest for a format that stores what it cannot compress. Of those
 * that are not refused, the one with the largest account is measured in workerd, from the request to the answer. HEVC
 * cannot be encoded here: give it files of phones, or those that `npm run kinds` makes.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { endChildrenOnSignal } from '../scripts/process.mjs';
import { type Meter, startMeter } from '../test/cost/meter.ts';
import { spreadOf } from './speed/statistics.ts';

const { values, positionals } = parseArgs({
  options: {
    megapixels: { type: 'string', default: '25' },
    only: { type: 'string', default: '' },
    repeats: { type: 'string', default: '5' },
    grain: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const MOST_MEGAPIXELS = Number(values.megapixels);
const MAX_FILE_BYTES = 20 * 2 ** 20;
/** Width of each of the three even parts of a sample's grain: 7 levels of standard deviation. */
const GRAIN_LEVELS = 14;
const NOISY_PARTS = [1, 0.6, 0.35, 0.2, 0.1, 0];
const SIZES = [25, 12, 6, 3].filter((megapixels) => megapixels <= MOST_MEGAPIXELS);

type Channels = 1 | 3 | 4;
interface Kind {
  readonly channels: Channels;
  readonly encode: (picture: Sharp) => Sharp;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'JPEG 4:2:0': { channels: 3, encode: (one) => one.jpeg({ quality: 95 }) },
  'JPEG 4:4:4': { channels: 3, encode: (one) => one.jpeg({ quality: 95, chromaSubsampling: '4:4:4' }) },
  'JPEG, progressive': { channels: 3, encode: (one) => one.jpeg({ quality: 95, progressive: true }) },
  'JPEG, progressive 4:4:4': {
    channels: 3,
    encode: (one) => one.jpeg({ quality: 95, progressive: true, chromaSubsampling: '4:4:4' }),
  },
  'JPEG, CMYK': { channels: 3, encode: (one) => one.toColourspace('cmyk').jpeg({ quality: 95 }) },
  'PNG RGB': { channels: 3, encode: (one) => one.png({ compressionLevel: 1 }) },
  'PNG RGBA': { channels: 4, encode: (one) => one.png({ compressionLevel: 1 }) },
  'PNG RGB, 16 bits': {
    channels: 3,
    encode: (one) => one.toColourspace('rgb16').png({ compressionLevel: 1 }),
  },
  'PNG RGB, interlaced': {
    channels: 3,
    encode: (one) => one.png({ compressionLevel: 1, progressive: true }),
  },
  'PNG, palette': { channels: 3, encode: (one) => one.png({ palette: true, effort: 1, dither: 0 }) },
  GIF: { channels: 3, encode: (one) => one.gif({ effort: 1, dither: 0 }) },
  'WebP, lossy': { channels: 3, encode: (one) => one.webp({ quality: 95, effort: 0 }) },
  'WebP, lossy with alpha': { channels: 4, encode: (one) => one.webp({ quality: 95, effort: 0 }) },
  'WebP, lossless': { channels: 3, encode: (one) => one.webp({ lossless: true, effort: 0 }) },
  'WebP, lossless with alpha': { channels: 4, encode: (one) => one.webp({ lossless: true, effort: 0 }) },
  'TIFF, LZW': { channels: 3, encode: (one) => one.tiff({ compression: 'lzw', predictor: 'none' }) },
  'TIFF, Deflate': { channels: 3, encode: (one) => one.tiff({ compression: 'deflate' }) },
  'TIFF, JPEG': { channels: 3, encode: (one) => one.tiff({ compression: 'jpeg', quality: 95 }) },
  'AVIF 4:2:0': {
    channels: 3,
    encode: (one) => one.avif({ quality: 80, effort: 0, chromaSubsampling: '4:2:0' }),
  },
  'AVIF 4:4:4': { channels: 3, encode: (one) => one.avif({ quality: 80, effort: 0 }) },
};

interface Account {
  /** Regardless of the decoder. */
  readonly units?: number;
  /** In the order in which they are tried. */
  readonly ways?: readonly { readonly name: string; readonly units: number }[];
}

interface Candidate {
  readonly name: string;
  readonly megapixels: number;
  readonly file: Uint8Array<ArrayBuffer>;
  readonly units: number;
  readonly way: string;
}

endChildrenOnSignal();
const meter = await startMeter({ MAX_PICTURE_UNITS: '10000' });
try {
  console.log('| kind | megapixels | MB | way | accounted | measured |');
  console.log('|---|--:|--:|---|--:|--:|');
  for (const [name, kind] of Object.entries(KINDS)) {
    if (name.includes(values.only)) await costliest(meter, name, kind);
  }
  for (const file of positionals) {
    const candidate = await accounted(meter, path.basename(file), 0, Uint8Array.from(readFileSync(file)));
    if (candidate) await line(meter, candidate);
  }
} finally {
  await meter.close();
}

async function costliest(meter: Meter, name: string, kind: Kind): Promise<void> {
  let most: Candidate | undefined;
  for (const megapixels of SIZES) {
    for (const noisy of NOISY_PARTS) {
      const file = await drawn(kind, megapixels, noisy);
      if (file === undefined || file.length > MAX_FILE_BYTES) continue;
      const candidate = await accounted(meter, name, megapixels, file);
      if (candidate === undefined) continue;
      if (most === undefined || candidate.units > most.units) most = candidate;
      // At the same size, less noise costs less.
      break;
    }
  }
  if (most === undefined) console.log(`| ${name} | – | | | | |`);
  else await line(meter, most);
}

async function accounted(
  { server }: Meter,
  name: string,
  megapixels: number,
  file: Uint8Array<ArrayBuffer>,
): Promise<Candidate | undefined> {
  const answer = await fetch(`${server.url}/cost/account`, { method: 'POST', body: file });
  // Written by the Worker of the account (`test/cost/worker.ts`).
  const { units, ways } = (await answer.json()) as Account;
  const [first] = ways ?? [];
  if (units === undefined || first === undefined) return undefined;
  return { name, megapixels, file, units: units + first.units, way: first.name };
}

async function line(meter: Meter, { name, megapixels, file, units, way }: Candidate): Promise<void> {
  const ask = async () => {
    const response = await fetch(`${meter.server.url}/v1/classify`, { method: 'POST', body: file });
    await response.text();
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
  };
  await ask();
  const measured: number[] = [];
  for (let turn = 0; turn < Number(values.repeats); turn++) {
    await meter.calibrate();
    measured.push(await meter.units(ask));
  }
  const { median, low, high } = spreadOf(measured);
  const cost = `${median.toFixed(1)} (${low.toFixed(1)}–${high.toFixed(1)})`;
  const megabytes = (file.length / 1e6).toFixed(1);
  console.log(`| ${name} | ${megapixels || ''} | ${megabytes} | ${way} | ${units.toFixed(1)} | ${cost} |`);
}

/**
 * @param noisy share of the picture that is noise or grain; below it are waves.
 * @returns undefined if the format cannot hold so much noise, as lossy WebP cannot.
 */
async function drawn(
  { channels, encode }: Kind,
  megapixels: number,
  noisy: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const width = 4 * Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3) / 4);
  const height = Math.floor((megapixels * 1e6) / width);
  const samples = new Uint8Array(width * height * channels);
  const end = Math.round(noisy * height) * width * channels;
  let state = 1;
  /** 0 to 1. */
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) / 2 ** 24;
  };
  const grain = () => GRAIN_LEVELS * (random() + random() + random() - 1.5);
  for (let i = 0; i < samples.length; i++) {
    const wave = 128 + 90 * Math.sin((i % (width * channels)) / 111);
    samples[i] = i >= end ? wave : values.grain ? wave + grain() : 256 * random();
  }
  const encoded = await encode(sharp(samples, { raw: { width, height, channels } }))
    .toBuffer()
    .catch(() => undefined);
  return encoded && Uint8Array.from(encoded);
}
