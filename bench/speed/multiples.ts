/** CPU time in multiples of one warm request to the same Worker. */
import type { Server } from '../workerd.ts';
import type { Picture } from './pictures.ts';
import { cpuOf } from './requests.ts';
import { classify } from './servers.ts';
import { type Spread, spreadOf } from './statistics.ts';

const REQUESTS_IN_A_BLOCK = 10;

export interface Bench {
  readonly server: Server;
  /** The request's picture. */
  readonly picture: Picture;
  readonly rounds: number;
}

/**
 * Measures something in turns with requests.
 *
 * @param times how often `run` does what is measured. It is run once before measuring.
 */
export async function multiples(bench: Bench, run: () => Promise<unknown>, times = 1): Promise<Spread> {
  const { rounds } = bench;
  const ratios: number[] = [];
  await run();
  for (let round = 0; round < rounds; round++) ratios.push((await multipleOf(bench, run)) / times);
  return spreadOf(ratios);
}

/** The same for what can be done only once. */
export async function multipleOf({ server, picture }: Bench, run: () => Promise<unknown>): Promise<number> {
  const own = await cpuOf(server, run);
  const block = await cpuOf(server, async () => {
    for (let i = 0; i < REQUESTS_IN_A_BLOCK; i++) await classify(`${server.url}/v1/classify`, picture);
  });
  return (own * REQUESTS_IN_A_BLOCK) / block;
}
