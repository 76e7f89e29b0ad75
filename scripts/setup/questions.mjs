/** What `npm run setup` must know: taken from its arguments, or asked. */
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { KEY_NAME } from '../new-key.mjs';
import { WORKER_NAME } from './configuration.mjs';

const USAGE = `npm run setup -- [options]

  --name NAME    of the Worker, and the first part of its host's name
  --plan PLAN    paid or free
  --key NAME     who the first key is for; it is in the log
  --anonymous    answer everybody, without a key
  --yes          ask nothing: what is not given is as wrangler.toml has it, on the Paid plan, with a key "first"
  --dry-run      say what would be done, bundle, and do nothing else`;

/**
 * @typedef {object} Answers
 * @property {string} name
 * @property {'paid' | 'free'} plan
 * @property {string | undefined} key undefined if anonymous callers are answered
 * @property {boolean} dryRun
 */

/**
 * @param {string[]} argv
 * @param {string} nameNow
 * @returns {Promise<Answers | undefined>} undefined if something is wrong, which has been reported
 */
export async function answers(argv, nameNow) {
  const given = parsed(argv);
  if (given === undefined) return undefined;
  const silent = given.yes || !process.stdin.isTTY;
  const terminal = silent ? undefined : createInterface({ input: process.stdin, output: process.stdout });
  /**
   * @param {string | undefined} value
   * @param {string} question
   * @param {string} byDefault
   */
  const value = async (value, question, byDefault) =>
    value ?? ((await terminal?.question(`${question} [${byDefault}] `))?.trim() || byDefault);
  try {
    const name = await value(given.name, "The Worker's name", nameNow);
    if (!WORKER_NAME.test(name)) return refused('--name takes small letters, digits and "-", at most 63.');
    const plan = await value(given.plan, 'The plan, paid or free', 'paid');
    if (plan !== 'paid' && plan !== 'free') return refused('--plan is paid or free.');
    const key = given.anonymous ? undefined : await value(given.key, 'Who the first key is for', 'first');
    if (key !== undefined && !KEY_NAME.test(key))
      return refused('--key takes letters, digits, ".", "_" and "-", at most 64, and not "anonymous".');
    return { name, plan, key, dryRun: given['dry-run'] };
  } finally {
    terminal?.close();
  }
}

/** @param {string[]} argv */
function parsed(argv) {
  try {
    return parseArgs({
      args: argv,
      options: {
        name: { type: 'string' },
        plan: { type: 'string' },
        key: { type: 'string' },
        anonymous: { type: 'boolean', default: false },
        yes: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

/**
 * @param {string} why
 * @returns {undefined}
 */
function refused(why) {
  console.error(`${why}\n\n${USAGE}`);
}
