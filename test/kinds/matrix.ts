/** The rows of the matrix, as `encode.py` writes them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp, { type FormatEnum } from 'sharp';

interface Written {
  readonly format: string;
  /** What distinguishes the file from others of its format. */
  readonly kind: string;
  readonly size: 'small' | 'middle' | 'large';
  /** Path in the folder of the matrix. */
  readonly file: string;
}

/** What sharp writes the file from. */
interface Order {
  /** Path in the folder of the matrix. */
  readonly pixels: string;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly options: object;
}

/** A file, and what it must show. */
export interface Row extends Written {
  readonly refused?: never;
  readonly sharp?: Order;
  /** Size of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  readonly orientation: number;
  readonly animated: boolean;
  /** Whether the file shows only approximately the picture that it was made from. */
  readonly lossy: boolean;
  /** The picture, upright and on white: a file of height × width × 3 bytes. */
  readonly shows: string;
  /** The same with transparent pixels shown; absent if there are none. */
  readonly opaque?: string;
  /** Why no other decoder confirms what it shows. */
  readonly alone?: string;
}

/** A file of a kind that is not read. */
export interface Refused extends Written {
  /** The code of the refusal. */
  readonly refused: string;
}

/**
 * Writes every file.
 *
 * @param python an interpreter with the packages of `test/reference/requirements.txt`.
 * @param formats all if empty.
 */
export async function written(
  python: string,
  folder: string,
  formats: readonly string[],
): Promise<readonly (Row | Refused)[]> {
  const child = spawn(python, [path.join(import.meta.dirname, 'encode.py'), folder, ...formats], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`encode.py ended with ${code}`);
  const rows = rowsIn(folder);
  for (const row of rows) {
    if (row.refused === undefined && row.sharp !== undefined) await bySharp(folder, row, row.sharp);
  }
  return rows;
}

async function bySharp(folder: string, { file, format }: Written, order: Order): Promise<void> {
  const { pixels, width, height, channels, options } = order;
  const raw = { width, height, channels };
  const image = sharp(readFileSync(path.join(folder, pixels)), { raw });
  await image.toFormat(format as keyof FormatEnum, options).toFile(path.join(folder, file));
}

export function rowsIn(folder: string): readonly (Row | Refused)[] {
  // As rows.py writes it.
  return JSON.parse(readFileSync(path.join(folder, 'matrix.json'), 'utf8')) as (Row | Refused)[];
}

export function nameOf({ format, kind, size }: Written): string {
  return `${format} ${size}: ${kind}`;
}
