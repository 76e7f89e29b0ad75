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
import { MAX_ICON_SIDE_PIXELS } from './parts.ts';
import { toInput } from './resample/resample.ts';
import { sniff } from './sniff.ts';
import { isOfSmallerCopy, wayFor } from './way/way-for.ts';
import type { Way } from './way/ways.ts';

export interface Prepared {
  /** NCHW float32 [1, 3, 224, 224] in [−1, 1]. */
  readonly input: Float32Array;
  readonly facts: ImageFacts;
  readonly decoder: Way['decoder'];
}

/** A picture whose header has passed the limits, and how it will be decoded. */
export interface Plan {
  readonly bytes: Uint8Array;
  readonly header: ImageHeader;
  readonly way: Way;
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
  const unsupported = unsupportedKind(header);
  if (unsupported !== undefined) return fail({ code: 'image_kind_unsupported', kind: unsupported });
  const way = wayFor(bytes, header);
  return way.ok ? ok({ bytes, header, way: way.value }) : way;
}

/** Decodes a picture and makes the network's input of it. */
export async function prepare({ bytes, header, way }: Plan, decoder: Decoder): Promise<Result<Prepared>> {
  const decoded = await decoder.decode(bytes, header, way, (picture) => toInput(picture, header.orientation));
  if (!decoded.ok) {
    return fail({
      code: 'image_unreadable',
      format: header.format,
      reason: 'its data is broken or incomplete',
    });
  }
  const facts = factsOf(header);
  const space = await spaceOf(bytes, header);
  return ok({
    input: space === undefined ? decoded.value : toSrgb(decoded.value, space),
    facts: isOfSmallerCopy(way) ? { ...facts, preview: true } : facts,
    decoder: way.decoder,
  });
}

/** What no decoder here decodes of the formats it reads. */
function unsupportedKind(header: ImageHeader): string | undefined {
  if (header.format === 'jpeg') {
    if (header.process === 'lossless') return 'A lossless JPEG';
    if (header.entropyCoding === 'arithmetic') return 'A JPEG with arithmetic coding';
    if (header.bitDepth !== 8) return `A JPEG of ${header.bitDepth} bits a sample`;
  }
  if (
    header.format === 'ico' &&
    header.png === undefined &&
    Math.max(header.width, header.height) > MAX_ICON_SIDE_PIXELS
  ) {
    return 'An icon of more than 256 pixels that is not a PNG';
  }
  return undefined;
}

function factsOf(header: ImageHeader): ImageFacts {
  const { format, orientation, animated } = header;
  const facts = { format, ...uprightSize(header, orientation), orientation };
  return animated ? { ...facts, animated } : facts;
}
