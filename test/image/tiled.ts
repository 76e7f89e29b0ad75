/** A tiled AVIF, as phones write pictures. */
import { provided } from '../pictures/provided.ts';
import { gridData, ispe } from './boxes.ts';
import { fileOf, single } from './heif-files.ts';

/** Twelve tiles of 512×512 for a picture of 2000×1500, and a thumbnail. */
export function tiledPicture(): Uint8Array {
  const tiles = Array.from({ length: 12 }, (_, i) => single(provided(`tile-${i}.avif`)));
  const ids = tiles.map((_, i) => 10 + i);
  const small = single(provided('thumbnail.avif'));
  return fileOf(
    'avif',
    [
      { id: 1, type: 'grid', properties: [ispe(2000, 1500)], data: { method: 1, at: 0, bytes: 8 } },
      { id: 2, type: 'av01', properties: [small.configuration, ispe(320, 240)], coded: small.data },
      ...tiles.map(({ configuration, data }, i) => ({
        id: ids[i] ?? 0,
        type: 'av01',
        properties: [configuration, ispe(512, 512)],
        coded: data,
      })),
    ],
    [
      ['dimg', 1, ...ids],
      ['thmb', 2, 1],
    ],
    gridData(4, 3, 2000, 1500),
  );
}
