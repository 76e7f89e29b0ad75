/**
 * Writes `vendor/network.wasm`: onnxruntime-web's module with its session already created and the weights in its memory,
 * with our own kernels in place of some functions, and without the functions that no run calls. Also writes
 * `vendor/network.json`, which says where things are in it.
 *
 * `scripts/vendor.mjs` starts it. With `--check` nothing is written, and a difference from the bytes in `vendor` is an
 * error.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createRuntime, type Place } from '../../src/inference/runtime.ts';
import { PROJECT } from '../toolchain.mjs';
import { withoutGaps } from './network/compact.ts';
import { withData } from './network/data.ts';
import { entry } from './network/entry.ts';
import { withMarks, withoutUncalled } from './network/functions.ts';
import { EXTREME, ORDINARY } from './network/inputs.ts';
import { link } from './network/link.ts';
import { PAGE, pagesOf, withPages } from './network/memory.ts';
import { GRANULE, withoutUnread, withReads } from './network/reads.ts';
import { REPLACED } from './network/replaced.ts';
import { findFunctions } from './network/signatures.ts';
import { type Reader, writeWeights } from './network/weights.ts';
import { weightsFile, wholeModule } from './network/whole.ts';
import { checkKnown, KERNELS, NETWORK_JSON, NETWORK_WASM, ORT_WASM, sourcesNow } from './sources.mjs';

/** One byte for each of the 17,288 functions. */
const MARK_PAGES = 1;

/**
 * `malloc` returns the same addresses in every other run. After two runs, only the counters of runs and of frees differ.
 */
const RUNS_TO_THE_SAME_MEMORY = 2;
const COUNTERS = 2;

/**
 * Largest difference of logits and embeddings, which reach about 20. Our kernels add in another order, and round a
 * multiply-add once where the package rounds twice: that changes results by up to 5e-5.
 */
const MOST_ROUNDING = 1e-4;

const sources = sourcesNow();
checkKnown(sources);
const { wasm, json } = await build(readFileSync(path.join(PROJECT, ORT_WASM)));
if (process.argv.includes('--check')) {
  if (!readFileSync(NETWORK_WASM).equals(wasm) || readFileSync(NETWORK_JSON, 'utf8') !== json)
    throw new Error('vendor/network.wasm is not what is built now: node scripts/vendor.mjs');
} else {
  writeFileSync(NETWORK_WASM, wasm);
  writeFileSync(NETWORK_JSON, json);
}

async function build(ortWasm: Uint8Array): Promise<{ wasm: Buffer; json: string }> {
  const { module: whole, image, weights, infer } = await wholeModule(ortWasm);
  const { input, logits, embedding } = image;
  const bin = weightsFile();
  const inputs = [...ORDINARY, ...EXTREME];
  const answers = inputs.map(infer);
  /** Runs the inputs, whose answers must equal the plain package's. @returns the memory afterwards. */
  const runAll = (module: Buffer, { reader, isSame }: Stage): Uint8Array => {
    const runtime = createRuntime(new WebAssembly.Module(Buffer.from(module)), image);
    if (reader !== undefined) writeWeights(bin, (tensor) => runtime.at(entry(weights, tensor)), reader);
    for (const [index, values] of [...inputs.entries(), ...inputs.entries()]) {
      runtime.at(input).set(values);
      runtime.run();
      const answer = Buffer.concat([logits, embedding].map((place) => bytesOf(runtime.at(place))));
      if (!isSame(answer, entry(answers, index)))
        throw new Error(`Input ${index} is not answered as onnxruntime-web answers it.`);
    }
    const everything = { at: 0, floats: runtime.bytes / 4 };
    const before = bytesOf(runtime.at(everything).slice());
    for (let run = 0; run < RUNS_TO_THE_SAME_MEMORY; run++) runtime.run();
    const after = bytesOf(runtime.at(everything));
    if (differences(before, after) > COUNTERS) throw new Error('Runs do not come back to the same memory.');
    return after;
  };
  /** Removes the functions that no run calls. */
  const prune = (module: Buffer, stage: Stage): { module: Buffer; called: readonly boolean[] } => {
    const pages = pagesOf(module);
    const marks = runAll(withMarks(withPages(module, pages + MARK_PAGES), pages * PAGE), stage);
    const called = [...marks.subarray(pages * PAGE)].map((mark) => mark === 1);
    const pruned = withoutUncalled(module, (index) => called[index] === true);
    runAll(pruned, stage);
    return { module: pruned, called };
  };

  const theirs = prune(whole, { reader: 'runtime', isSame: (answer, expected) => answer.equals(expected) });

  const found = findFunctions(ortWasm, REPLACED, (index) => theirs.called[index] === true);
  const hooks = REPLACED.map(({ kernel }, index) => ({ kernel, at: entry(found, index) }));
  const linked = link(theirs.module, readFileSync(path.join(PROJECT, KERNELS)), hooks);
  const ours = { reader: 'kernels', isSame: isClose } as const;
  const { module: pruned, called } = prune(linked.module, ours);
  const idle = linked.own.filter((index) => !called[index]);
  if (idle.length > 0) throw new Error(`No run calls function ${idle.join(', ')} of the kernels.`);

  const compact = withoutGaps(pruned, (index) => called[index] === true);
  const pages = pagesOf(compact);
  const markPages = pages / GRANULE;
  const marks = runAll(withReads(withPages(compact, pages + Math.ceil(markPages)), pages * PAGE), ours);
  const read = withoutUnread(compact, (granule) => marks[pages * PAGE + granule] === 1);
  const wasm = withData(read, ({ buffer }) =>
    writeWeights(bin, (tensor) => floatsAt(buffer, entry(weights, tensor)), ours.reader),
  );
  runAll(wasm, { isSame: isClose });

  const functions = called.filter((one) => one).length;
  console.log(
    `vendor/network.wasm: ${functions} functions, ${linked.own.length} of them ours, ${wasm.length} bytes, ${pagesOf(wasm) * PAGE} bytes of memory`,
  );
  return { wasm, json: `${JSON.stringify({ sources, ...image })}\n` };
}

/** The inputs of a run, and how close its answers must be to the package's. */
interface Stage {
  /** Whose weights are written before a run; nobody's if the module has them. */
  readonly reader?: Reader;
  readonly isSame: (answer: Buffer, expected: Buffer) => boolean;
}

/** The package leaves the range of floats there, so how large the difference is does not matter. */
function isClose(answer: Buffer, expected: Buffer): boolean {
  for (let at = 0; at < answer.length; at += 4) {
    const wanted = expected.readFloatLE(at);
    if (Number.isFinite(wanted) && !(Math.abs(answer.readFloatLE(at) - wanted) <= MOST_ROUNDING))
      return false;
  }
  return true;
}

/** @returns how many 32-bit numbers differ */
function differences(one: Buffer, other: Buffer): number {
  let count = 0;
  for (let at = 0; at < one.length; at += 4) if (one.readInt32LE(at) !== other.readInt32LE(at)) count++;
  return count;
}

function floatsAt(buffer: ArrayBuffer, { at, floats }: Place): Float32Array {
  return new Float32Array(buffer, at, floats);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(new Uint8Array(buffer, byteOffset, byteLength));
}
