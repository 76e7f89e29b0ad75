/**
 * Starts onnxruntime-web's module by the package's own glue.
 *
 * Nothing specific to this machine gets into its memory: the environment is empty and the clock stands still. The
 * memory grows only as far as requested, so its final size is what was needed.
 */
import startPackage, { type Glue, type Imports } from 'onnxruntime-web/ort-wasm-simd-threaded.mjs';
import { withGlobalsExported } from './globals.ts';
import { PAGE } from './memory.ts';

/** The glue's one-letter names for the imports that are replaced here. */
const IMPORTS = {
  module: 'a',
  memory: 'a',
  grow: 'la',
  clock: 'Qa',
  environmentSizes: 'Ha',
  environment: 'Ga',
};

export interface Started {
  readonly glue: Glue;
  readonly instance: WebAssembly.Instance;
  readonly memory: WebAssembly.Memory;
}

/** @param ortWasm the package's module */
export async function startGlue(ortWasm: Uint8Array): Promise<Started> {
  const module = new WebAssembly.Module(Buffer.from(withGlobalsExported(ortWasm)));
  const started: { instance?: WebAssembly.Instance; memory?: WebAssembly.Memory } = {};
  const instantiateWasm: Parameters<typeof startPackage>[0]['instantiateWasm'] = (imports, done) => {
    const own = imports[IMPORTS.module] ?? {};
    const memory = own[IMPORTS.memory];
    if (!(memory instanceof WebAssembly.Memory)) throw new Error("The glue's memory is not where it was.");
    const replaced: Imports = { [IMPORTS.module]: { ...own, ...replacements(memory) } };
    started.memory = memory;
    started.instance = new WebAssembly.Instance(module, replaced);
    done(started.instance, module);
  };
  const glue = await startPackage({ numThreads: 1, instantiateWasm });
  const { instance, memory } = started;
  if (instance === undefined || memory === undefined)
    throw new Error('The glue has not asked for an instance.');
  return { glue, instance, memory };
}

function replacements(memory: WebAssembly.Memory) {
  return {
    [IMPORTS.grow](bytes: number): number {
      memory.grow(Math.ceil((bytes >>> 0) / PAGE) - memory.buffer.byteLength / PAGE);
      return 1;
    },
    [IMPORTS.clock](_clock: number, _precision: bigint, at: number): number {
      new DataView(memory.buffer).setBigInt64(at >>> 0, 0n, true);
      return 0;
    },
    [IMPORTS.environmentSizes](count: number, bytes: number): number {
      for (const at of [count, bytes]) new DataView(memory.buffer).setInt32(at >>> 0, 0, true);
      return 0;
    },
    [IMPORTS.environment]: () => 0,
  };
}
