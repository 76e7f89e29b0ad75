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
};
