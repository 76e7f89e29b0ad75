/**
 * `npm run key -- NAME`: makes a key for a caller, and prints what the Worker stores of it.
 */
import './help.mjs';
import process from 'node:process';
import { KEY_NAME, makeKey } from './new-key.mjs';

const [name, ...more] = process.argv.slice(2);
if (name === undefined || more.length > 0 || !KEY_NAME.test(name)) {
  console.error(
    'Usage: npm run key -- NAME\n' +
      'NAME says in the log who called: letters, digits, ".", "_" and "-", at most 64, not "anonymous".',
  );
  process.exit(1);
}

const { key, entry } = makeKey(name);
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
