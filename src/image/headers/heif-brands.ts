/** The brands of a file in boxes (ISO/IEC 14496-12 §4.3), which say what a reader must support. */
import { fourCC, viewOf } from './bytes.ts';

const FTYP = fourCC('ftyp');
const AVIF_BRANDS = ['avif', 'avis'].map(fourCC);
const HEIC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'].map(fourCC);
/** For any codec: the primary item says which. */
const CODECLESS_BRANDS = ['mif1', 'msf1', 'mif2', 'miaf'].map(fourCC);
/** §10.2, §10.3 and AV1-ISOBMFF: files with a still picture and a sequence. */
const SEQUENCE_BRANDS = ['avis', 'msf1', 'hevc', 'hevx', 'hevm', 'hevs'].map(fourCC);
const MAX_BRANDS = 64;

export interface Brands {
  /** AV1 by its brands, which are not decisive. */
  readonly avif: boolean;
  /** There may also be a sequence of pictures, in a `moov` box. */
  readonly sequence: boolean;
}

/** @returns undefined if none of the brands is a picture's: films use the same boxes. */
export function heifBrands(bytes: Uint8Array): Brands | undefined {
  const brands = brandsOf(bytes);
  const hasAny = (known: readonly number[]) => brands.some((brand) => known.includes(brand));
  const avif = hasAny(AVIF_BRANDS);
  if (!avif && !hasAny(HEIC_BRANDS) && !hasAny(CODECLESS_BRANDS)) return undefined;
  return { avif, sequence: hasAny(SEQUENCE_BRANDS) };
}

/** The major brand and the compatible ones; a version is between them (14496-12 §4.3). */
function brandsOf(bytes: Uint8Array): number[] {
  if (bytes.length < 16) return [];
  const view = viewOf(bytes);
  if (view.getUint32(4) !== FTYP) return [];
  const end = Math.min(view.getUint32(0), bytes.length);
  const brands = [view.getUint32(8)];
  for (let at = 16; at + 4 <= end && brands.length < MAX_BRANDS; at += 4) brands.push(view.getUint32(at));
  return brands;
}
