/**
 * `npm start`: the Worker on this machine, from a bare clone.
 *
 *     npm start
 *     npm start -- --port 9000
 *
 * Arguments after `--` go to `wrangler dev`.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { claimPort, LOOPBACK, startWorker } from './dev-server.mjs';
import { install } from './install.mjs';
import { endChildrenOnSignal, ended } from './process.mjs';

const DEFAULT_PORT = 8787;

endChildrenOnSignal();
const { ip, port, args } = listeningAddress(process.argv.slice(2));
if (!(await install())) process.exit(1);

const { child, ready } = startWorker({ ip, port: await claimOrFail(ip, port), args });
ready.then((url) => {
  console.log(`
The Worker listens on ${url}
  in a browser   ${url}/
  with curl      curl --data-binary @photo.jpg ${url}/v1/classify
Here anonymous use is allowed (ALLOW_ANONYMOUS=true) and nobody is limited (RATE_LIMIT_REQUESTS=0); deployed it
is not, and everybody is. Ctrl-C ends it.
`);
});
process.exitCode = await ended(child);

/**
 * Takes the address out of the arguments, because wrangler quietly moves to another port when its default is in use.
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
    fail(`--port wants a number from 0 to 65535, not ${values.port}.`);
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
        `Port ${port} on ${ip} is in use. End what listens there, or take another: npm start -- --port ${port + 1}`,
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
