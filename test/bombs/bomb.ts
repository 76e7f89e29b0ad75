/** A bomb writes files that ask for far more work or memory than their bytes suggest. */

export interface Bomb {
  readonly name: string;
  /** Size of each variant, in the unit that `make` counts: ascending, the last near a limit of the service. */
  readonly sizes: readonly number[];
  /** The unit of `sizes`. */
  readonly unit: string;
  readonly make: (size: number) => Uint8Array | Promise<Uint8Array>;
  /** `/v1/classify` by default. */
  readonly path?: string;
  readonly contentType?: string;
  readonly accept?: string;
  /** Whether it may cost as much as a batch may. */
  readonly isBatch?: boolean;
  /** The content coding of the bytes. A body without one is sent a second time, compressed. */
  readonly coding?: 'gzip';
}

export const MIB = 2 ** 20;
/** Just below the largest file that is accepted uncompressed. */
export const LARGEST_BYTES = 20 * MIB - 64 * 1024;
/** A fraction, so that growth shows, and the largest. */
export const BYTE_SIZES = [MIB, LARGEST_BYTES] as const;

/** For formats that are decoded only with memory in addition to the file: the second is about the largest of these. */
export const READ_SIZES = [MIB, 16 * MIB] as const;

export function joined(...parts: readonly (Uint8Array | readonly number[] | string)[]): Uint8Array {
  return new Uint8Array(
    Buffer.concat(
      parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Uint8Array.from(part))),
    ),
  );
}

/** A piece repeated to fill this many bytes, at least once. */
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
