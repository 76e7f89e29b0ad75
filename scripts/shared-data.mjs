import { existsSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from './toolchain.mjs';

const folder = path.join(PROJECT, '..', 'shared', 'data');

/** Photos and weights that are too large for the repository, or not ours to include. */
export const SHARED = {
  weights: path.join(folder, 'weights', 'mobilenet_v3_small_100_224_int8_ptq.tflite'),
  synsets: path.join(folder, 'imagenet_synsets.tsv'),
  photos: path.join(folder, 'images'),
};

/**
 * @param {string[]} files
 * @returns {{ skipped: string } | undefined} the reason to skip a step, if one of the files is missing
 */
export function withoutShared(...files) {
  const missing = files.find((file) => !existsSync(file));
  return missing ? { skipped: `${path.relative(PROJECT, missing)} is not there` } : undefined;
}
