/** The pictures below a folder, recognised by their first bytes, whatever their names. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const STARTS: readonly (readonly [format: string, start: string])[] = [
  ['jpeg', '\xff\xd8\xff'],
  ['png', '\x89PNG\r\n\x1a\n'],
  ['gif', 'GIF8'],
  ['bmp', 'BM'],
  ['tiff', 'II*\0'],
  ['tiff', 'MM\0*'],
  ['bigtiff', 'II+\0'],
  ['bigtiff', 'MM\0+'],
  ['ico', '\0\0\x01\0'],
];
const HEIF_BRANDS: Readonly<Record<string, string>> = {
  avif: 'avif',
  avis: 'avif',
  heic: 'heic',
  heix: 'heic',
  hevc: 'heic',
  mif1: 'heif',
  msf1: 'heif',
};

export interface PictureFile {
  readonly file: string;
  readonly format: string;
}

/** Sorted by name. */
export function picturesBelow(folder: string): readonly PictureFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .flatMap((file) => {
      const format = formatOf(readFileSync(file).subarray(0, 16).toString('latin1'));
      return format === undefined ? [] : [{ file, format }];
    });
}

function formatOf(start: string): string | undefined {
  if (start.startsWith('RIFF') && start.slice(8, 12) === 'WEBP') return 'webp';
  if (start.slice(4, 8) === 'ftyp') return HEIF_BRANDS[start.slice(8, 12)];
  return STARTS.find(([, bytes]) => start.startsWith(bytes))?.[0];
}
