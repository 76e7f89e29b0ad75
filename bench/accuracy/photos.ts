import { readdirSync } from 'node:fs';
import path from 'node:path';

export interface Photo {
  readonly file: string;
  /** WordNet id of the class that it shows, from the file name. */
  readonly synset: string;
}

/** The photos of a folder whose names state their class, as `n01440764_tench.JPEG`, sorted by name. */
export function labelledPhotos(folder: string, limit = Number.POSITIVE_INFINITY): Photo[] {
  const photos = readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const synset = /^(n\d{8})_.*\.(jpe?g|png|webp)$/i.exec(name)?.[1];
      return synset ? [{ file: path.join(folder, name), synset }] : [];
    })
    .slice(0, limit);
  if (photos.length === 0) throw new Error(`${folder} has no photo named like n01440764_tench.JPEG`);
  return photos;
}
