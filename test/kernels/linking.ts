/** What the linker does not accept: another build of the package, and kernels and detours that do not fit. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { withoutDetours } from '../../scripts/vendor/network/detours.ts';
import { link } from '../../scripts/vendor/network/link.ts';
import { CONVOLUTION } from '../../scripts/vendor/network/replaced.ts';
import { findFunctions } from '../../scripts/vendor/network/signatures.ts';
import { KERNELS, NETWORK_WASM, ORT_WASM } from '../../scripts/vendor/sources.mjs';
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
    const [at = -1] = findFunctions(file(ORT_WASM), [CONVOLUTION]);
    assert.throws(() => link(network, file(KERNELS), [{ at, kernel: 'rowProduct' }]), /cannot replace/);
    assert.throws(() => link(network, file(KERNELS), [{ at, kernel: 'none' }]), /no kernel none/);
  },
  'an import is called directly only where it is there, and of its type': async () => {
    const ortWasm = file(ORT_WASM);
    assert.throws(() => withoutDetours(ortWasm, { none: 'invoke' }), /not there by its name/);
    assert.throws(() => withoutDetours(ortWasm, { d: 'clock' }), /The clock is of the type/);
  },
};
