/** Requests whose form, JSON or compression is the bomb, and batches of the costliest pictures that are accepted. */
import { gzipSync } from 'node:zlib';
import { flatJpeg } from '../pictures/flat-jpeg.ts';
import { type Bomb, BYTE_SIZES, filledWith, joined, MIB, times } from './bomb.ts';
import { EMPTY_BLOCKS } from './deflate.ts';
import { GIF_BOMBS } from './gif.ts';
import { PNG_BOMBS } from './png.ts';

const BOUNDARY = 'b';
const FORM = `multipart/form-data; boundary=${BOUNDARY}`;
const JSON_TYPE = 'application/json';
const LINES = 'application/x-ndjson';
/** Just below the largest JSON body. */
const JSON_SIZES = [MIB, 12 * MIB - 1024] as const;
const LARGEST_FORM_BYTES = 60 * MIB - 1024;
const MAX_ITEMS = 32;

const photo = flatJpeg({ width: 640, height: 480 }, 2, 2);

function part(content: Uint8Array, name = 'image', more = ''): Uint8Array {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"; filename="a"\r\n${more}\r\n`;
  return joined(head, content, '\r\n');
}

const END = `--${BOUNDARY}--\r\n`;
const form = (...parts: readonly Uint8Array[]) => joined(...parts, END);

const forms: readonly Bomb[] = (
  [
    {
      name: 'form: parts',
      sizes: [1000, 250_000],
      unit: 'parts',
      make: (count) => form(times(part(new Uint8Array(), 'x'), count), part(photo)),
    },
    {
      name: 'form: what is nearly a boundary',
      sizes: BYTE_SIZES,
      unit: 'bytes',
      make: (bytes) => form(part(filledWith([0x0d, 0x0a, 0x2d, 0x2d, 0x0d], bytes - 1000))),
    },
    {
      name: 'form: header lines of a part',
      sizes: BYTE_SIZES,
      unit: 'bytes',
      make: (bytes) => form(part(photo, 'image', 'a: b\r\n'.repeat(Math.floor(bytes / 6) - 6000))),
    },
    {
      name: 'form: bytes before the first boundary',
      sizes: BYTE_SIZES,
      unit: 'bytes',
      make: (bytes) => joined(filledWith([0x2d, 0x2d], bytes - 40_000), '\r\n', form(part(photo))),
    },
  ] satisfies readonly Bomb[]
).map((bomb) => ({ ...bomb, contentType: FORM }));

const repeated = (text: string, bytes: number) => text.repeat(Math.floor(bytes / text.length));

const texts: readonly Bomb[] = [
  { name: 'JSON: arrays in arrays', text: (bytes: number) => repeated('[', bytes) },
  {
    name: 'JSON: arrays in arrays, as many as are taken',
    text: () => `{"image":${'['.repeat(9000)}${']'.repeat(9000)}}`,
  },
  {
    name: 'JSON: keys',
    text: (bytes: number) =>
      `{"image":"",${Array.from({ length: 9000 }, (_, i) => `"${i}${'k'.repeat(Math.floor(bytes / 9100) - 12)}":0`).join(',')}}`,
  },
  { name: 'JSON: escapes', text: (bytes: number) => `{"image":"${repeated('\\u0041', bytes - 100)}"}` },
  { name: 'JSON: space', text: (bytes: number) => `${' '.repeat(bytes - 100)}{"image":""}` },
  {
    name: 'JSON: base64 of line breaks',
    text: (bytes: number) => `{"image":"${repeated('\\n', bytes - 100)}AAAA"}`,
  },
  {
    name: 'JSON: a data URL of percent signs',
    text: (bytes: number) => `{"image":"data:image/png,${repeated('%41', bytes - 100)}"}`,
  },
].map(
  ({ name, text }): Bomb => ({
    name,
    sizes: JSON_SIZES,
    unit: 'bytes',
    contentType: JSON_TYPE,
    make: (bytes) => joined(text(bytes)),
  }),
);

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** Pictures that cost nearly as much as is accepted, each with its number of pixels. */
const costly = {
  JPEG: async () => flatJpeg({ width: 4000, height: 3000 }, 1, 1),
  PNG: async () => made(PNG_BOMBS, 'PNG: black', 3300),
  GIF: async () => made(GIF_BOMBS, 'GIF: codes of growing', 3300),
} as const;

