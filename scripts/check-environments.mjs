import { isDeepStrictEqual } from 'node:util';
import { PROJECT } from './toolchain.mjs';

/** What may differ: the name of the environment, and the CPU limit, which the Free plan refuses. */
const OWN = new Set(['targetEnvironment', 'limits', 'topLevelName', 'definedEnvironments', 'rawConfig']);

/** What `local` has in addition: it is never deployed. */
const LOCAL = new Set(['r2_buckets', 'queues']);

/**
 * Whether the other environments have everything that the default one has: an environment inherits no bindings, and a
 * missing one is not noticed until it is needed.
 */
export async function checkEnvironments() {
  // This module is loaded before anything is installed.
  const { unstable_readConfig: readConfig } = await import('wrangler');
  const config = `${PROJECT}/wrangler.toml`;
  const ours = Object.entries(readConfig({ config, env: '' }));
  let same = true;
  for (const env of ['free', 'local']) {
    const theirs = new Map(Object.entries(readConfig({ config, env })));
    for (const [name, value] of ours) {
      if (OWN.has(name) || (env === 'local' && LOCAL.has(name))) continue;
      if (isDeepStrictEqual(value, theirs.get(name))) continue;
      same = false;
      console.error(`${name} is ${JSON.stringify(value)}, and in ${env} ${JSON.stringify(theirs.get(name))}`);
    }
  }
  return same;
}
