/**
 * The API's description as a text, made of the source's schemas whenever the Worker is bundled: so a Worker has neither the
 * generator nor what is only written for it. Runs on Node 20: the installation begins here.
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

/** Modules of the runtime and binary ones: what is described imports them, and asks them for nothing. */
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
  // Schemas are made by code for Workers, which Node 20 does not run.
  return execFileSync(nodeBinary(), ['--input-type=module', '-'], {
    input: outputFiles[0]?.text,
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
}
