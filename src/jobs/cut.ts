/** Divides listed pictures into chunks: what one invocation of the queue's consumer has time for. */

export interface Listed {
  readonly key: string;
  /** Size of the file, in bytes. */
  readonly size: number;
}

/** With this many, a message costs little: 1/100 of three operations of the queue and two calls of the job's object. */
export const MAX_CHUNK_KEYS = 100;

const PICTURE_UNITS = 0.75;
const BYTES_A_UNIT = 1_000_000;

/**
 * The cost of a picture, estimated from the size of its file, because nothing else is known before it is read, in units
 * of `image/ways/time.ts`. It fits a JPEG, from 640×480 to 12 megapixels; WebP and PNG can take a multiple. For those
 * the consumer reads the headers, and stops when the time of its invocation is spent.
 */
export function guessedUnits(fileBytes: number): number {
  return PICTURE_UNITS + fileBytes / BYTES_A_UNIT;
}

/** @returns chunks in order, each with at least one picture. */
export function cut(listed: readonly Listed[], maxUnits: number): Listed[][] {
  const chunks: Listed[][] = [];
  let units = 0;
  for (const picture of listed) {
    const more = guessedUnits(picture.size);
    const chunk = chunks.at(-1);
    if (chunk === undefined || chunk.length === MAX_CHUNK_KEYS || units + more > maxUnits) {
      chunks.push([picture]);
      units = more;
    } else {
      chunk.push(picture);
      units += more;
    }
  }
  return chunks;
}
