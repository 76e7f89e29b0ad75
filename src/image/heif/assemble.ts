/**
 * Assembles a HEIF picture from its pieces: only those under the crop are decoded, each is reduced as it arrives, and
 * the result is laid on white if there is alpha.
 *
 * A decoder that assembles the picture itself holds it three times, 90 MiB for 12 megapixels. This holds one piece at a
 * time, and the result at a quarter or an eighth of the picture's width and height.
 */
import { AS_IT_IS, conversionFor } from '../colour/matrix.ts';
import type { HeifHeader, HeifThumbnail, Region, Size } from '../header.ts';
import type { Pixels } from '../pixels.ts';
import { codedPieces, type Pieces } from './coded.ts';
import type { CodedPicture } from './container.ts';
import { type Cover, createMosaic, type Mosaic, type Piece } from './mosaic.ts';
import { overlap, seenRegion, tileRegion } from './seen.ts';

/** A picture and its index among all. */
export interface Placed {
  readonly index: number;
  readonly picture: CodedPicture;
}

/**
 * Decodes pictures one after the other and passes each to `use`, in place.
 *
 * @returns whether all were decoded, and `use` accepted all.
 */
export type PieceDecoder = (
  pictures: readonly Placed[],
  use: (piece: Piece, index: number) => boolean,
) => Promise<boolean>;

/** Side of the largest blocks of HEVC. */
const BLOCK_PIXELS = 64;

/**
 * @param shrink factor by which width and height are reduced: 1, 2, 4 or 8.
 * @returns undefined if a piece cannot be decoded, or has a wrong size. Pixels that the resize does not read are left
 *   black.
 */
export async function assemble(
  decode: PieceDecoder,
  bytes: Uint8Array,
  header: HeifHeader,
  shrink: number,
): Promise<Pixels | undefined> {
  const { aperture, coded, alpha } = header;
  const colours = codedPieces(bytes, header, header.itemId);
  if (!isOfSize(colours, coded)) return undefined;
  const seen = seenRegion(aperture, shrink);
  if (alpha === undefined) return put(decode, colours, aperture, seen, shrink);
  const covering = codedPieces(bytes, header, alpha.itemId);
  if (!isOfSize(covering, coded)) return undefined;
  const opacity = await put(firstPlaneOnly(decode), covering, aperture, seen, 1);
  if (opacity === undefined) return undefined;
  const cover = { alpha: opacity.data, isPremultiplied: alpha.isPremultiplied };
  return put(decode, colours, aperture, seen, shrink, cover);
}

/** A smaller copy within the file, whose size may differ from the stated one: then all of it is used. */
export async function assembleThumbnail(
  decode: PieceDecoder,
  bytes: Uint8Array,
  header: HeifHeader,
  { itemId, aperture }: HeifThumbnail,
): Promise<Pixels | undefined> {
  const pieces = codedPieces(bytes, header, itemId);
  const [picture] = pieces?.pictures ?? [];
  if (pieces === undefined || picture === undefined) return undefined;
  let pixels: Pixels | undefined;
  await decode([{ picture, index: 0 }], (piece) => {
    const { width, height } = piece;
    const region = isRoundedUp(piece, picture) ? aperture : { left: 0, top: 0, width, height };
    const mosaic = createMosaic(region, 1, piece);
    mosaic.add(piece, 0, 0);
    pixels = mosaic.pixels();
    return true;
  });
  return pixels;
}

async function put(
  decode: PieceDecoder,
  { grid, pictures }: Pieces,
  region: Region,
  seen: Region,
  shrink: number,
  cover?: Cover,
): Promise<Pixels | undefined> {
  let mosaic: Mosaic | undefined;
  let first: Piece | undefined;
  const needed = pictures
    .map((picture, index) => ({ picture, index }))
    .filter(({ index }) => overlap(tileRegion(grid, index), seen));
  const isWhole = await decode(needed, (piece, index) => {
    first ??= piece;
    if (!isRoundedUp(piece, grid) || !isAlike(piece, first)) return false;
    mosaic ??= createMosaic(region, shrink, piece, cover);
    const { left, top, width, height } = tileRegion(grid, index);
    mosaic.add({ ...piece, width, height }, left, top);
    return true;
  });
  return isWhole ? mosaic?.pixels() : undefined;
}

/** Whether a piece has the right size, or exceeds it by less than a block at its right and bottom. */
function isRoundedUp(piece: Size, stated: Size): boolean {
  return [piece.width - stated.width, piece.height - stated.height].every(
    (more) => more >= 0 && more < BLOCK_PIXELS,
  );
}

/** The alpha of a picture: it has no colours, and its own range. */
function firstPlaneOnly(decode: PieceDecoder): PieceDecoder {
  return (pictures, use) =>
    decode(pictures, (piece, index) => {
      const conversion = piece.isNarrow ? conversionFor('grey', false) : AS_IT_IS;
      return use({ ...piece, planes: piece.planes.slice(0, 1), conversion }, index);
    });
}

/** Whether the samples of both have the same meaning. */
function isAlike(one: Piece, other: Piece): boolean {
  return (
    one.planes.length === other.planes.length &&
    JSON.stringify(one.conversion.rows) === JSON.stringify(other.conversion.rows)
  );
}

function isOfSize(pieces: Pieces | undefined, { width, height }: Size): pieces is Pieces {
  return pieces !== undefined && pieces.size.width === width && pieces.size.height === height;
}
