/**
 * Checks from outside, with real pictures, whether a deployment works as it should: `npm run smoke -- URL`. It sends
 * some 30 requests. A key is read from the environment variable MOBILENET_EDGE_KEY.
 */
import { parseArgs } from 'node:util';
import { createClient } from '../../client/client.ts';
import { report } from '../conformance/report.ts';
import { pageChecks } from './pages.ts';
import { pictureChecks } from './pictures.ts';
import { refusalChecks } from './refusals.ts';
import { serviceChecks } from './service.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const [address, ...others] = positionals;
if (address === undefined || others.length > 0 || !URL.canParse(address)) {
  console.error('usage: npm run smoke -- https://classifier.example.com');
  process.exit(1);
}

const url = address.replace(/\/$/, '');
const key = process.env.MOBILENET_EDGE_KEY;
const client = createClient({ url, ...(key && { key }) });
const limits = await client.limits().catch((error: unknown) => {
  console.error(
    `${url} does not answer as a mobilenet-edge should: ${error instanceof Error ? error.message : error}`,
  );
  process.exit(1);
});
if (limits.anonymous) console.log('Note: it answers everybody, without a key.');
if (!limits.anonymous && !key)
  console.log('Note: it is closed, and MOBILENET_EDGE_KEY is not set: most checks will fail.');
if (limits.rate === null) console.log('Note: it has no rate limit.');

await report({
  ...serviceChecks(client, url),
  ...(await pictureChecks(client)),
  ...refusalChecks(url, key, limits),
  ...pageChecks(url),
});
