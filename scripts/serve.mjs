/**
 * `npm run serve`: runs the Worker on your own machine in plain workerd, without Cloudflare and without wrangler.
 * Settings are environment variables.
 *
 *     npm run serve -- [--ip 127.0.0.1] [--port 8787] [--metrics-port 9787] [--state FOLDER]
 *                     [--pictures FOLDER]
 *     npm run serve -- --build        builds dist/self-hosted, to be copied elsewhere, and starts nothing
 */
import './help.mjs';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { LOOPBACK } from './dev-server.mjs';
import { install } from './install.mjs';
import { endChildrenOnSignal, ended, run, start } from './process.mjs';
import { nodeBinary, PROJECT } from './toolchain.mjs';

const BUILD = path.join(PROJECT, 'dist', 'self-hosted');
const BUILD_MS = 300_000;

/** @returns {Promise<boolean>} whether `dist/self-hosted` has been built */
export async function build() {
  if (!(await install())) return false;
  const program = path.join(PROJECT, 'self-hosting', 'build.ts');
  return (await run({ command: nodeBinary(), args: [program, BUILD] }, { timeoutMs: BUILD_MS })) === 0;
}

/**
 * Starts what was built.
 *
 * @param {{ ip: string, port: number, metricsPort: number, state: string, pictures?: string }} where `pictures` is the
 *   folder that jobs run over; by default a folder in the state folder
 * @param {{ env?: Record<string, string>, output?: 'inherit' | 'pipe' }} [options]
 */
export function serve(
  { ip, port, metricsPort, state, pictures = path.join(state, 'pictures') },
  options = {},
) {
  for (const folder of [state, pictures]) mkdirSync(folder, { recursive: true });
  const program = path.join(BUILD, process.platform === 'win32' ? 'mobilenet-edge.exe' : 'mobilenet-edge');
  const host = ip.includes(':') ? `[${ip}]` : ip;
  const args = [
    ...['--socket-addr', `http=${host}:${port}`],
    ...['--socket-addr', `metrics=${LOOPBACK}:${metricsPort}`],
    ...['--directory-path', `pages=${path.join(BUILD, 'pages')}`],
    ...['--directory-path', `state=${path.resolve(state)}`],
    ...['--directory-path', `pictures=${path.resolve(pictures)}`],
  ];
  return start({ command: program, args }, options);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  endChildrenOnSignal();
  process.exitCode = await main();
}

async function main() {
  const { values } = parseArgs({
    options: {
      ip: { type: 'string', default: LOOPBACK },
      port: { type: 'string', default: '8787' },
      'metrics-port': { type: 'string', default: '9787' },
      state: { type: 'string', default: 'state' },
      pictures: { type: 'string' },
      build: { type: 'boolean', default: false },
    },
  });
  const [port, metricsPort] = [Number(values.port), Number(values['metrics-port'])];
  if (![port, metricsPort].every((number) => Number.isInteger(number) && number > 0 && number <= 65_535)) {
    console.error('--port and --metrics-port must be numbers from 1 to 65535.');
    return 2;
  }
  if (!(await build())) return 1;
  if (values.build) return 0;
  const { ip, state, pictures } = values;
  console.log(`
mobilenet-edge listens on ${ip}, port ${port}; its metrics are at http://${LOOPBACK}:${metricsPort}/metrics, and its
data is in ${path.resolve(state)}${existsSync(state) ? '' : ', which is created'}. ${access()} Press Ctrl-C to stop it.
`);
  return ended(serve({ ip, port, metricsPort, state, ...(pictures && { pictures }) }));
}

function access() {
  if (process.env.ALLOW_ANONYMOUS === 'true') return 'It answers all callers (ALLOW_ANONYMOUS=true).';
  if (process.env.API_KEYS) return 'It answers callers with a key.';
  return 'It is closed: set API_KEYS, as npm run key prints it, or ALLOW_ANONYMOUS=true.';
}
