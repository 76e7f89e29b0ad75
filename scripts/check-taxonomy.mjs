import { run } from './process.mjs';
import { hasPython, PYTHON } from './python.mjs';

/** A second or two, because no package is needed. */
const TAXONOMY_MS = 30_000;

/** Rebuilds the groups of the classes, and tests what their build refuses. */
export async function checkTaxonomy() {
  if (!(await hasPython())) return { skipped: 'there is no Python on this machine' };
  const runs = [
    ['unittest', 'model.pipeline.test_taxonomy'],
    ['model.pipeline.taxonomy', '--check'],
  ];
  for (const args of runs) {
    if ((await run({ command: PYTHON, args: ['-m', ...args] }, { timeoutMs: TAXONOMY_MS })) !== 0)
      return false;
  }
  return true;
}
