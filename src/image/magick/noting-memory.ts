/**
 * Records the outcomes for pieces of a picture, because the code that assembles them only says whether it succeeded.
 */
import type { MagickDecoder } from './magick.ts';

export interface NotingMemory extends MagickDecoder {
  /** Bytes that a piece was allowed and that did not suffice; undefined if they always did. */
  limitBytes(): number | undefined;
}

/** A decoder for one picture. */
export function notingMemory(magick: MagickDecoder): NotingMemory {
  let limitBytes: number | undefined;
  return {
    ...magick,
    async decode(task, use) {
      const outcome = await magick.decode(task, use);
      if (!outcome.ok) limitBytes ??= outcome.limitBytes;
      return outcome;
    },
    async lend(bytes, use) {
      const outcome = await magick.lend(bytes, use);
      if (!outcome.ok) limitBytes ??= outcome.limitBytes;
      return outcome;
    },
    limitBytes: () => limitBytes,
  };
}
