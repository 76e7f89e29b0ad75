import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { run } from './process.mjs';
import { SHARED, withoutShared } from './shared-data.mjs';
import { PROJECT } from './toolchain.mjs';

const windows = process.platform === 'win32';
const venv = path.join(PROJECT, '.venv');
const python = path.join(venv, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python3']));
const pipeline = path.join(PROJECT, 'model', 'pipeline');

/** Five minutes for the packages on a slow line, and a minute for the build. */
const MODEL_MS = 360_000;

/** @param {string} scratch */
export const referenceModel = (scratch) => path.join(scratch, 'reference.onnx');

/**
 * Builds the model again from the published weights: the bytes in `model/` must come out. The float32 network that
 * the accuracy step compares with is written on the way.
 *
 * @param {string} scratch
 */
export async function rebuildModel(scratch) {
  const skipped = withoutShared(SHARED.weights, SHARED.synsets);
  if (skipped) return skipped;
  if (!(await installPython())) return false;
  const inputs = ['--weights', SHARED.weights, '--synsets', SHARED.synsets];
  const args = ['-m', 'model.pipeline', ...inputs, '--check', '--reference', referenceModel(scratch)];
  return (await run({ command: python, args }, { timeoutMs: MODEL_MS })) === 0;
}

/** The packages of the pipeline, in a virtual environment that is kept until they change. */
async function installPython() {
  const requirements = path.join(pipeline, 'requirements.txt');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  const stamp = path.join(venv, 'requirements.sha256');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  const commands = [
    { command: windows ? 'python' : 'python3', args: ['-m', 'venv', '--clear', venv] },
    {
      command: python,
      args: ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements],
    },
  ];
  for (const command of commands) {
    if ((await run(command, { timeoutMs: MODEL_MS })) !== 0) return false;
  }
  writeFileSync(stamp, wanted);
  return true;
}
