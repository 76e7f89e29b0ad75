/**
 * From the bytes of a file to the network's input: sniff, check the limits, decode, resample.
 */
import { fail, ok, type Result } from '../failure.ts';
import { checkLimits } from './account.ts';
import type { ImageFormat, ImageHeader } from './header.ts';
import type { PhotonDecoder } from './photon.ts';
import { toInput } from './resample.ts';
import { sniff } from './sniff.ts';

/** What the answer says about the picture. */
export interface ImageFacts {
  readonly format: ImageFormat;
  /** Width of the upright picture, in pixels. */
  readonly width: number;
  /** Height of the upright picture, in pixels. */
  readonly height: number;
  /** Present, and true, only where the file has more than one frame: the first was taken. */
  readonly animated?: true;
}

export interface Prepared {
  /** NCHW float32 [1, 3, 224, 224] in [−1, 1]. */
  readonly input: Float32Array;
  readonly facts: ImageFacts;
}

/** Prepares one picture. Nothing is decoded before its header has passed the limits. */
export function prepare(bytes: Uint8Array, decoder: PhotonDecoder): Result<Prepared> {
  const sniffed = sniff(bytes);
  if (sniffed.kind === 'unknown') return fail({ code: 'image_format_unsupported' });
  if (sniffed.kind === 'broken') {
    return fail({ code: 'image_unreadable', format: sniffed.format, reason: sniffed.reason });
  }
  const { header } = sniffed;
  const unsupported = unsupportedKind(header);
  if (unsupported !== undefined) return fail({ code: 'image_kind_unsupported', kind: unsupported });
  const over = checkLimits(header, bytes.byteLength);
  if (over !== undefined) return fail(over);
  const decoded = decoder.decode(partsToDecode(bytes, header), toInput);
  if (!decoded.ok) {
    return fail({
      code: 'image_unreadable',
      format: header.format,
      reason: 'its data is broken or incomplete',
    });
  }
  return ok({ input: decoded.value, facts: factsOf(header) });
}

/** What photon does not decode of the formats it reads. */
function unsupportedKind(header: ImageHeader): string | undefined {
  if (header.format === 'jpeg') {
    if (header.process === 'lossless') return 'A lossless JPEG';
    if (header.entropyCoding === 'arithmetic') return 'A JPEG with arithmetic coding';
    if (header.bitDepth !== 8) return `A JPEG of ${header.bitDepth} bits a sample`;
  }
  if (header.format === 'webp' && header.animated) return 'An animated WebP';
  return undefined;
}

function factsOf({ format, width, height, animated }: ImageHeader): ImageFacts {
  return { format, width, height, ...(animated ? { animated: true as const } : {}) };
}

/** The file without what the decoder must not see: see `PngHeader.profiles`. */
function partsToDecode(bytes: Uint8Array, header: ImageHeader): Uint8Array[] {
  const left = header.format === 'png' ? header.profiles : [];
  const starts = [0, ...left.map(({ end }) => end)];
  const ends = [...left.map(({ start }) => start), bytes.byteLength];
  return starts.map((start, i) => bytes.subarray(start, ends[i]));
}
