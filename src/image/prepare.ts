/**
 * From the bytes of a file to the network's input: read the header, check the limits, decode, resample.
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
import { pause } from './turns.ts';
import { createAllowance, type Share } from './ways/allowance.ts';
import { kindOf } from './ways/kinds.ts';
import { MAX_PICTURE_UNITS, requestUnits, UNIT_LIMITS, type UnitLimits } from './ways/time.ts';
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
  /** At least one; each is tried if those before it fail. */
  readonly ways: readonly Way[];
  /** CPU time that it takes regardless of the decoder, in the units of `ways/time.ts`; the ways have their own. */
  readonly units: number;
}

/**
 * Reads the header and checks the limits, before anything that costs memory or time.
 *
 * @param unitLimits CPU time that the picture may take, in the units of `ways/time.ts`.
 */
export function planFor(bytes: Uint8Array, unitLimits: UnitLimits = UNIT_LIMITS): Result<Plan> {
  const sniffed = sniff(bytes);
  if (sniffed.kind === 'unknown') return fail({ code: 'image_format_unsupported' });
  if (sniffed.kind === 'broken') {
    return fail({ code: 'image_unreadable', format: sniffed.format, reason: sniffed.reason });
  }
  if (sniffed.kind === 'unsupported') return fail({ code: 'image_kind_unsupported', kind: sniffed.what });
  const { header } = sniffed;
  const ways = waysFor(bytes, header, unitLimits);
  const units = requestUnits(bytes.byteLength, header.entries ?? 0);
  return ways.ok ? ok({ bytes, header, ways: ways.value, units }) : ways;
}

/**
 * Decodes a picture by the first way that succeeds, and makes the network's input from it.
 *
 * @param share the request's remaining time for its pictures: each way is tried only if it fits.
 */
export async function prepare(
  { bytes, header, ways }: Omit<Plan, 'units'>,
  decoder: Decoder,
  share: Share = createAllowance(MAX_PICTURE_UNITS).picture(),
): Promise<Result<Prepared>> {
  let limitBytes: number | undefined;
  for (const [tried, way] of ways.entries()) {
    if (tried > 0) await pause();
    const refused = share.take(way.units);
    if (refused !== undefined) return fail(refused);
    const decoded = await decoder.decode(bytes, header, way, (picture) =>
      toInput(picture, header.orientation),
    );
    if (!decoded.ok) {
      // The outcome of the last way: one that had enough memory knows whether the file is damaged.
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
