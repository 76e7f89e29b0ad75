/** The Worker that a run asks: the one at a given address, or one that lives as long as the run. */
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../../scripts/process.mjs';

/** A run is one caller at one address, and its requests are thousands. The setting is any deployment's to make. */
const UNLIMITED = ['--var', 'RATE_LIMIT_REQUESTS:0'];

/**
 * @param use is given where the Worker's inspector is, too, if the Worker is one of ours.
 * @param cacheSeconds of the Worker that is started; 0 where every answer is to be worked for.
 */
export async function withWorker<T>(
  given: string | undefined,
  use: (url: string, inspector?: string) => Promise<T>,
  cacheSeconds = 0,
): Promise<T> {
  if (given !== undefined) return use(given.replace(/\/$/, ''));
  endChildrenOnSignal();
  const worker = await temporaryWorker([...UNLIMITED, '--var', `CACHE_SECONDS:${cacheSeconds}`]);
  try {
    return await use(worker.url, worker.inspector);
  } finally {
    await worker.close();
  }
}
