/** The picture files of a folder. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** The bytes decide what a file is; its name only decides whether to try it. */
const EXTENSIONS = /\.(jpe?g|jfif|png|webp|gif|bmp|tiff?|ico|avif|hei[cf])$/i;

/** @returns paths below the folder with `/`, sorted, so that the list is the same on every machine. */
export async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && EXTENSIONS.test(entry.name))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}
