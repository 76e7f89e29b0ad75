/**
 * `npm run setup`: from a clone to a deployment that answers. It makes a key, deploys with the key as a secret, and
 * runs the checks of `npm run smoke`. It says what it does, and asks for what is not given.
 *
 *     npm run setup -- [--name NAME] [--plan paid|free] [--key NAME | --anonymous] [--yes] [--dry-run]
 *
 * @usage scripts/setup/questions.mjs
 */
import './help.mjs';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { install } from './install.mjs';
import { makeKey } from './new-key.mjs';
import { endChildrenOnSignal } from './process.mjs';
import { named, opened, workerName } from './setup/configuration.mjs';
import { answers } from './setup/questions.mjs';
import { deployedTo, hasKeys, loggedIn, tell } from './setup/wrangler.mjs';
import { smoke } from './smoke.mjs';
import { PROJECT } from './toolchain.mjs';

const TOML = path.join(PROJECT, 'wrangler.toml');
/** A new host's name and certificate take a while to become available. */
const ANSWER_MS = 120_000;
const TRY_MS = 3_000;

endChildrenOnSignal();
process.exitCode = await main();

/** @returns {Promise<number>} the exit code */
async function main() {
  if (!(await install())) return 1;
  const toml = readFileSync(TOML, 'utf8');
  const wanted = await answers(process.argv.slice(2), workerName(toml));
  if (wanted === undefined) return 2;
  const environment = wanted.plan === 'free' ? '--env=free' : '--env=';
  if (!wanted.dryRun && !(await account())) return 1;
  const keep = wanted.key !== undefined && !wanted.dryRun && hasKeys(environment);
  const key = wanted.key === undefined || keep ? undefined : makeKey(wanted.key);
  const renamed = named(toml, wanted.name);
  const changed = wanted.key === undefined ? opened(renamed) : renamed;
  say(plan(wanted, environment, { renamed: renamed !== toml, keep }));
  if (wanted.dryRun) return tell(['deploy', '--dry-run', environment, '--name', wanted.name]);

  if (changed !== toml) writeFileSync(TOML, changed);
  const scratch = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-setup-'));
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  const [secrets, output] = [path.join(scratch, 'secrets.json'), path.join(scratch, 'output.ndjson')];
  writeFileSync(output, '');
  if (key) writeFileSync(secrets, JSON.stringify({ API_KEYS: key.entry }), { mode: 0o600 });
  const code = await tell(['deploy', environment, ...(key ? ['--secrets-file', secrets] : [])], {
    WRANGLER_OUTPUT_FILE_PATH: output,
  });
  if (code !== 0) return code;
  if (key) say(handedOut(key));
  return check(deployedTo(output), key?.key);
}

/** @returns {Promise<boolean>} whether there is an account to deploy to */
async function account() {
  if (loggedIn()) return true;
  if (!process.stdin.isTTY) {
    console.error(
      'There is no account: run npx wrangler login, or set CLOUDFLARE_API_TOKEN. Nothing was done.',
    );
    return false;
  }
  say('wrangler opens a browser, to log in to Cloudflare.');
  return (await tell(['login'])) === 0 && loggedIn();
}

/**
 * @param {import('./setup/questions.mjs').Answers} wanted
 * @param {string} environment
 * @param {{ renamed: boolean, keep: boolean }} state
 */
function plan({ name, plan, key }, environment, { renamed, keep }) {
  const secret = keep
    ? 'The secret API_KEYS exists and stays: npm run key makes further keys.'
    : `A key for "${key}" is made. It is shown once; its SHA-256 goes into the secret API_KEYS.`;
  return [
    `This puts the Worker "${name}" on Cloudflare, on the ${plan === 'free' ? 'Free' : 'Paid'} plan:`,
    ...(renamed ? ['- wrangler.toml gets that name, and rate-limit namespaces of its own.'] : []),
    key === undefined
      ? '- wrangler.toml allows anonymous use: all callers are answered, within the rate limit.'
      : `- ${secret}`,
    `- wrangler deploy ${environment}${key === undefined || keep ? '' : ' --secrets-file …'}`,
    '- npm run smoke checks it with some 30 requests.',
  ].join('\n');
}

/** @param {{ name: string, key: string, entry: string }} key */
function handedOut({ name, key, entry }) {
  return `The key of "${name}", shown this once:\n\n  ${key}\n\nKeep this line, too. API_KEYS cannot be read back, and a further key is appended to it:\n\n  ${entry}`;
}

/**
 * @param {string | undefined} url
 * @param {string | undefined} key
 * @returns {Promise<number>} the exit code
 */
async function check(url, key) {
  if (url === undefined) {
    say('It is deployed, but has no address: give it a route, then run npm run smoke -- URL.');
    return 0;
  }
  say(`Waiting for ${url} to answer.`);
  if (!(await answers200(`${url}/healthz`))) {
    console.error(`${url} does not answer yet. Try later: npm run smoke -- ${url}`);
    return 1;
  }
  if (key !== undefined) process.env.MOBILENET_EDGE_KEY = key;
  const { passed, failed } = await smoke([url]);
  say(`${passed} passed, ${failed} failed. It is at ${url}.`);
  return failed === 0 ? 0 : 1;
}

/** @param {string} url */
async function answers200(url) {
  const end = Date.now() + ANSWER_MS;
  while (Date.now() < end) {
    const response = await fetch(url).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, TRY_MS));
  }
  return false;
}

/** @param {string} text */
function say(text) {
  console.log(`\n${text}\n`);
}
