/**
 * What decoding costs photon in memory and time, for every encoding of a picture.
 *
 *     node bench/photon-memory.ts [largest megapixels, default 12]
 *
 * Prints the figures that the memory account is based on: bytes per pixel by encoding, whether a freed picture's memory
 * is reused, and how far an instance that has decoded many pictures of many sizes grows beyond what the costliest of
 * them takes alone.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { ENCODINGS, type Encoding, encode } from '../test/pictures/encode.ts';
import type { Size } from '../test/pictures/scenes.ts';

const MIB = 2 ** 20;
const MEGAPIXELS = [0.3, 1, 2, 4, 8, 12].filter((size) => size <= Number(process.argv[2] ?? 12));
/** The instance itself, and what does not grow with the picture: tables, windows, rounding up to pages. */
const FIXED_BYTES = 2 * MIB;
const MIXED_DECODES = 200;
const MIXED_MAX_MEGAPIXELS = 4;

interface Photon {
  readonly memory: WebAssembly.Memory;
  __wbindgen_start(): void;
  __wbindgen_malloc(bytes: number, align: number): number;
  photonimage_new_from_byteslice(at: number, bytes: number): number;
  __wbg_photonimage_free(image: number, unused: number): void;
}

interface Sample {
  readonly pixels: number;
  readonly inputBytes: number;
  readonly memoryBytes: number;
  readonly milliseconds: number;
}

const photonModule = new WebAssembly.Module(
  readFileSync(createRequire(import.meta.url).resolve('@cf-wasm/photon/photon.wasm')),
);

/** No import is called while decoding, so each may be empty. */
function instantiate(): Photon {
  const imports: Record<string, () => void> = {};
  for (const { name } of WebAssembly.Module.imports(photonModule)) {
    imports[name] = () => {};
  }
  const instance = new WebAssembly.Instance(photonModule, { './photon_rs_bg.js': imports });
  // The module exports no types; the names are those of the pinned package.
  const photon = instance.exports as unknown as Photon;
  photon.__wbindgen_start();
  return photon;
}

function decodeAndFree(photon: Photon, file: Uint8Array, { width, height }: Size): void {
  const at = photon.__wbindgen_malloc(file.length, 1) >>> 0;
  new Uint8Array(photon.memory.buffer).set(file, at);
  const image = photon.photonimage_new_from_byteslice(at, file.length) >>> 0;
  // struct PhotonImage: borrow flag, pixel capacity, pixel address, pixel bytes, width, height; u32 each.
  const [borrowed, , pixels = 0, bytes, w, h] = new Uint32Array(photon.memory.buffer, image, 6);
  const alpha = new Uint8Array(photon.memory.buffer)[pixels + width * height * 4 - 1];
  if (borrowed !== 0 || bytes !== width * height * 4 || w !== width || h !== height || alpha !== 255) {
    throw new Error('the layout of PhotonImage has changed');
  }
  photon.__wbg_photonimage_free(image, 0);
}

function measure(file: Uint8Array, size: Size): Sample {
  const photon = instantiate();
  const start = performance.now();
  decodeAndFree(photon, file, size);
  return {
    pixels: size.width * size.height,
    inputBytes: file.length,
    memoryBytes: photon.memory.buffer.byteLength,
    milliseconds: performance.now() - start,
  };
}

/** 4:3, or 3:4. `grain`, 0–255, is noise on a smooth picture: it makes the file larger, not the picture. */
function draw(megapixels: number, grain: number): { size: Size; rgb: Uint8Array } {
  const width = Math.round(Math.sqrt((megapixels * 1e6 * 4) / 3));
  const size = { width, height: Math.round((megapixels * 1e6) / width) };
  const rgb = new Uint8Array(size.width * size.height * 3);
  let noise = 1;
  for (let i = 0; i < rgb.length; i++) {
    noise = (Math.imul(noise, 1664525) + 1013904223) | 0;
    rgb[i] = ((i / (size.width * 3)) % 200) + (((noise >>> 16) * grain) >>> 16);
  }
  return { size, rgb };
}

/**
 * Copies of the file that exist at the peak. WebP chunks are read into a buffer that doubles as it grows, in addition
 * to the copy passed in; the other decoders read that copy in place.
 */
function inputCopies(encoding: Encoding): number {
  return encoding.startsWith('webp') ? 3 : 1;
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}

console.log(`A new instance holds ${mib(instantiate().memory.buffer.byteLength)} MiB. Below, memory is`);
console.log(`${mib(FIXED_BYTES)} MiB + bytes a pixel × pixels + input copies × bytes of the file.\n`);
console.log(
  '| encoding | bytes a pixel, least | most | input copies | largest: MP, input MiB, memory MiB | ms a MP |',
);
console.log('|---|---|---|---|---|---|');
for (const encoding of ENCODINGS) {
  const samples: Sample[] = [];
  for (const megapixels of MEGAPIXELS) {
    for (const grain of [0, 55]) {
      const { size, rgb } = draw(megapixels, grain);
      samples.push(measure(await encode(rgb, encoding, size), size));
    }
  }
  const copies = inputCopies(encoding);
  const perPixel = samples.map((s) => (s.memoryBytes - FIXED_BYTES - copies * s.inputBytes) / s.pixels);
  const largest = samples.reduce((a, b) => (b.memoryBytes >= a.memoryBytes ? b : a));
  const cells = [
    encoding,
    Math.min(...perPixel).toFixed(2),
    Math.max(...perPixel).toFixed(2),
    copies,
    `${(largest.pixels / 1e6).toFixed(1)}, ${mib(largest.inputBytes)}, ${mib(largest.memoryBytes)}`,
    (largest.milliseconds / (largest.pixels / 1e6)).toFixed(0),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}

console.log('\n| encoding | MiB after one decode | after a second of the same size | after ten |');
console.log('|---|---|---|---|');
for (const encoding of ENCODINGS) {
  const { size, rgb } = draw(2, 8);
  const file = await encode(rgb, encoding, size);
  const photon = instantiate();
  const memory: number[] = [];
  for (let i = 0; i < 10; i++) {
    decodeAndFree(photon, file, size);
    memory.push(photon.memory.buffer.byteLength);
  }
  console.log(`| ${encoding} | ${[0, 1, 9].map((i) => mib(memory[i] ?? 0)).join(' | ')} |`);
}

let dearest = 0;
const lived = instantiate();
const seeds = Array.from({ length: MIXED_DECODES }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 0) / 2 ** 32);
for (const [i, seed] of seeds.entries()) {
  const encoding: Encoding = ENCODINGS[i % ENCODINGS.length] ?? 'png-rgb8';
  const { size, rgb } = draw(0.05 + seed * (MIXED_MAX_MEGAPIXELS - 0.05), 8);
  const file = await encode(rgb, encoding, size);
  dearest = Math.max(dearest, measure(file, size).memoryBytes);
  decodeAndFree(lived, file, size);
}
const grown = lived.memory.buffer.byteLength;
console.log(
  `\n${MIXED_DECODES} decodes of all encodings, 0.05 to ${MIXED_MAX_MEGAPIXELS} MP, in one instance: ${mib(grown)} MiB;` +
    ` the dearest alone ${mib(dearest)} MiB (${(grown / dearest).toFixed(2)} times).`,
);
