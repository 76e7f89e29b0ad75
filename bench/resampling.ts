/**
 * How close the Worker's 224×224 is to that of other resizes of the same photos.
 *
 *     node --import ./bench/wasm-import.ts bench/resampling.ts FOLDER [--megapixels 12] [--webp] [--limit 300]
 *
 * Without `--megapixels` the photos are sent as they are. With it, each is first enlarged and stored as JPEG, so that
 * the Worker's decoder scales it down; with `--webp` as lossy WebP, which is read by rows above 5 megapixels. The
 * others decode the whole picture by libvips, then resize it:
 * - sharp: `kernel: 'linear'`, which is half an output pixel off centre where it enlarges;
 * - sharp, centred: the same, except that it enlarges by sharp's `affine` with a displacement that corrects this;
 * - written out: the triangle filter of `accuracy/resize.ts`, in floating point.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { labelledPhotos } from './accuracy/photos.ts';
import { SIDE, toTensor } from './accuracy/resize.ts';
import { firstClass, meanDifference, prepared } from './network-input.ts';

const SHORT_SIDE = 256;
const QUALITY = 90;
/** A margin around a picture that is enlarged, so that its border is interpolated with itself. */
const MARGIN = 4;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    megapixels: { type: 'string' },
    limit: { type: 'string' },
    webp: { type: 'boolean', default: false },
  },
});
const [folder] = positionals;
if (folder === undefined) throw new Error('which folder of photos?');

interface Peer {
  readonly name: string;
  readonly input: (upright: Sharp) => Promise<Float32Array>;
}

const PEERS: readonly Peer[] = [
  { name: 'sharp', input: (upright) => bySharp(upright, resized) },
  { name: 'sharp, centred', input: (upright) => bySharp(upright, centred) },
  { name: 'written out', input: writtenOut },
];

const photos = labelledPhotos(folder, values.limit ? Number(values.limit) : undefined);
const compared = PEERS.map((peer) => ({ peer, enlarged: newTally(), shrunk: newTally() }));
for (const { file } of photos) {
  const bytes = await asSent(file);
  const { input, facts } = await prepared(bytes);
  const seen = await firstClass(input);
  const enlarges = Math.min(facts.width, facts.height) < SHORT_SIDE;
  for (const { peer, enlarged, shrunk } of compared) {
    const upright = sharp(bytes).autoOrient().flatten({ background: 'white' }).toColourspace('srgb');
    const theirs = await peer.input(upright);
    const tally = enlarges ? enlarged : shrunk;
    tally.photos++;
    tally.difference += meanDifference(input, theirs);
    if ((await firstClass(theirs)) === seen) tally.same++;
  }
}

console.log(
  '| compared with | photos | same first class | mean absolute difference, of 255 |\n|---|---|--:|--:|',
);
for (const { peer, enlarged, shrunk } of compared) {
  const all = {
    photos: enlarged.photos + shrunk.photos,
    same: enlarged.same + shrunk.same,
    difference: enlarged.difference + shrunk.difference,
  };
  for (const [which, tally] of Object.entries({ all, enlarged, shrunk })) {
    if (tally.photos === 0 || (which !== 'all' && tally.photos === all.photos)) continue;
    const difference = (tally.difference / tally.photos).toFixed(2);
    console.log(`| ${peer.name} | ${which} | ${tally.same} of ${tally.photos} | ${difference} |`);
  }
}

function newTally() {
  return { photos: 0, same: 0, difference: 0 };
}

async function asSent(file: string): Promise<Uint8Array> {
  const bytes = readFileSync(file);
  if (values.megapixels === undefined) return bytes;
  const { width, height } = await sharp(bytes).metadata();
  const scale = Math.sqrt((Number(values.megapixels) * 1e6) / (width * height));
  const large = sharp(bytes).resize(Math.round(width * scale), Math.round(height * scale), { fit: 'fill' });
  const encoded = values.webp
    ? large.toColourspace('srgb').webp({ quality: QUALITY, effort: 0 })
    : large.jpeg({ quality: QUALITY });
  return new Uint8Array(await encoded.toBuffer());
}

interface Whole {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

/** A picture of at least the target's size, which begins at `left` and `top`. */
interface Resized extends Whole {
  readonly left: number;
  readonly top: number;
}

type Resize = (whole: Whole, across: number, down: number) => Promise<Resized>;

async function bySharp(upright: Sharp, resize: Resize): Promise<Float32Array> {
  const whole = await rawOf(upright);
  const scale = SHORT_SIDE / Math.min(whole.width, whole.height);
  const [across, down] = [whole.width, whole.height].map((side) =>
    Math.max(SHORT_SIDE, Math.round(side * scale)),
  ) as [number, number];
  const { data, width, channels, left, top } = await resize(whole, across, down);
  const [cutLeft, cutTop] = [across, down].map((side) => Math.floor((side - SIDE) / 2)) as [number, number];
  const input = new Float32Array(3 * SIDE * SIDE);
  for (let i = 0; i < input.length; i++) {
    const [channel, pixel] = [Math.floor(i / SIDE ** 2), i % SIDE ** 2];
    const [x, y] = [left + cutLeft + (pixel % SIDE), top + cutTop + Math.floor(pixel / SIDE)];
    input[i] = (data[(y * width + x) * channels + channel] ?? Number.NaN) / 127.5 - 1;
  }
  return input;
}

async function resized({ data, ...raw }: Whole, across: number, down: number): Promise<Resized> {
  const image = sharp(data, { raw }).resize(across, down, { fit: 'fill', kernel: 'linear' });
  return { ...(await rawOf(image)), left: 0, top: 0 };
}

/** libvips puts sample n of an enlarged picture at n / scale; its centre is at (n + ½) / scale − ½. */
async function centred(whole: Whole, across: number, down: number): Promise<Resized> {
  const { data, ...raw } = whole;
  if (across <= raw.width) return resized(whole, across, down);
  const edges = { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN };
  const padded = await rawOf(sharp(data, { raw }).extend({ ...edges, extendWith: 'copy' }));
  const [x, y] = [across / raw.width, down / raw.height];
  const [left, top] = [Math.ceil(MARGIN * x), Math.ceil(MARGIN * y)];
  const { data: pixels, ...size } = padded;
  const image = sharp(pixels, { raw: size }).affine([x, 0, 0, y], {
    interpolator: 'bilinear',
    odx: left - MARGIN * x + x / 2 - 0.5,
    ody: top - MARGIN * y + y / 2 - 0.5,
  });
  return { ...(await rawOf(image)), left, top };
}

async function rawOf(image: Sharp): Promise<Whole> {
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: info.channels };
}

async function writtenOut(upright: Sharp): Promise<Float32Array> {
  const { data, info } = await upright.raw().toBuffer({ resolveWithObject: true });
  return toTensor({ data, ...info });
}
