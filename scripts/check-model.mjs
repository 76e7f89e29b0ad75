import path from 'node:path';
import { run } from './process.mjs';
import { pythonWith } from './python.mjs';
import { SHARED, withoutShared } from './shared-data.mjs';
import { PROJECT } from './toolchain.mjs';

const requirements = path.join(PROJECT, 'model', 'pipeline', 'requirements.txt');

/** Usually seconds; the verification runs the network on three runtimes. */
const MODEL_MS = 120_000;

/** @param {string} scratch */
export const referenceModel = (scratch) => path.join(scratch, 'reference.onnx');

/**
 * Rebuilds the model from the published weights, which must give the bytes in `model/`. It also writes the float32
 * network that the accuracy step compares with.
 *
 * @param {string} scratch
 */
export async function rebuildModel(scratch) {
  const skipped = withoutShared(SHARED.weights, SHARED.synsets);
  if (skipped) return skipped;
  const python = await pythonWith(requirements);
  if (!python) return false;
  const inputs = ['--weights', SHARED.weights, '--synsets', SHARED.synsets];
  const args = ['-m', 'model.pipeline', ...inputs, '--check', '--reference', referenceModel(scratch)];
  return (await run({ command: python, args }, { timeoutMs: MODEL_MS })) === 0;
}
