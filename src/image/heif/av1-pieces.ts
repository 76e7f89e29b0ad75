/** AV1 pictures of 8 bits, decoded one after the other in lent memory. */

import { type Av1Picture, openAv1 } from '../av1/dav1d.ts';
import { conversionFor, weightsOf } from '../colour/matrix.ts';
import type { ColourNumbers } from '../header.ts';
import type { MagickDecoder } from '../magick/magick.ts';
import type { Pace } from '../turns.ts';
import type { PieceDecoder } from './assemble.ts';
import type { Piece, Plane } from './mosaic.ts';

/**
 * @param memoryBytes the most that decoding may take.
 * @param pace makes pauses between pieces; the memory stays lent meanwhile.
 * @param numbers of the colours, if the file states them: they override those in the data.
 */
export function av1Pieces(
  magick: MagickDecoder,
  memoryBytes: number,
  numbers: ColourNumbers | undefined,
  pace: Pace,
): PieceDecoder {
  return async (pictures, use) => {
    const lent = await magick.lend(memoryBytes, async (memory) => {
      const decoder = openAv1(memory);
      for (const { index, picture } of pictures) {
        const decoded = decoder?.decode(picture.data, picture.width * picture.height);
        const piece = decoded && pieceOf(decoded, numbers ?? decoded.numbers);
        if (piece === undefined || !use(piece, index)) return false;
        await pace(1 / pictures.length);
      }
      return true;
    });
    return lent.ok && lent.value;
  };
}

/** @returns undefined if its colours are of a kind that is not read. */
export function pieceOf(picture: Av1Picture, numbers: ColourNumbers): Piece | undefined {
  const { width, height, isGrey, across, down, planes, strides } = picture;
  const weights = isGrey ? 'grey' : weightsOf(numbers);
  const isSubsampled = across > 1 || down > 1;
  if (weights === undefined || (weights === 'identity' && isSubsampled)) return undefined;
  const conversion = conversionFor(weights, numbers.fullRange);
  const [y, u, v] = planes;
  const luma: Plane = { samples: y, step: 1, stride: strides[0], across: 1, down: 1 };
  const isNarrow = !picture.numbers.fullRange;
  if (isGrey) return { width, height, planes: [luma], conversion, isNarrow };
  const differences = [
    { samples: u, step: 1, stride: strides[1], across, down },
    { samples: v, step: 1, stride: strides[2], across, down },
  ];
  return { width, height, planes: [luma, ...differences], conversion, isNarrow };
}
