/** The Worker of a run: the one at a given URL, or one that is started for the run. */
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../../scripts/process.mjs';

/** A run is one caller at one address and sends thousands of requests. Any deployment can change this setting. */
const UNLIMITED = ['--var', 'RATE_LIMIT_REQUESTS:0'];

/**
 * @param use also gets the Worker's inspector, if the Worker is started here.
 * @param cacheSeconds setting of the Worker that is started; 0 if every answer must be computed.
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
