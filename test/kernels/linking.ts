/**
 * What the linker refuses: another build of the package, and kernels and detours that do not fit; and what it removes.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import wabtInit from 'wabt';
import { withoutGaps } from '../../scripts/vendor/network/compact.ts';
import { withoutDetours } from '../../scripts/vendor/network/detours.ts';
import { link } from '../../scripts/vendor/network/link.ts';
import { GRANULE, withoutUnread, withReads } from '../../scripts/vendor/network/reads.ts';
import { CONVOLUTION } from '../../scripts/vendor/network/replaced.ts';
import { findFunctions, importedFunctions, typesOf } from '../../scripts/vendor/network/signatures.ts';
import { KERNELS, NETWORK_WASM, ORT_WASM } from '../../scripts/vendor/sources.mjs';
import { only, readSections, SECTION } from '../../scripts/vendor/wasm-binary.mjs';
import type { Checks } from '../conformance/report.ts';

const file = (name: string) => readFileSync(path.resolve(import.meta.dirname, '..', '..', name));

export const LINKING: Checks = {
  'a function with another body, type or number of callers is not found': async () => {
    const ortWasm = file(ORT_WASM);
    const changes = [
      { body: '0'.repeat(64) },
      { parameters: 'i32' },
      { results: 'i32' },
      { callers: CONVOLUTION.callers + 1 },
    ];
    for (const change of changes)
      assert.throws(() => findFunctions(ortWasm, [{ ...CONVOLUTION, ...change }]), /MlasConv is .* 0 times/);
    const every = () => findFunctions(ortWasm, [{ ...CONVOLUTION, body: '' }], () => true);
    assert.throws(every, new RegExp(CONVOLUTION.body));
  },
  'a kernel with other parameters does not take the place of a function': async () => {
    const network = readFileSync(NETWORK_WASM);
    // The first function that is not imported, whose type no kernel has.
    const at = importedFunctions(only(readSections(network), SECTION.import)).length;
    assert.throws(() => link(network, file(KERNELS), [{ at, kernel: 'rowProduct' }]), /cannot replace/);
    assert.throws(() => link(network, file(KERNELS), [{ at, kernel: 'none' }]), /no kernel none/);
  },
  'an import is called directly only where it is there, and of its type': async () => {
    const ortWasm = file(ORT_WASM);
    assert.throws(() => withoutDetours(ortWasm, { none: 'invoke' }), /not there by its name/);
    assert.throws(() => withoutDetours(ortWasm, { d: 'clock' }), /The clock is of the type/);
  },
  'functions that are not called are left out, and what stays finds what it calls': async () => {
    const { parseWat } = await wabtInit();
    const module = parseWat(
      'module.wat',
      `(module
        (import "runtime" "double" (func $double (param i32) (result i32)))
        (type $unary (func (param i32) (result i32)))
        (table (export "table") 8 funcref)
        (elem (i32.const 1) $left $add $double $left $one)
        (func $left (param i32) (result i32) (i32.const 0))
        (func $one (param i32) (result i32) (i32.const 1))
        (func $unneeded)
        (func $add (param i32) (result i32) (i32.add (local.get 0) (call $one (local.get 0))))
        (func (export "run") (param i32) (result i32)
          (if (result i32) (local.get 0)
            (then (call_indirect (type $unary) (call $double (local.get 0)) (i32.const 2)))
            (else (call $unneeded) (call $left (local.get 0))))))`,
      {},
    ).toBinary({}).buffer;
    // The called functions from above: $one, $add and the last.
    const compact = withoutGaps(module, (index) => [1, 3, 4].includes(index));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(compact)), {
      runtime: { double: (value: number) => 2 * value },
    });
    // The exports are the functions written above.
    const { run, table } = exports as unknown as { run(value: number): number; table: WebAssembly.Table };
    assert.equal(run(20), 41);
    assert.throws(() => run(0), WebAssembly.RuntimeError);
    const entries = Array.from({ length: 8 }, (_, place) => table.get(place)?.(5) ?? null);
    assert.deepEqual(entries, [null, null, 6, 10, null, 1, null, null]);
    // Three that are kept, and traps of two types.
    assert.equal(typesOf(only(readSections(compact), SECTION.function)).length, 5);
  },
  'data that is not read is left out, whatever reads the rest': async () => {
    const module = await withData(`
      (drop (i32.load offset=28 (i32.const 2)))
      (drop (v128.load (i32.const 64)))
      (drop (v128.load32_lane 1 (i32.const 96) (v128.const i32x4 0 0 0 0)))
      (memory.copy (i32.const 1024) (i32.const 160) (i32.const 33))
      (memory.copy (i32.const 1024) (i32.const 256) (i32.const 0))
      (drop (i32.atomic.rmw.add (i32.const 320) (i32.const 1)))
      (drop (i32.atomic.rmw.cmpxchg (i32.const 352) (i32.const 7) (i32.const 8)))
      (i32.store (i32.const 384) (i32.const 1))
      (memory.fill (i32.const 416) (i32.const 1) (i32.const 16))`);
    const marks = 65_536;
    const marked = instanceOf(withReads(module, marks));
    marked.run();
    const isRead = (granule: number) => marked.bytes[marks + granule] === 1;
    const read = Array.from({ length: 32 }, (_, granule) => granule).filter(isRead);
    assert.deepEqual(read, [1, 2, 4, 6, 10, 11, 12, 20, 22]);
    const { bytes } = instanceOf(withoutUnread(module, isRead));
    for (let at = 0; at < 512; at++)
      assert.equal(bytes[at], isRead(Math.floor(at / GRANULE)) ? 7 : 0, `byte ${at}`);
  },
  'a read that is not known is refused': async () => {
    const module = await withData('(drop (i64.atomic.rmw.add (i32.const 0) (i64.const 1)))');
    assert.throws(() => withReads(module, 65_536), /reads is not known/);
  },
};

/** A module with 512 sevens at 0. @param run instructions */
async function withData(run: string): Promise<Uint8Array> {
  const { parseWat } = await wabtInit();
  return parseWat(
    'module.wat',
    `(module
      (import "runtime" "unused" (func))
      (memory (export "memory") 2 2)
      (data (i32.const 0) "${'\\07'.repeat(512)}")
      (func (export "run") ${run}))`,
    { simd: true, threads: true, bulk_memory: true },
  ).toBinary({}).buffer;
}

function instanceOf(module: Buffer): { run(): void; readonly bytes: Uint8Array } {
  const runtime = { unused: () => undefined };
  // As written above.
  const { run, memory } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(module)), { runtime })
    .exports as unknown as { run(): void; memory: WebAssembly.Memory };
  return { run, bytes: new Uint8Array(memory.buffer) };
}
