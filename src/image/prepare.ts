/**
 * From the bytes of a file to the network's input: sniff, check the limits, decode, resample.
 */
import { fail, ok, type Result } from '../failure.ts';
import { toSrgb } from './colour/convert.ts';
import { spaceOf } from './colour/space.ts';
import type { Decoder } from './decode.ts';
import type { ImageFacts } from './facts.ts';
import type { ImageHeader } from './header.ts';
import { uprightSize } from './orientation.ts';
import { toInput } from './resample/resample.ts';
import { sniff } from './sniff.ts';
import { kindOf } from './ways/kinds.ts';
import type { Way } from './ways/way.ts';
import { isOfSmallerCopy, waysFor } from './ways/ways-for.ts';

export interface Prepared {
  /** NCHW float32 [1, 3, 224, 224] in [−1, 1]. */
  readonly input: Float32Array;
  readonly facts: ImageFacts;
  readonly decoder: Way['decoder'];
}

/** A picture whose header has passed the limits, and how it may be decoded. */
export interface Plan {
  readonly bytes: Uint8Array;
  readonly header: ImageHeader;
  /** One at least; each is tried if those before it fail. */
  readonly ways: readonly Way[];
}

/** Reads the header and checks the limits: what costs memory comes after. */
export function planFor(bytes: Uint8Array): Result<Plan> {
  const sniffed = sniff(bytes);
  if (sniffed.kind === 'unknown') return fail({ code: 'image_format_unsupported' });
  if (sniffed.kind === 'broken') {
    return fail({ code: 'image_unreadable', format: sniffed.format, reason: sniffed.reason });
  }
  if (sniffed.kind === 'unsupported') return fail({ code: 'image_kind_unsupported', kind: sniffed.what });
  const { header } = sniffed;
  const ways = waysFor(bytes, header);
  return ways.ok ? ok({ bytes, header, ways: ways.value }) : ways;
}

/** Decodes a picture, in the first of the ways that succeeds, and makes the network's input of it. */
export async function prepare({ bytes, header, ways }: Plan, decoder: Decoder): Promise<Result<Prepared>> {
  let limitBytes: number | undefined;
  for (const way of ways) {
    const decoded = await decoder.decode(bytes, header, way, (picture) =>
      toInput(picture, header.orientation),
    );
    if (!decoded.ok) {
      // Of the last: one that had memory enough has seen whether the file is damaged.
      ({ limitBytes } = decoded);
      continue;
    }
    const facts = factsOf(header);
    const space = spaceOf(bytes, header);
    return ok({
      input: space === undefined ? decoded.value : toSrgb(decoded.value, space),
      facts: isOfSmallerCopy(way) ? { ...facts, preview: true } : facts,
      decoder: way.decoder,
    });
  }
  if (limitBytes !== undefined) {
    return fail({ code: 'image_memory_exceeded', kind: kindOf(header), limitBytes });
  }
  return fail({
    code: 'image_unreadable',
    format: header.format,
    reason: 'its data is damaged, or it ends before its picture does',
  });
}

function factsOf(header: ImageHeader): ImageFacts {
  const { format, orientation, animated } = header;
  const facts = { format, ...uprightSize(header, orientation), orientation };
  return animated ? { ...facts, animated } : facts;
}
