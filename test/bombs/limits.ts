/** What no file and no request may exceed. */
import { z } from 'zod';
import { JPEG_MEMORY_BYTES, MAGICK_MEMORY_BYTES, PHOTON_MEMORY_BYTES } from '../../src/image/ways/account.ts';
import type { Row } from './table.ts';
import type { WasmBytes } from './wasm-bytes.ts';

const MIB = 2 ** 20;

/** The shares of the isolate in `src/image/ways/account.ts`. */
const SHARES: Readonly<Record<keyof WasmBytes, number>> = {
  runtime: 28 * MIB,
  photon: PHOTON_MEMORY_BYTES,
  jpeg: JPEG_MEMORY_BYTES,
  magick: MAGICK_MEMORY_BYTES,
};

/**
 * A unit of the account of time, as a multiple of a request with a 640×480 JPEG: by `bench/results.md`, the obvious
 * composition takes 30.3 ms, of which a unit is 0.4, and ours takes 8.1.
 */
const REQUESTS_A_UNIT = 1.5;
/** A request may cost this factor more than accounted, plus a unit (`npm run cost`). */
const ACCOUNT_ERROR = 1.5;

/** The most that a request may cost, as a multiple of one with a 640×480 JPEG. */
export interface MostTimes {
  readonly picture: number;
  readonly heic: number;
  readonly batch: number;
}

const limitsSchema = z.looseObject({
  image: z.looseObject({ max_units: z.number(), max_heic_units: z.number() }),
  batch: z.looseObject({ max_units: z.number() }),
});

/** As `/v1/limits` states it. */
export async function mostTimes(url: string): Promise<MostTimes> {
  const response = await fetch(`${url}/v1/limits`);
  const { image, batch } = limitsSchema.parse(await response.json());
  const times = (units: number) => REQUESTS_A_UNIT * (ACCOUNT_ERROR * units + 1);
  return {
    picture: times(image.max_units),
    heic: times(image.max_heic_units),
    batch: times(batch.max_units),
  };
}

/** @returns what is wrong with the result of a bomb, as short messages. */
export function wrongWith({ bomb, taken, times }: Row, most: MostTimes): readonly string[] {
  const { status, memory, beside } = taken;
  const may = bomb.isBatch ? most.batch : bomb.name.startsWith('HEIC') ? most.heic : most.picture;
  const over = Object.entries(SHARES).filter(
    ([what, share]) => (memory?.[what as keyof WasmBytes] ?? 0) > share,
  );
  return [
    ...(status === 0 ? ['no answer'] : status >= 500 ? [`answered ${status}`] : []),
    ...(times > may ? [`cost ${times.toFixed(0)} times a JPEG of 640×480, over ${may.toFixed(0)}`] : []),
    ...over.map(
      ([what]) => `${what} took ${((memory?.[what as keyof WasmBytes] ?? 0) / MIB).toFixed(1)} MiB`,
    ),
    ...(beside.wrong === undefined ? [] : [`the picture beside it: ${beside.wrong}`]),
  ];
}
