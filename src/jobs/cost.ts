/** What a picture takes of an invocation's CPU, told from its header: in units of `image/ways/time.ts`. */
import type { ImageFormat } from '../image/header.ts';
import { sniff } from '../image/sniff.ts';

/** A request with a JPEG of 640×480 takes 0.7 (`bench/results.md`: 8.4 ms, and a unit is 12.1). */
const PICTURE_UNITS = 0.75;
/** What is refused by its header. */
const REFUSED_UNITS = 0.1;

/** For a megapixel: above what `bench/results.md` and `docs/decoders.md` have of each. */
const MEGAPIXEL_UNITS: Readonly<Partial<Record<ImageFormat, number>>> = { jpeg: 0.5, heic: 7 };
const OTHER_MEGAPIXEL_UNITS = 3.5;

export function unitsOf(bytes: Uint8Array): number {
  const sniffed = sniff(bytes);
  if (sniffed.kind !== 'picture') return REFUSED_UNITS;
  const { format, width, height } = sniffed.header;
  const perMegapixel = MEGAPIXEL_UNITS[format] ?? OTHER_MEGAPIXEL_UNITS;
  return PICTURE_UNITS + (perMegapixel * width * height) / 1e6;
}
