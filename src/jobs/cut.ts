/** Cuts listed pictures into chunks: what one invocation of the queue's consumer has time for. */

export interface Listed {
  readonly key: string;
  /** Of the file, in bytes. */
  readonly size: number;
}

/** A message for so many costs little: 1/100 of three operations of the queue and two calls of the job's object. */
export const MAX_CHUNK_KEYS = 100;

const PICTURE_UNITS = 0.75;
const BYTES_A_UNIT = 1_000_000;

/**
 * What a picture takes, guessed from the size of its file, since nothing else is known of it before it is read: in
 * units of `image/ways/time.ts`. A JPEG takes so much, of 640×480 as of 12 megapixels; WebP and PNG can take a multiple
 * of it, for which the consumer looks at headers, and stops when the time of its invocation is spent.
 */
export function guessedUnits(fileBytes: number): number {
  return PICTURE_UNITS + fileBytes / BYTES_A_UNIT;
}

/** @returns chunks in order, each of one picture at least. */
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
