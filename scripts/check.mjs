/**
 * `npm run check`: everything that CI runs, step by step, even after a failure. The last line has the count: every test
 * counts as one, and so does every other step.
 *
 *     npm run check
 *     npm run check -- types accuracy     only these steps; an unknown name lists them
 */
import './help.mjs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { account } from './account.mjs';
import { guardSpeed } from './bench.mjs';
import { biome } from './biome.mjs';
import { bombs } from './bombs.mjs';
import { browser } from './browser.mjs';
import { measureAccuracy } from './check-accuracy.mjs';
import { deployDry } from './check-bundle.mjs';
import { checkDependencies } from './check-dependencies.mjs';
import { checkEnvironments } from './check-environments.mjs';
import { checkLinks } from './check-links.mjs';
import { rebuildModel, testPipeline } from './check-model.mjs';
import { checkModules } from './check-modules.mjs';
import { checkTaxonomy } from './check-taxonomy.mjs';
import { runTests } from './check-tests.mjs';
import { checkTypes } from './check-types.mjs';
import { deployWithoutScripts } from './check-without-scripts.mjs';
import { conformance } from './conformance.mjs';
import { runCounted } from './counted.mjs';
import { durability } from './durability.mjs';
import { examples } from './examples.mjs';
import { formats } from './formats.mjs';
import { fuzz } from './fuzz.mjs';
import { install } from './install.mjs';
import { jobs } from './jobs.mjs';
import { kinds } from './kinds.mjs';
import { endChildrenOnSignal } from './process.mjs';
import { selfHosting } from './self-hosting.mjs';
import { smokeHere } from './smoke.mjs';
import { soak } from './soak.mjs';
import { makeNetwork } from './vendor/make-network.mjs';
import { checkWasm } from './wasm.mjs';
import { wire } from './wire.mjs';
import { checkWorkflows } from './workflows.mjs';

/** @typedef {boolean | { passed: number, failed: number } | { skipped: string }} Outcome */

/** Ten seconds on a quiet machine. */
const KERNELS_MS = 300_000;
const SETUP_MS = 300_000;
/** Broken files and mutants. `npm run cost` also sends every kind of file. */
const COST_MS = 600_000;

/** It starts the Worker once. */
const TERMINAL_MS = 300_000;

const scratch = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-check-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
endChildrenOnSignal();

/** @type {Array<[name: string, step: () => Promise<Outcome>]>} */
const STEPS = [
  ['install', () => install()],
  ['dependencies', checkDependencies],
  ['tests', () => runTests(scratch)],
  ['style', checkStyle],
  ['types', checkTypes],
  ['workflows', checkWorkflows],
  ['links', async () => checkLinks()],
  ['modules', async () => checkModules()],
  ['environments', checkEnvironments],
  ['bundle', () => deployDry(scratch)],
  ['without-scripts', () => deployWithoutScripts(scratch)],
  ['wasm', () => checkWasm()],
  ['vendor', () => makeNetwork(['--check'])],
  ['kernels', () => runCounted(['test/kernels/kernels.ts'], KERNELS_MS)],
  ['taxonomy', checkTaxonomy],
  ['pipeline', testPipeline],
  ['model', () => rebuildModel(scratch)],
  ['conformance', () => conformance(scratch)],
  ['examples', examples],
  ['setup', () => runCounted(['test/setup/setup.ts'], SETUP_MS)],
  ['smoke', smokeHere],
  ['terminal', () => runCounted(['test/terminal/terminal.ts'], TERMINAL_MS)],
  ['self-hosting', selfHosting],
  ['formats', () => formats([])],
  ['kinds', () => kinds([])],
  ['browser', () => browser([])],
  ['fuzz', () => fuzz(['--seed', '1', '--count', '800'])],
  ['bombs', () => bombs(['--quick'])],
  ['wire', () => wire()],
  ['durability', () => durability()],
  ['account', () => account(['--count', '200', '--megapixels', '4'])],
  ['cost', () => runCounted(['test/cost/cost.ts', '--count', '100'], COST_MS)],
  ['soak', () => soak(['--requests', '2000'])],
  // This many, because resident memory varies by 20 MiB on its own, and hits are answered fast.
  ['soak-cache', () => soak(['--requests', '1500', '--cache', '600'])],
  ['jobs', () => jobs(['--count', '3000'])],
  ['speed', () => guardSpeed()],
  ['accuracy', () => measureAccuracy(scratch)],
];

async function checkStyle() {
  // It colours a log file too, letter by letter.
  const colours = process.stdout.isTTY ? [] : ['--colors=off'];
  return (await biome(['ci', ...colours, '.'])) === 0;
}

const only = process.argv.slice(2);
const names = STEPS.map(([name]) => name);
const unknown = only.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`No step is called ${unknown.join(', ')}. There are: ${names.join(', ')}.`);
  process.exit(1);
}

const steps = STEPS.filter(([name]) => only.length === 0 || only.includes(name));
let passed = 0;
let failed = 0;
const report = [];
for (const [at, [name, step]] of steps.entries()) {
  console.log(`\n── ${name} (step ${at + 1} of ${steps.length})`);
  const begin = performance.now();
  const outcome = await settle(step);
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  const line = `${name}: ${describe(outcome)} (${seconds} s)`;
  console.log(`── ${line}`);
  report.push(line);
  if ('skipped' in outcome) continue;
  passed += outcome.passed;
  failed += outcome.failed;
}
console.log(`\n${report.join('\n')}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** @param {() => Promise<Outcome>} step */
async function settle(step) {
  try {
    const outcome = await step();
    if (typeof outcome !== 'boolean') return outcome;
    return { passed: outcome ? 1 : 0, failed: outcome ? 0 : 1 };
  } catch (error) {
    console.error(error);
    return { passed: 0, failed: 1 };
  }
}

/** @param {Exclude<Outcome, boolean>} outcome */
function describe(outcome) {
  if ('skipped' in outcome) return `skipped, ${outcome.skipped}`;
  return outcome.failed === 0
    ? `passed ${outcome.passed}`
    : `FAILED ${outcome.failed}, passed ${outcome.passed}`;
}
