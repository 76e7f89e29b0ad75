/** Decodes a picture by a chosen way. */
import { decodeBmp, decodeIconBitmap } from './bmp/decode.ts';
import { decodeGif } from './gif/decode.ts';
import type { HeifHeader, ImageHeader, Size } from './header.ts';
import { assemble, assembleThumbnail } from './heif/assemble.ts';
import { av1Pieces } from './heif/av1-pieces.ts';
import { magickPieces } from './heif/magick-pieces.ts';
import { decodeJpeg } from './jpeg/decode.ts';
import { jpegMemoryBytes } from './jpeg/kernel.ts';
import { createMagickDecoder, isMagickReadable, type MagickTask } from './magick/magick.ts';
import { type NotingMemory, notingMemory } from './magick/noting-memory.ts';
import type { Outcome } from './outcome.ts';
import { partsOf } from './parts/parts.ts';
import { createPhotonDecoder, type PhotonDecoder, type PhotonStats } from './photon.ts';
import type { Picture, Pixels } from './pixels.ts';
import { decodePng } from './png/decode.ts';
import { decodeDc } from './progressive/dc.ts';
import { type Shrink, shrunkSize } from './shrink.ts';
import { decodeTiff } from './tiff/decode.ts';
import { decodeTiffPieces } from './tiff/pieces.ts';
import { createTurns, inParts, paceOf, type Turn, type Turns, type Work } from './turns.ts';
import { MAGICK_MEMORY_BYTES } from './ways/account.ts';
import { av1Bytes } from './ways/av1.ts';
import type { InnerWay, Way, WholeWay } from './ways/way.ts';
import { decodeWebp } from './webp/decode.ts';
import { hasTooManyGroups } from './webp/groups.ts';

export interface Decoder {
  /**
   * Decodes a picture and passes it, as stored, to `use`.
   *
   * @param way one of those that `waysFor` returned for the picture.
   * @returns the result of `use`; or not ok if the bytes cannot be decoded, which may only show in `use`, or not within
   *   the decoder's memory.
   */
  decode<T>(
    bytes: Uint8Array,
    header: ImageHeader,
    way: Way,
    use: (picture: Picture) => T | undefined,
  ): Promise<Outcome<T>>;
  stats(): DecoderStats;
}

export interface DecoderStats {
  readonly photon: PhotonStats;
  /** Bytes of our own JPEG decoder's wasm memory, which all decoders here share; 0 before it was first needed. */
  readonly jpegBytes: number;
  /** Bytes of magick's wasm memory; 0 before it was first needed. */
  readonly magickBytes: number;
}

/** All decoders of an isolate share the wasm memories; a test may have its own. */
const TURNS = createTurns();

export function createDecoder(photon: PhotonDecoder = createPhotonDecoder(), turns: Turns = TURNS): Decoder {
  const magick = createMagickDecoder();

  const decode = async <T>(
    bytes: Uint8Array,
    header: ImageHeader,
    way: Way,
    use: (picture: Picture) => T,
    turn: Turn,
  ): Promise<Outcome<T>> => {
    switch (way.decoder) {
      case 'photon':
        return flat(photon.decode(partsOf(bytes, header), ifOfSize(header, 1, use)));
      case 'planes':
        return used(header.format === 'jpeg' ? decodeJpeg(bytes, header, way.shrink) : undefined, use);
      case 'magick':
        if (header.format === 'webp' && hasTooManyGroups(bytes, header)) return { ok: false };
        return flat(
          await magick.decode(magickTask(bytes, header, way.shrink), ifOfSize(header, way.shrink, use)),
        );
      case 'dc':
        return used(header.format === 'jpeg' ? decodeDc(bytes, header) : undefined, use);
      case 'rows':
        return used(await decodeRows(bytes, header, way, turn), use);
      case 'inner':
        return decode(way.bytes, way.header, way.way, (picture) => use(onCanvas(picture, way)), turn);
      case 'thumbnail': {
        const heif = heifOf(header);
        const noting = notingMemory(magick);
        const pieces = magickPieces(noting, heif, paceOf(turn, way.units));
        return used(await assembleThumbnail(pieces, bytes, heif, way.thumbnail), use, noting);
      }
      case 'av1': {
        const heif = heifOf(header);
        const noting = notingMemory(magick);
        const pieces = av1Pieces(noting, av1Bytes(heif), heif.numbers, paceOf(turn, way.units));
        return used(await assemble(pieces, bytes, heif, way.shrink), use, noting);
      }
      case 'tiles': {
        const heif = heifOf(header);
        const noting = notingMemory(magick);
        const pieces = magickPieces(noting, heif, paceOf(turn, way.units));
        return used(await assemble(pieces, bytes, heif, way.shrink), use, noting);
      }
      case 'pieces': {
        if (header.format !== 'tiff') return { ok: false };
        const noting = notingMemory(magick);
        const pace = paceOf(turn, way.units);
        return used(await decodeTiffPieces(noting, bytes, header, way.shrink, pace), use, noting);
      }
    }
  };

  return {
    async decode(...task) {
      const turn = await turns.take();
      try {
        const made = await decode(...task, turn);
        if (!made.ok) return made;
        return made.value === undefined ? { ok: false } : { ok: true, value: made.value };
      } finally {
        turn.end();
      }
    },
    stats: () => ({
      photon: photon.stats(),
      jpegBytes: jpegMemoryBytes(),
      magickBytes: magick.memoryBytes(),
    }),
  };
}

