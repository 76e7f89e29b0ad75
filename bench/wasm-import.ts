/**
 * Lets Node import what Workers can: `.wasm` as a compiled module, the network's files as buffers and as an object.
 * Load it with `node --import`.
 */
import { registerHooks } from 'node:module';

const WEIGHTS = /\/model\/[^/]+\.(onnx|bin)$/;
const LAYOUT = /\/(model|vendor)\/[^/]+\.json$/;

registerHooks({
  load(url, context, nextLoad) {
    const read = `readFileSync(new URL(${JSON.stringify(url)}))`;
    const value = url.endsWith('.wasm')
      ? `new WebAssembly.Module(${read})`
      : WEIGHTS.test(url)
        ? `new Uint8Array(${read}).buffer`
        : LAYOUT.test(url)
          ? `JSON.parse(${read})`
          : undefined;
    if (value === undefined) return nextLoad(url, context);
    const source = `import { readFileSync } from 'node:fs'; export default ${value};`;
    return { format: 'module', shortCircuit: true, source };
  },
});
