/**
 * The Worker on this machine: `wrangler dev` on the loopback interface, open to anonymous use.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { ended, start, stop } from './process.mjs';
import { tool } from './toolchain.mjs';

export const LOOPBACK = '127.0.0.1';

/** From the start to the first answer: bundling 20 MB and starting workerd takes 2–10 s, more on a busy machine. */
const START_MS = 120_000;

/** Bytes of its output that are kept. */
const OUTPUT_LENGTH = 100_000;

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/**
 * @typedef {object} Options
 * @property {string} ip
 * @property {number} port
 * @property {string[]} [args] further arguments of `wrangler dev`
 * @property {'inherit' | 'pipe'} [output]
 */

/**
 * Starts the Worker; `ready` resolves to its address once it answers.
 *
 * @param {Options} options
 * @returns {{ child: ChildProcess, ready: Promise<string> }}
 */
export function startWorker({ ip, port, args = [], output = 'inherit' }) {
  const command = tool('wrangler', [
    'dev',
    // With a bucket and queues, which wrangler keeps on this machine.
    ...['--env', 'local'],
    ...['--ip', ip, '--port', String(port)],
    '--show-interactive-dev-session=false',
    // A deployment refuses callers without a key, and callers over the rate limit, on the routes that cost CPU time.
    ...['--var', 'ALLOW_ANONYMOUS:true', '--var', 'ALLOW_ANONYMOUS_TEACHING:true'],
    ...['--var', 'ALLOW_ANONYMOUS_JOBS:true'],
    ...['--var', 'RATE_LIMIT_REQUESTS:0'],
    ...args,
  ]);
  // wrangler tells a parent that opened an IPC channel on which port it listens. It does so before the bundle is built,
  // and holds requests until then, so only the first answer counts as ready.
  const child = start(command, { output, ipc: true });
  const ready = new Promise((resolve) => {
    child.on('message', (message) => {
      const { event, port: actual } = JSON.parse(String(message));
      if (event !== 'DEV_SERVER_READY') return;
      const url = `http://${reachable(ip)}:${actual}`;
      fetch(`${url}/healthz`).then(
        () => resolve(url),
        (error) => console.error(`No answer from ${url}: ${error.cause ?? error}`),
      );
    });
  });
  return { child, ready };
}

/**
 * @param {string} ip an address to listen on
 * @returns {string} an address to call, as in a URL
 */
function reachable(ip) {
  if (ip === '0.0.0.0') return LOOPBACK;
  if (ip === '::') return '[::1]';
  return ip.includes(':') ? `[${ip}]` : ip;
}

/**
 * A Worker for a measurement: on a free port, with an empty cache of its own. Its output is shown only if it fails.
 *
 * @param {string[]} [args] further arguments of `wrangler dev`
 * @param {string} [given] a folder with the state of an earlier Worker, which is kept; without it the state is empty
 * @returns {Promise<{ url: string, pid: number | undefined, inspector: string, output: () => string, close: () => Promise<void> }>}
 * `pid` is wrangler's, the parent of workerd's
 */
export async function temporaryWorker(args = [], given) {
  const state = given ?? mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-'));
  if (given === undefined) process.once('exit', () => rmSync(state, { recursive: true, force: true }));
  const inspectorPort = await freePort();
  const { child, ready } = startWorker({
    ip: LOOPBACK,
    port: await freePort(),
    args: ['--inspector-port', String(inspectorPort), '--persist-to', state, ...args],
    output: 'pipe',
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      log = (log + chunk).slice(-OUTPUT_LENGTH);
    });
  }
  const close = () => stop(child);
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const url = await Promise.race([
    ready,
    ended(child).then(() => undefined),
    new Promise((resolve) => {
      timer = setTimeout(resolve, START_MS);
    }),
  ]);
  clearTimeout(timer);
  if (url)
    return {
      url,
      pid: child.pid,
      inspector: `http://${LOOPBACK}:${inspectorPort}`,
      output: () => log,
      close,
    };
  await close();
  throw new Error(`The Worker did not start. The end of its output:\n${log.slice(-4_000)}`);
}

/**
 * @param {string} ip
 * @param {number} port 0 for any free one
 * @returns {Promise<number>} the port, or an error with a code such as EADDRINUSE
 */
export function claimPort(ip, port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, ip, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

const freePort = () => claimPort(LOOPBACK, 0);
