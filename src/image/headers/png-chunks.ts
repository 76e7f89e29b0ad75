/** The chunks of a PNG (Third Edition, §5.3). */
import { fourCC, viewOf } from './bytes.ts';

const SIGNATURE_BYTES = 8;
/** Length and type before a chunk's data, the checksum after it. */
export const CHUNK_HEAD_BYTES = 8;
export const CHECKSUM_BYTES = 4;

const IEND = fourCC('IEND');

/** Encoders write 4 KB of pixels or more per chunk, or a row; a file of 20 MB may have 1.7 million empty ones. */
export const MAX_CHUNKS = 2 ** 17;

export interface PngChunk {
  /** Its four letters: see `fourCC`. */
  readonly type: number;
  /** From its length to its checksum, which may be beyond the end of the file. */
  readonly start: number;
  readonly end: number;
}

/** The chunks before IEND, no more than `MAX_CHUNKS`, up to the first one that the file ends within. */
export function* chunksOf(bytes: Uint8Array): Generator<PngChunk, void> {
  const view = viewOf(bytes);
  let start = SIGNATURE_BYTES;
  for (let left = MAX_CHUNKS; left > 0 && start + CHUNK_HEAD_BYTES <= bytes.length; left--) {
    const type = view.getUint32(start + 4);
    if (type === IEND) return;
    const end = start + CHUNK_HEAD_BYTES + view.getUint32(start) + CHECKSUM_BYTES;
    yield { type, start, end };
    start = end;
  }
}