/** @param noting records whether the decoder had enough memory, for decoders that are watched in this way. */
function used<T>(
  picture: Picture | undefined,
  use: (picture: Picture) => T,
  noting?: Pick<NotingMemory, 'limitBytes'>,
): Outcome<T> {
  if (picture !== undefined) return { ok: true, value: use(picture) };
  const limitBytes = noting?.limitBytes();
  return { ok: false, ...(limitBytes === undefined ? {} : { limitBytes }) };
}

/** By the format's own reader of rows. */
async function decodeRows(
  bytes: Uint8Array,
  header: ImageHeader,
  { shrink, units }: WholeWay,
  turn: Turn,
): Promise<Pixels | undefined> {
  const work = rowsOf(bytes, header, shrink);
  return work && inParts(work, paceOf(turn, units));
}

function rowsOf(
  bytes: Uint8Array,
  header: ImageHeader,
  shrink: Shrink,
): Work<Pixels | undefined> | undefined {
  switch (header.format) {
    case 'png':
      return decodePng(bytes, header, shrink);
    case 'gif':
      return decodeGif(bytes, header, shrink);
    case 'bmp':
      return decodeBmp(bytes, header, shrink);
    case 'ico':
      return decodeIconBitmap(bytes, header, shrink);
    case 'tiff':
      return decodeTiff(bytes, header, shrink);
    case 'webp':
      return decodeWebp(bytes, header, shrink);
    default:
      return undefined;
  }
}

/**
 * Uses a picture only if it has the size that the file's header states, because the file may contain another picture.
 */
function ifOfSize<T>({ width, height }: Size, shrink: Shrink, use: (picture: Picture) => T) {
  const stated = shrunkSize({ width, height }, shrink);
  return (picture: Picture): Outcome<T> =>
    used(picture.width === stated.width && picture.height === stated.height ? picture : undefined, use);
}

function flat<T>(decoded: Outcome<Outcome<T>>): Outcome<T> {
  return decoded.ok ? decoded.value : decoded;
}

/** The frame of an animation, placed on its canvas. */
function onCanvas(picture: Picture, { canvas, way: { shrink } }: InnerWay): Picture {
  if (canvas === undefined || !('data' in picture)) return picture;
  return {
    ...picture,
    canvas: {
      width: canvas.width / shrink,
      height: canvas.height / shrink,
      left: Math.round(canvas.left / shrink),
      top: Math.round(canvas.top / shrink),
    },
  };
}

function magickTask(bytes: Uint8Array, header: ImageHeader, shrink: Shrink): MagickTask {
  const { format, width, height } = header;
  if (!isMagickReadable(format)) throw new Error(`magick is not used for ${format}`);
  const scale = shrink === 1 ? {} : { scale: { width, height, denominator: shrink } };
  return { format, bytes, parts: partsOf(bytes, header), limitBytes: MAGICK_MEMORY_BYTES, ...scale };
}

function heifOf(header: ImageHeader): HeifHeader {
  if (header.format !== 'avif' && header.format !== 'heic') throw new Error(`${header.format} is not HEIF`);
  return header;
}
