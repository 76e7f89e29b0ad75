/** Decodes a picture in the way that was chosen for it. */

import { MAGICK_MEMORY_BYTES } from './account/magick-cost.ts';
import { rgbOf } from './av1/colour.ts';
import { decodeAv1 } from './av1/dav1d.ts';
import type { HeifHeader, ImageHeader } from './header.ts';
import { codedPicture, codedPrimary } from './heif/coded.ts';
import { heifFile } from './heif/container.ts';
import { decodeTiles } from './heif/tiles.ts';
import { decodeJpeg } from './jpeg/decode.ts';
import { jpegMemoryBytes } from './jpeg/kernel.ts';
import { createMagickDecoder, isMagickReadable, type MagickDecoder } from './magick/magick.ts';
import { partsToDecode } from './parts.ts';
import { createPhotonDecoder, type PhotonDecoder, type PhotonStats } from './photon.ts';
import type { Picture } from './pixels.ts';
import { decodeDc } from './progressive/dc.ts';
import type { Av1Way, Way } from './way/ways.ts';
import { decodeWebp } from './webp/decode.ts';

export type Decoded<T> = { readonly ok: true; readonly value: T } | { readonly ok: false };

export interface Decoder {
  /**
   * Decodes a picture and hands it, as it is stored, to `use`.
   *
   * @param way what `wayFor` said of the picture.
   * @returns what `use` made of it, or not ok when the bytes cannot be decoded.
   */
  decode<T>(
    bytes: Uint8Array,
    header: ImageHeader,
    way: Way,
    use: (picture: Picture) => T,
  ): Promise<Decoded<T>>;
  stats(): DecoderStats;
}

export interface DecoderStats {
  readonly photon: PhotonStats;
  /** Bytes of our own JPEG decoder's wasm memory, which all decoders here share; 0 before it was first needed. */
  readonly jpegBytes: number;
  /** Bytes of magick's wasm memory; 0 before it was first needed. */
  readonly magickBytes: number;
}

export function createDecoder(photon: PhotonDecoder = createPhotonDecoder()): Decoder {
  const magick = createMagickDecoder();

  const decode: Decoder['decode'] = async (bytes, header, way, use) => {
    switch (way.decoder) {
      case 'photon':
        return photon.decode(partsToDecode(bytes, header), use);
      case 'planes':
        return used(header.format === 'jpeg' ? decodeJpeg(bytes, header) : undefined, use);
      case 'magick':
        return magick.decode(magickTask(bytes, header, way.denominator), use);
      case 'dc':
        return used(header.format === 'jpeg' ? decodeDc(bytes, header) : undefined, use);
      case 'rows':
        return used(header.format === 'webp' ? decodeWebp(bytes, header, way.shrink) : undefined, use);
      case 'inner':
        return decode(way.bytes, way.header, way.way, use);
      case 'thumbnail':
        return decodeThumbnail(magick, bytes, heifOf(header), way.thumbnail.itemId, use);
      case 'av1':
        return decodeAv1Item(magick, bytes, heifOf(header), way, use);
      case 'tiles':
        return used(await decodeTiles(magick, bytes, heifOf(header), way.shrink), use);
    }
  };

  return {
    decode,
    stats: () => ({
      photon: photon.stats(),
      jpegBytes: jpegMemoryBytes(),
      magickBytes: magick.memoryBytes(),
    }),
  };
}

function used<T>(picture: Picture | undefined, use: (picture: Picture) => T): Decoded<T> {
  return picture === undefined ? { ok: false } : { ok: true, value: use(picture) };
}

function magickTask(bytes: Uint8Array, header: ImageHeader, denominator: 1 | 2 | 4 | 8) {
  const { format, width, height } = header;
  if (!isMagickReadable(format)) throw new Error(`magick is not used for ${format}`);
  const scale = denominator === 1 ? {} : { scale: { width, height, denominator } };
  return { format, bytes, limitBytes: MAGICK_MEMORY_BYTES, ...scale };
}

async function decodeThumbnail<T>(
  magick: MagickDecoder,
  bytes: Uint8Array,
  header: HeifHeader,
  item: number,
  use: (picture: Picture) => T,
): Promise<Decoded<T>> {
  const coded = codedPicture(bytes, header, item);
  if (coded === undefined) return { ok: false };
  return magick.decode(
    { format: header.format, bytes: heifFile(coded), limitBytes: MAGICK_MEMORY_BYTES },
    use,
  );
}

/** The picture of a file that has one, with neither tiles nor alpha. */
async function decodeAv1Item<T>(
  magick: MagickDecoder,
  bytes: Uint8Array,
  header: HeifHeader,
  { memoryBytes, shrink }: Av1Way,
  use: (picture: Picture) => T,
): Promise<Decoded<T>> {
  const item = codedPrimary(bytes, header);
  if (item === undefined) return { ok: false };
  const { width, height } = header.coded;
  const pixels = await magick.lend(memoryBytes, (memory) => {
    const planes = decodeAv1(memory, item.data, width * height);
    return planes?.width === width && planes.height === height ? rgbOf(planes, shrink) : undefined;
  });
  return used(pixels.ok ? pixels.value : undefined, use);
}

function heifOf(header: ImageHeader): HeifHeader {
  if (header.format !== 'avif' && header.format !== 'heic') throw new Error(`${header.format} is not HEIF`);
  return header;
}
