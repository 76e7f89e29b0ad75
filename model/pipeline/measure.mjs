/**
 * Time and memory of the candidate graphs in onnxruntime-web (wasm, one thread).
 *
 *   node model/pipeline/measure.mjs FOLDER
 *
 * FOLDER is the output of `python3 -m model.pipeline --candidates FOLDER`. Memory and session creation are measured in
 * a fresh process each, because a wasm memory never shrinks. Runs are timed in one process, with all candidates in
 * turn, as CPU time, which other work on the machine affects least.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CANDIDATES = ['plain', 'lowered', 'gemm', 'fused'];
const WARM_UP_RUNS = 20; // by then the engine's optimising compiler has compiled every kernel
const TIMED_RUNS = 120;
const FRESH_PROCESSES = 5;
const MIB = 2 ** 20;

const [folder, alone, prepacking] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node model/pipeline/measure.mjs FOLDER');
  process.exit(2);
}

// The runtime does not expose its memory, so its creation is intercepted. Set before the runtime is loaded.
const memories = [];
WebAssembly.Memory = class extends WebAssembly.Memory {
  constructor(descriptor) {
    super(descriptor);
    memories.push(this);
  }
};
const ort = await import('onnxruntime-web/wasm');
ort.env.wasm.numThreads = 1;

const picture = Float32Array.from({ length: 3 * 224 * 224 }, (_, i) => Math.sin(i / 100));
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function createSession(candidate, prepack) {
  const weights = readFileSync(join(folder, candidate, 'weights.f32'));
  return ort.InferenceSession.create(readFileSync(join(folder, candidate, 'model.onnx')), {
    executionProviders: ['wasm'],
    graphOptimizationLevel: 'disabled',
    externalData: [{ path: 'weights.f32', data: weights }],
    extra: { session: { disable_prepacking: prepack ? '0' : '1' } },
  });
}

/** CPU milliseconds for one picture. */
async function run(session) {
  const start = process.cpuUsage();
  await session.run({ input: new ort.Tensor('float32', picture, [1, 3, 224, 224]) });
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** In its own process: CPU milliseconds to create a session, including the runtime's start, and MiB after a run. */
async function creation(candidate, prepack) {
  const start = process.cpuUsage();
  const session = await createSession(candidate, prepack);
  const { user, system } = process.cpuUsage(start);
  const ms = (user + system) / 1000;
  await run(session);
  const bytes = memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  console.log(JSON.stringify({ ms, mib: bytes / MIB }));
}

function freshProcess(candidate, prepack) {
  const script = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, [script, folder, candidate, prepack ? 'prepack' : 'plain']);
  if (child.status !== 0) throw new Error(child.stderr.toString());
  return JSON.parse(child.stdout.toString());
}

async function compare() {
  const rows = [];
  for (const candidate of CANDIDATES) {
    for (const prepack of [false, true]) {
      const fresh = Array.from({ length: FRESH_PROCESSES }, () => freshProcess(candidate, prepack));
      const session = await createSession(candidate, prepack);
      rows.push({ candidate, prepack, fresh, session, times: [] });
    }
  }
  for (let i = 0; i < WARM_UP_RUNS + TIMED_RUNS; i++) {
    for (const { session, times } of rows) {
      const ms = await run(session);
      if (i >= WARM_UP_RUNS) times.push(ms);
    }
  }
  const plain = median(rows[0].times);
  console.table(
    rows.map(({ candidate, prepack, fresh, times }) => ({
      candidate,
      prepacking: prepack,
      'run CPU ms': median(times).toFixed(1),
      'of plain': (median(times) / plain).toFixed(2),
      'create CPU ms': median(fresh.map(({ ms }) => ms)).toFixed(0),
      'memory MiB': Math.max(...fresh.map(({ mib }) => mib)).toFixed(1),
    })),
  );
}

await (alone === undefined ? compare() : creation(alone, prepacking === 'prepack'));
