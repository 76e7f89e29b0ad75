/**
 * `npm run key -- NAME`: a new key for callers, and what the Worker stores of it.
 *
 * The Worker needs only the hash. A plain SHA-256 is enough: 256 random bits cannot be guessed, as words can.
 */
import { createHash, randomBytes } from 'node:crypto';
import process from 'node:process';

/** So that a key is known for what it is, by people and by secret scanners. */
const PREFIX = 'mne_';
const KEY_BYTES = 32;

const [name, ...more] = process.argv.slice(2);
if (name === undefined || more.length > 0 || !/^[\w.-]{1,64}$/.test(name) || name === 'anonymous') {
  console.error(
    'Usage: npm run key -- NAME\n' +
      'NAME says in the log who called: letters, digits, ".", "_" and "-", at most 64, not "anonymous".',
  );
  process.exit(1);
}

const key = PREFIX + randomBytes(KEY_BYTES).toString('base64url');
const entry = `${name}:${createHash('sha256').update(key).digest('hex')}`;
console.log(`
The key, shown this once:

  ${key}

Give it to the caller, who sends it as "Authorization: Bearer <key>" or as "x-api-key: <key>".
Store the line below, which tells nothing about the key, in the secret API_KEYS:

  npx wrangler secret put API_KEYS --env=      (on the Free plan: --env free)

  ${entry}

API_KEYS holds every key, separated by commas, and cannot be read back: keep the whole line somewhere, append this
entry to it, and put it all. To rotate, append the new key under the same name, hand it out, then put the line
without the old one.
`);
