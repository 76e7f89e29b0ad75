import { readdirSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from './toolchain.mjs';

const NOT_OURS = new Set(['node_modules', 'dist', 'build', 'vendor', '__pycache__']);

/**
 * The project's own files, as paths with `/`.
 *
 * @param {string} [folder] below the project
 * @returns {string[]}
 */
export function files(folder = '') {
  return readdirSync(path.join(PROJECT, folder), { withFileTypes: true }).flatMap((entry) => {
    const place = path.posix.join(folder, entry.name);
    if (entry.isFile()) return [place];
    return entry.isDirectory() && !entry.name.startsWith('.') && !NOT_OURS.has(entry.name)
      ? files(place)
      : [];
  });
}
