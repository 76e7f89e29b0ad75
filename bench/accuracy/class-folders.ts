import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** Pictures of some classes, which a collection is to tell apart. */
export interface PictureSet {
  readonly name: string;
  readonly pictures: readonly LabelledPicture[];
  /** Sorted by name. */
  readonly labels: readonly string[];
}

export interface LabelledPicture {
  readonly file: string;
  readonly label: string;
}

const PICTURE = /\.(jpe?g|png|webp|gif|bmp|tiff?|avif|hei[cf])$/i;

/** Reads a folder with a folder for each class, or a folder of such folders. */
export function pictureSets(folder: string): PictureSet[] {
  const inner = foldersIn(folder);
  const isSets = inner.some((name) => foldersIn(path.join(folder, name)).length > 0);
  const sets = isSets ? inner.map((name) => path.join(folder, name)) : [folder];
  return sets.map(pictureSet);
}

function pictureSet(folder: string): PictureSet {
  const labels = foldersIn(folder);
  const pictures = labels.flatMap((label) =>
    filesIn(path.join(folder, label)).map((file) => ({ file, label })),
  );
  if (labels.length < 2 || pictures.length === 0)
    throw new Error(`${folder} has no folder of pictures for each of two classes or more`);
  return { name: path.basename(folder), pictures, labels };
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && statSync(path.join(folder, name)).isDirectory())
    .sort();
}

/** Picture files, sorted by name. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => PICTURE.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

/** Picture files of a folder and of those below it, sorted by path. */
export function picturesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => PICTURE.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}
