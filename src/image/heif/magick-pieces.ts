/** HEVC, and AV1 of more than 8 bits: magick decodes each picture from a file of its own. */
import { AS_IT_IS, conversionFor } from '../colour/matrix.ts';
import type { HeifHeader } from '../header.ts';
import type { MagickDecoder } from '../magick/magick.ts';
import { type Pixels, RGBA } from '../pixels.ts';
import type { Pace } from '../turns.ts';
import { MAGICK_MEMORY_BYTES } from '../ways/account.ts';
import type { PieceDecoder } from './assemble.ts';
import { heifFile } from './container.ts';
import type { Piece } from './mosaic.ts';

/**
 * @param header of the picture that the pieces belong to.
 * @param pace makes pauses between pieces; the memory still belongs to this picture meanwhile.
 * @param limitBytes the most that magick's memory may grow to.
 */
export function magickPieces(
  magick: MagickDecoder,
  header: HeifHeader,
  pace: Pace,
  limitBytes = MAGICK_MEMORY_BYTES,
): PieceDecoder {
  const conversion = isNarrowGrey(header) ? conversionFor('grey', false) : AS_IT_IS;
  return async (pictures, use) => {
    for (const { index, picture } of pictures) {
      const task = { format: picture.format, bytes: heifFile(picture), limitBytes };
      const decoded = await magick.decode(task, (pixels) => use({ ...pieceOf(pixels), conversion }, index));
      if (!decoded.ok || !decoded.value) return false;
      await pace(1 / pictures.length);
    }
    return true;
  };
}

/** Greys of AVIF are returned as coded, also in limited range. */
function isNarrowGrey({ format, samplesPerPixel, numbers }: HeifHeader): boolean {
  return format === 'avif' && samplesPerPixel === 1 && numbers?.fullRange === false;
}

/** Always three planes: for greys, the same three times. */
function pieceOf({ data, width, height, layout = RGBA }: Pixels): Omit<Piece, 'conversion'> {
  const { bytesPerPixel: step, grey } = layout;
  const planes = [0, 1, 2].map((channel) => ({
    samples: grey ? data : data.subarray(channel),
    step,
    stride: width * step,
    across: 1 as const,
    down: 1 as const,
  }));
  return { width, height, planes };
}
