/**
 * Creates the OpenAPI document as text from the source's schemas, whenever the Worker is bundled, so that the Worker
 * needs neither the generator nor the schemas that only describe. Runs on Node 20, which the installation starts with.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { build } from 'esbuild';
import { nodeBinary, PROJECT } from '../toolchain.mjs';

const FOLDER = path.join(PROJECT, 'src', 'http', 'openapi');
const PROGRAM = `
  import { openApiDocument } from './document.ts';
  process.stdout.write(JSON.stringify(openApiDocument()));
`;

/** Runtime and binary modules: described modules import them, but do not use them here. */
const ABSENT = /^cloudflare:|\.(wasm|bin|text)$/;

/** @type {import('esbuild').Plugin} */
const withoutRuntime = {
  name: 'without-runtime',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: ABSENT }, ({ path: name }) => ({ path: name, namespace: 'absent' }));
    // CommonJS, so that any name can be imported. Each is a class, since some are extended.
    onLoad({ filter: /.*/, namespace: 'absent' }, () => ({
      contents: 'module.exports = new Proxy({}, { get: () => class {} });',
    }));
  },
};

/** @returns {Promise<string>} JSON of an OpenAPI document without `servers` */
export async function describedApi() {
  const { outputFiles } = await build({
    stdin: { contents: PROGRAM, resolveDir: FOLDER },
    plugins: [withoutRuntime],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  // The schemas' modules are written for Workers, and Node 20 does not run them.
  return execFileSync(nodeBinary(), ['--input-type=module', '-'], {
    input: outputFiles[0]?.text,
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
}