async function made(bombs: readonly Bomb[], name: string, size: number): Promise<Uint8Array> {
  const bomb = bombs.find((one) => one.name.startsWith(name));
  if (bomb === undefined) throw new Error(`no bomb is called ${name}`);
  return bomb.make(size);
}

const batches: readonly Bomb[] = Object.entries(costly)
  .flatMap(([what, picture]): Bomb[] => [
    {
      name: `batch, form: ${what} of 11 and 12 megapixels`,
      sizes: [4, MAX_ITEMS],
      unit: 'pictures',
      path: '/v1/batch',
      contentType: FORM,
      make: async (count) => form(times(part(await picture()), count)),
    },
    {
      name: `batch, NDJSON: ${what} of 11 and 12 megapixels`,
      sizes: [4, MAX_ITEMS],
      unit: 'pictures',
      path: '/v1/batch',
      contentType: JSON_TYPE,
      accept: LINES,
      make: async (count) =>
        joined(JSON.stringify({ images: new Array<string>(count).fill(base64(await picture())) })),
    },
  ])
  .map((bomb) => ({ ...bomb, isBatch: true }));

/** Sent uncompressed: their own compression is what takes the time. */
const coded: readonly Bomb[] = [
  ...Object.entries(EMPTY_BLOCKS).flatMap(([what, piece]): Bomb[] => [
    {
      name: `gzip: ${what}`,
      sizes: BYTE_SIZES,
      unit: 'bytes',
      coding: 'gzip',
      make: (bytes) => joined(GZIP_HEAD, filledWith(piece, bytes - 2000)),
    },
    {
      // As many as are accepted with so much content, which costs little itself.
      name: `gzip: ${what}, after as much content`,
      sizes: BYTE_SIZES,
      unit: 'bytes',
      coding: 'gzip',
      make: (bytes) => {
        const content = gzipSync(new Uint8Array(bytes / 2 - 5000), { level: 0 });
        return joined(content, GZIP_HEAD, filledWith(piece, content.length - 2000));
      },
    },
  ]),
  {
    name: 'gzip: members, empty',
    sizes: BYTE_SIZES,
    unit: 'bytes',
    coding: 'gzip',
    make: (bytes) => joined(filledWith(gzipSync(new Uint8Array()), bytes - 1000), gzipSync(photo)),
  },
  {
    name: 'gzip: zeros without end',
    sizes: [100, 10_000],
    unit: 'MiB inflated',
    coding: 'gzip',
    make: (mebibytes) => times(gzipSync(new Uint8Array(MIB)), mebibytes),
  },
];
const GZIP_HEAD = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];

const others: readonly Bomb[] = [
  {
    name: 'batch, form: parts of no picture',
    sizes: [1000, LARGEST_FORM_BYTES / 80],
    unit: 'parts',
    path: '/v1/batch',
    contentType: FORM,
    make: (count) => form(times(part(new Uint8Array()), Math.floor(count)), part(photo)),
  },
  {
    name: 'batch, JSON: pictures of no byte',
    sizes: [1000, 9000],
    unit: 'pictures',
    path: '/v1/batch',
    contentType: JSON_TYPE,
    make: (count) => joined(JSON.stringify({ images: new Array<string>(count).fill('') })),
  },
  {
    name: 'Workers AI: a list of bytes',
    sizes: [MIB, 8 * MIB - 1024],
    unit: 'bytes',
    path: '/client/v4/accounts/a/ai/run/@cf/microsoft/resnet-50',
    contentType: JSON_TYPE,
    make: (bytes) => joined(`{"image":[${repeated('7,', bytes - 100)}7]}`),
  },
];

export const REQUEST_BOMBS: readonly Bomb[] = [...forms, ...texts, ...coded, ...batches, ...others];
