/** Smaller copies of a picture, and their visible part. */
import type { HeifThumbnail, Region, Size } from '../header.ts';
import type { Box } from './boxes.ts';
import type { Tables } from './heif-items.ts';
import { lengthOf, locationsOf } from './heif-locations.ts';
import { codingOf, sizeOf } from './heif-properties.ts';
import { transformed } from './heif-transformations.ts';

interface Original {
  readonly coded: Size;
  readonly aperture: Region;
}

/** @param ids of items that are coded in one piece. */
export function thumbnailsOf(
  tables: Tables,
  ids: readonly number[],
  own: (id: number) => readonly Box[],
  original: Original,
): HeifThumbnail[] {
  const locations = locationsOf(tables, new Set(ids));
  return ids
    .flatMap((itemId): HeifThumbnail[] => {
      const [size, coding] = [sizeOf(tables.bytes, own(itemId)), codingOf(tables.bytes, own(itemId))];
      if (size === undefined || coding === undefined) return [];
      const { aperture } = transformed(tables.bytes, size, own(itemId));
      const isCut = aperture.width !== size.width || aperture.height !== size.height;
      const { samplesPerPixel, bitDepth } = coding;
      const dataBytes = lengthOf(locations.get(itemId) ?? []);
      const seen = isCut ? aperture : asCut(size, original);
      return [{ itemId, ...size, samplesPerPixel, bitDepth, aperture: seen, dataBytes }];
    })
    .sort((one, other) => one.width * one.height - other.width * other.height);
}

/**
 * A thumbnail without its own clean aperture shows either the whole coded picture or its clean aperture: its aspect
 * ratio tells which.
 */
function asCut({ width, height }: Size, { coded, aperture }: Original): Region {
  const unlike = (other: Size) => Math.abs(Math.log((width * other.height) / (height * other.width)));
  if (unlike(aperture) <= unlike(coded)) return { left: 0, top: 0, width, height };
  const [across, down] = [width / coded.width, height / coded.height];
  return {
    left: Math.round(aperture.left * across),
    top: Math.round(aperture.top * down),
    width: Math.max(1, Math.floor(aperture.width * across)),
    height: Math.max(1, Math.floor(aperture.height * down)),
  };
}
