/**
 * Measures the memory and time of each decoder, by encoding and size.
 *
 *     node --import ./bench/wasm-import.ts bench/decoders.ts [--largest 12] [--repeats 5] [--only START] [folder]
 *
 * Every line is measured in its own instances. The memory account and the choice of decoders are based on these tables.
 * Pictures are drawn; those in `folder` are measured too, since HEIC cannot be drawn here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { ImageHeader } from '../src/image/header.ts';
import { sniff } from '../src/image/sniff.ts';
import { JPEG_MEMORY_BYTES } from '../src/image/ways/account.ts';
import { AV1_SHARE, av1Cost } from '../src/image/ways/av1.ts';
import { bytesFor, type Cost, type Share } from '../src/image/ways/cost.ts';
import { MAGICK_SHARE, magickCost } from '../src/image/ways/magick.ts';
import { PHOTON_SHARE, photonCost } from '../src/image/ways/photon.ts';
import { planesWay } from '../src/image/ways/planes.ts';
import { SCALED_SHORT_SIDE } from '../src/image/ways/scale.ts';
import { ENCODINGS, encode } from '../test/pictures/encode.ts';
import { TIFFS_AND_AVIFS } from '../test/pictures/more-encodings.ts';
import type { Size } from '../test/pictures/scenes.ts';
import type { DecoderName, Job, Measured } from './decode-once.ts';

const MIB = 2 ** 20;
const { values, positionals } = parseArgs({
  options: {
    largest: { type: 'string', default: '12' },
    only: { type: 'string', default: '' },
    repeats: { type: 'string', default: '5' },
  },
  allowPositionals: true,
});
const MEGAPIXELS = [0.1, 0.3, 0.5, 1, 2, 4, 8, 12, 24, 50].filter((size) => size <= Number(values.largest));
/** Above this, a decoder that cannot scale is not worth measuring. */
const MAX_UNSCALED_MEGAPIXELS = 12;

type Write = (rgb: Uint8Array, size: Size) => Promise<Uint8Array> | Uint8Array;
const FILES: Readonly<Record<string, Write>> = {
  ...Object.fromEntries(
    ENCODINGS.map((encoding): [string, Write] => [encoding, (rgb, size) => encode(rgb, encoding, size)]),
  ),
  ...TIFFS_AND_AVIFS,
};

console.log(
  '| file | MP | MiB | decoder | memory MiB, once | again | account | B a pixel | first ms | then ms |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|');
for (const [name, write] of Object.entries(FILES)) {
  if (!name.startsWith(values.only)) continue;
  for (const size of MEGAPIXELS.map(landscape)) {
    if (size.width * size.height > MAX_UNSCALED_MEGAPIXELS * 1e6 && !name.startsWith('jpeg')) continue;
    await line(name, await write(draw(size), size));
  }
}
for (const folder of positionals) {
  for (const name of readdirSync(folder)) await line(name, readFileSync(path.join(folder, name)));
}

async function line(name: string, file: Uint8Array): Promise<void> {
  const sniffed = sniff(file);
  if (sniffed.kind !== 'picture') return;
  const { header } = sniffed;
  for (const { decoder, denominator } of ways(header)) {
    const measured = await inThread({ file, decoder, denominator, repeats: Number(values.repeats) });
    const pixels = header.width * header.height;
    const cells = [
      name,
      (pixels / 1e6).toFixed(1),
      mib(file.length),
      decoder + (denominator === 1 ? '' : ` 1/${denominator}`),
      ...(measured === undefined
        ? ['–', '–', '–', '–', '–', '–']
        : [
            ...measured.memoryBytes.map(mib),
            accountText(measured.memoryBytes[0], accountBytes(header, decoder, denominator, file.length)),
            ((measured.memoryBytes[0] - file.length) / pixels).toFixed(1),
            measured.firstMs.toFixed(0),
            measured.thenMs.toFixed(0),
          ]),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function ways(header: ImageHeader): readonly { decoder: DecoderName; denominator: Job['denominator'] }[] {
  const large = header.width * header.height > MAX_UNSCALED_MEGAPIXELS * 1e6;
  const denominators =
    header.format !== 'jpeg'
      ? ([1] as const)
      : ([1, 2, 4, 8] as const).filter((by) =>
          by === 1 ? !large : Math.min(header.width, header.height) / by >= 256,
        );
  const av1 =
    header.format === 'avif' && av1Cost(header) ? ([{ decoder: 'av1', denominator: 1 }] as const) : [];
  const magick = denominators.map((denominator) => ({ decoder: 'magick', denominator }) as const);
  if (header.format === 'webp') {
    const room = Math.min(header.width, header.height) / SCALED_SHORT_SIDE;
    const shrink = ([8, 4, 2] as const).find((by) => room >= by) ?? 1;
    return [{ decoder: 'photon', denominator: 1 }, ...magick, { decoder: 'rows', denominator: shrink }];
  }
  const planes = planesWay.reads(header)
    ? denominators.map((denominator) => ({ decoder: 'planes', denominator }) as const)
    : [];
  return large
    ? [...planes, ...magick]
    : [{ decoder: 'photon', denominator: 1 }, ...planes, ...magick, ...av1];
}

/** The memory according to the account, at least that of a new instance. */
function accountBytes(
  header: ImageHeader,
  decoder: DecoderName,
  denominator: Job['denominator'],
  fileBytes: number,
): number | undefined {
  if (decoder === 'rows') return undefined;
  if (decoder === 'planes') return JPEG_MEMORY_BYTES;
  const [cost, share, leastBytes]: [Cost | undefined, Share, number] =
    decoder === 'photon'
      ? [photonCost(header), PHOTON_SHARE, 0]
      : decoder === 'av1'
        ? [header.format === 'avif' ? av1Cost(header) : undefined, AV1_SHARE, 0]
        : [magickCost(header, denominator), MAGICK_SHARE, 16 * MIB];
  return cost && Math.max(leastBytes, bytesFor(cost, share, header.width * header.height, fileBytes));
}

function accountText(measured: number, expected: number | undefined): string {
  if (expected === undefined) return '–';
  // Memory grows by pages of 64 KiB.
  return measured > expected + 65_536 ? `**${mib(expected)} IS TOO LITTLE**` : mib(expected);
}

function inThread(job: Job): Promise<Measured | undefined> {
  const thread = new Worker(new URL('decode-once.ts', import.meta.url), { workerData: job });
  return new Promise((resolve, reject) => {
    thread.once('message', resolve);
    thread.once('error', reject);
  });
}

function landscape(mega: number): Size {
  const width = Math.round(Math.sqrt((mega * 1e6 * 4) / 3));
  return { width, height: Math.round((mega * 1e6) / width) };
}

/** A smooth picture with a little noise: its file has a usual size for its pixels. */
function draw({ width, height }: Size): Uint8Array {
  const rgb = new Uint8Array(width * height * 3);
  let noise = 1;
  for (let i = 0; i < rgb.length; i++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
    rgb[i] = ((i / (width * 3)) % 200) + ((noise >>> 16) % 12);
  }
  return rgb;
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
