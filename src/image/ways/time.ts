/**
 * The account of time: what a picture costs in CPU, told from its header.
 *
 * The unit is 0.4 of what the obvious composition takes for a request with a JPEG of 640×480 (photon's decode and
 * resize, and the plain float32 network in onnxruntime-web), and does not change when this Worker becomes faster:
 * `bench/unit.ts`. On the machine of `bench/results.md` it was 11.4 ms.
 *
 * A decode costs something for the picture, something for each of its pixels, and something for each byte of the file,
 * which is what entropy coding is about. The figures are fits to CPU time in workerd, of drawn pictures that are smooth,
 * as grainy as a camera's, and nothing but noise. `npm run cost` compares the account with every kind of file and with
 * files that are made to be costly.
 */
import type { Size } from '../header.ts';

/** Of a unit, on the machine of `bench/results.md`, rounded up: what the limits below are counted in. */
export const UNIT_MILLISECONDS = 12;

/** Units for each picture, for each megapixel of it and for each megabyte of its file. */
export interface Time {
  readonly picture: number;
  readonly megapixel: number;
  readonly megabyte: number;
}

/** What a request costs besides decoding: the network, 4.4 ms, and the request itself. */
const REQUEST_UNITS = 0.6;
/** A body is received, hashed, and walked through by the readers of headers. */
const MEGABYTE_UNITS = 0.4;
/** One thing of those that readers of headers pass one by one, several times: a segment, a chunk. */
const ENTRY_UNITS = 20e-6;

/** For a look into the cache: 2 ms, and the hash of the file. */
const LOOK_UP = { picture: 0.2, megabyte: 0.2 } as const;

const MEGA = 1e6;

/**
 * Most that a picture may cost, in units, HEIC aside: 1.4 s of CPU where a unit is 11.4 ms. It is the costliest that is meant
 * to be read and a quarter: `bench/costliest.ts`.
 */
export const MAX_PICTURE_UNITS = 125;
/** The same of HEIC, whose decoder costs several times any other: of 25 megapixels in grainy tiles, 170. */
export const MAX_HEIC_UNITS = 210;

/** Most that one picture may cost, in units. */
export interface UnitLimits {
  readonly heic: number;
  /** Of any other format. */
  readonly picture: number;
}

export const UNIT_LIMITS: UnitLimits = { heic: MAX_HEIC_UNITS, picture: MAX_PICTURE_UNITS };

/**
 * Most that the pictures of a request may cost together, in units: as `cpu_ms` in wrangler.toml is 5,000, less than half
 * of it.
 */
export const MAX_BATCH_UNITS = 200;

export function unitsOf(
  { picture, megapixel, megabyte }: Time,
  { width, height }: Size,
  fileBytes: number,
): number {
  return picture + (megapixel * width * height + megabyte * fileBytes) / MEGA;
}

/**
 * What a picture costs whatever decodes it.
 *
 * @param entries that its file is made of: see `entriesOf`.
 */
export function requestUnits(fileBytes: number, entries: number): number {
  return REQUEST_UNITS + (MEGABYTE_UNITS * fileBytes) / MEGA + ENTRY_UNITS * entries;
}

export function lookUpUnits(fileBytes: number): number {
  return LOOK_UP.picture + (LOOK_UP.megabyte * fileBytes) / MEGA;
}
