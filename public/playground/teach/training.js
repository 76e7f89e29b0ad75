/** Trains in a web worker, so that the page stays responsive. */
import { unreached } from '../service.js';

/** @typedef {import('../../../src/page/taught.ts').Example} Example */
/** @typedef {ReturnType<typeof import('../../../src/page/taught.ts').trained>} Head */

/**
 * @param {readonly Example[]} examples one at least
 * @returns {Promise<Head>}
 */
export async function trainedBeside(examples) {
  const worker = new Worker(new URL('./trainer.js', import.meta.url), { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener('message', ({ data }) => resolve(data));
      // An error without a message means that the script could not be loaded.
      worker.addEventListener('error', ({ message }) => reject(message ? new Error(message) : unreached()));
      worker.postMessage(examples);
    });
  } finally {
    worker.terminate();
  }
}
