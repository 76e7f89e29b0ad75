/** What a bomb is: a way to write files that ask for far more work or memory than their bytes suggest. */

export interface Bomb {
  readonly name: string;
  /** How large each variant is, in whatever `make` counts: ascending, the last near a limit of the service. */
  readonly sizes: readonly number[];
  /** What `sizes` counts. */
  readonly unit: string;
  readonly make: (size: number) => Uint8Array | Promise<Uint8Array>;
  /** `/v1/classify` where absent. */
  readonly path?: string;
  readonly contentType?: string;
  readonly accept?: string;
  /** Whether it may cost as much as a batch may. */
  readonly isBatch?: boolean;
  /** What the bytes are already compressed with on their way; what is not is sent once more, compressed. */
  readonly coding?: 'gzip';
}

export const MIB = 2 ** 20;
/** Just below the largest file that is taken as it is. */
export const LARGEST_BYTES = 20 * MIB - 64 * 1024;
/** A fraction, so that growth shows, and the largest. */
export const BYTE_SIZES = [MIB, LARGEST_BYTES] as const;

/** Of formats that are only decoded with room beside the file: the second is about the largest that is. */
export const READ_SIZES = [MIB, 16 * MIB] as const;

export function joined(...parts: readonly (Uint8Array | readonly number[] | string)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Uint8Array.from(part))),
    ),
  );
}

/** A piece as often as fits into so many bytes, but once at least. */
export function filledWith(piece: Uint8Array | readonly number[], bytes: number): Uint8Array {
  return times(piece, Math.max(1, Math.floor(bytes / piece.length)));
}

export function times(piece: Uint8Array | readonly number[], count: number): Uint8Array {
  const all = new Uint8Array(piece.length * count);
  if (piece.length === 0 || count === 0) return all;
  all.set(piece);
  for (let made = piece.length; made < all.length; made *= 2) all.copyWithin(made, 0, all.length - made);
  return all;
}
