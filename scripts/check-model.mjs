import path from 'node:path';
import { run } from './process.mjs';
import { pythonFor, pythonWith } from './python.mjs';
import { SHARED, withoutShared } from './shared-data.mjs';
import { PROJECT } from './toolchain.mjs';

const requirements = path.join(PROJECT, 'model', 'pipeline', 'requirements.txt');

/** Usually seconds; the verification runs the network on three runtimes. */
const MODEL_MS = 120_000;

/** Less than a second. */
const TESTS_MS = 30_000;

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

/** Tests the pipeline's own functions, and what ships beside its card; the published weights are not needed. */
export async function testPipeline() {
  const { python, ...without } = await pythonFor(requirements, 'The tests of the pipeline');
  if (python === undefined) return { passed: 0, failed: 'failed' in without ? without.failed : 0 };
  const args = ['-m', 'unittest', 'model.pipeline.test_pipeline'];
  const passed = (await run({ command: python, args }, { timeoutMs: TESTS_MS })) === 0;
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
}
