import { isDeepStrictEqual } from 'node:util';
import { PROJECT } from './toolchain.mjs';

/** What may differ: which environment it is, and the CPU limit, which the Free plan refuses. */
const OWN = new Set(['targetEnvironment', 'limits', 'topLevelName', 'definedEnvironments', 'rawConfig']);

/**
 * Whether the environment `free` has all that the default one has: an environment inherits no bindings, and one that
 * is missing there is noticed by nobody until it is needed.
 */
export async function checkEnvironments() {
  // This module is loaded before anything is installed.
  const { unstable_readConfig: readConfig } = await import('wrangler');
  const config = `${PROJECT}/wrangler.toml`;
  const [ours, free] = ['', 'free'].map((env) => Object.entries(readConfig({ config, env })));
  const theirs = new Map(free);
  const different = (ours ?? []).filter(
    ([name, value]) => !OWN.has(name) && !isDeepStrictEqual(value, theirs.get(name)),
  );
  for (const [name, value] of different)
    console.error(`${name} is ${JSON.stringify(value)}, and in free ${JSON.stringify(theirs.get(name))}`);
  return different.length === 0;
}
