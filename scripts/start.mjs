/**
 * `npm start`: installs what is missing and runs the Worker on this machine, with one line for each request.
 *
 *     npm start                       on http://localhost:8787
 *     npm start -- --port 9000        on another port; --ip 0.0.0.0 for other machines
 *     npm start -- --verbose          with all that wrangler prints
 *
 * Other arguments go to `wrangler dev`.
 */
import './help.mjs';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { claimPort, LOOPBACK, startWorker } from './dev-server.mjs';
import { install } from './install.mjs';
import { endChildrenOnSignal, ended } from './process.mjs';
import { requestLines } from './request-lines.mjs';

const DEFAULT_PORT = 8787;

/** For the printed example command: this file is in every clone. */
const PICTURE = 'public/playground/samples/balloon.webp';

endChildrenOnSignal();
const verbose = process.argv.includes('--verbose');
const { ip, port, args } = listeningAddress(process.argv.slice(2).filter((arg) => arg !== '--verbose'));
if (!(await install())) process.exit(1);

console.log('Starting the Worker. The first start takes up to half a minute.');
const output = verbose ? 'inherit' : 'pipe';
const { child, ready } = startWorker({ ip, port: await claimOrFail(ip, port), args, output });
const readable = requestLines();
for (const stream of [child.stdout, child.stderr]) {
  if (!stream) continue;
  createInterface({ input: stream }).on('line', (line) => {
    const text = readable(line);
    if (text !== undefined) console.log(text);
  });
}
ready.then((url) => {
  console.log(`
The Worker listens on ${url}
  in a browser   ${url}/
  with curl      curl --data-binary @${PICTURE} ${url}/v1/classify
On this machine it answers without a key and without a rate limit; a deployment does neither unless its settings say
so. Press Ctrl-C to stop it.
`);
});
process.exitCode = await ended(child);

/**
 * Removes the address from the arguments, because wrangler silently moves to another port when its default is in use.
 *
 * @param {string[]} argv
 */
function listeningAddress(argv) {
  const { values, tokens } = parseArgs({
    args: argv,
    strict: false,
    tokens: true,
    options: {
      ip: { type: 'string', default: LOOPBACK },
      port: { type: 'string', default: String(DEFAULT_PORT) },
    },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    fail(`--port must be a number from 0 to 65535, not ${values.port}.`);
  const taken = new Set();
  for (const token of tokens) {
    if (token.kind !== 'option' || (token.name !== 'ip' && token.name !== 'port')) continue;
    taken.add(token.index);
    if (!token.inlineValue) taken.add(token.index + 1);
  }
  return { ip: String(values.ip), port, args: argv.filter((_, index) => !taken.has(index)) };
}

/**
 * @param {string} ip
 * @param {number} port
 */
async function claimOrFail(ip, port) {
  try {
    return await claimPort(ip, port);
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'EADDRINUSE') {
      fail(
        `Port ${port} on ${ip} is in use. Stop the program that listens there, or use another port: npm start -- --port ${port + 1}`,
      );
    }
    return fail(`Cannot listen on ${ip}, port ${port}: ${message}`);
  }
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  console.error(message);
  process.exit(1);
}
