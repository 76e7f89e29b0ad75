/**
 * The account of time: the CPU time of a picture, computed from its header.
 *
 * The unit is 0.4 of the time of the obvious composition for a request with a 640×480 JPEG (photon's decode and resize,
 * and the plain float32 network in onnxruntime-web), and does not change when this Worker becomes faster:
 * `bench/unit.ts`. On the machine of `bench/results.md` it is 11 to 12 ms.
 *
 * A decode has a fixed cost, a cost for each pixel, and a cost for each byte of the file, which is that of entropy
 * coding. The figures are fitted to CPU time in workerd, for drawn pictures that are smooth, as grainy as a camera's,
 * and pure noise. `npm run cost` compares the account with every kind of file and with files that are made to be
 * costly.
 */
import type { Size } from '../header.ts';

/** Milliseconds per unit on the machine of `bench/results.md`, rounded up, from which the limits below are computed. */
export const UNIT_MILLISECONDS = 12;

/** Units for each picture, for each megapixel of it and for each megabyte of its file. */
export interface Time {
  readonly picture: number;
  readonly megapixel: number;
  readonly megabyte: number;
}

/** What a request costs besides decoding: the network, some 3.4 ms, the request itself, and a margin. */
const REQUEST_UNITS = 0.6;
/** A body is received, hashed, and read by the header readers. */
const MEGABYTE_UNITS = 0.4;
/** One of the segments or chunks that header readers step over, several times. */
const ENTRY_UNITS = 20e-6;

/** For a cache lookup: 2 ms, and the hash of the file. */
const LOOK_UP = { picture: 0.2, megabyte: 0.2 } as const;

const MEGA = 1e6;

/**
 * The most that a picture may cost, in units, HEIC aside: 1.4 s of CPU with a unit of 11.4 ms. It is the costliest
 * picture that should be read, plus a quarter: `bench/costliest.ts`.
 */
export const MAX_PICTURE_UNITS = 125;
/** The same for HEIC, whose decoder costs several times any other: 170 for 25 megapixels in grainy tiles. */
export const MAX_HEIC_UNITS = 210;

/** The most that one picture may cost, in units. */
export interface UnitLimits {
  readonly heic: number;
  /** For any other format. */
  readonly picture: number;
}

export const UNIT_LIMITS: UnitLimits = { heic: MAX_HEIC_UNITS, picture: MAX_PICTURE_UNITS };

/**
 * The most that the pictures of a request may cost together, in units: less than half of the 5,000 ms that `cpu_ms` in
 * wrangler.toml allows.
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
 * The cost of a picture regardless of its decoder.
 *
 * @param entries segments or chunks of its file: see `entriesOf`.
 */
export function requestUnits(fileBytes: number, entries: number): number {
  return REQUEST_UNITS + (MEGABYTE_UNITS * fileBytes) / MEGA + ENTRY_UNITS * entries;
}

export function lookUpUnits(fileBytes: number): number {
  return LOOK_UP.picture + (LOOK_UP.megabyte * fileBytes) / MEGA;
}
