/**
 * How long 100,000 pictures wait for the rate limit with the default settings. Counts the requests that the typed
 * client makes as `npm run classify` uses it, against a stub that keeps the accounts of bytes, pictures and time as the
 * Worker does but classifies nothing.
 *
 *     node --import ./bench/wasm-import.ts bench/waiting.ts
 */
import { createClient } from '../client/client.ts';
import { shrunk } from '../examples/folder/shrink.ts';
import { createAllowance } from '../src/image/ways/allowance.ts';
import { UNIT_LIMITS } from '../src/image/ways/time.ts';
import { unitsOf } from '../src/jobs/cost.ts';
import { readSettings } from '../src/settings.ts';
import { drawn, drawnPictures } from './speed/pictures.ts';

const PICTURES = 100_000;
/** This many are simulated, and the result is scaled up. */
const SIMULATED = 480;

const CAMERA = { width: 4000, height: 3000 };

const settings = readSettings({});
const { RATE_LIMIT_REQUESTS: periodRequests, RATE_LIMIT_SECONDS: periodSeconds } = settings;
/** What the client reads from /v1/limits. */
const limits = {
  image: { max_bytes: settings.MAX_IMAGE_BYTES },
  json: { max_bytes: settings.MAX_JSON_BYTES },
  batch: { max_items: settings.MAX_BATCH_ITEMS, max_bytes: settings.MAX_BATCH_BYTES },
};

const pictures = [...(await drawnPictures()), await drawn('WebP 12 MP', 'webp-lossy', CAMERA)];

console.log(
  '| | kB | units | pictures in a request | minutes | with `--shrink` |\n|---|--:|--:|--:|--:|--:|',
);
for (const { name, file } of pictures) {
  const small = await shrunk(file);
  const whole = await requestsFor(file);
  const shrunken = small.was === undefined ? whole : await requestsFor(small.bytes);
  console.log(
    `| ${name} | ${Math.round(file.length / 1000)} | ${unitsOf(file, UNIT_LIMITS).toFixed(1)} | ` +
      `${(SIMULATED / whole).toFixed(1)} | ${minutes(whole)} | ${minutes(shrunken)} |`,
  );
}

/** Requests for that many copies of a picture, without the one for the limits. */
async function requestsFor(file: Uint8Array<ArrayBuffer>): Promise<number> {
  const units = unitsOf(file, UNIT_LIMITS);
  let requests = 0;
  const client = createClient({
    url: 'http://service.invalid',
    async fetch(url, { body }) {
      if (url.endsWith('/v1/limits')) return Response.json(limits);
      requests++;
      return body instanceof FormData ? answered(body.getAll('image').length, units) : Response.json({});
    },
  });
  async function* copies() {
    for (let i = 0; i < SIMULATED; i++) yield file;
  }
  let seen = 0;
  for await (const { ok } of client.batch(copies())) seen += ok ? 1 : 0;
  if (seen !== SIMULATED) throw new Error(`${seen} of ${SIMULATED} pictures were answered.`);
  return requests;
}

/** The client sends pictures again that the budget of a request had no room for. */
function answered(count: number, units: number): Response {
  const allowance = createAllowance(settings.MAX_BATCH_UNITS);
  const lines = Array.from({ length: count }, (_, index) => {
    const failure = allowance.picture().take(units);
    return JSON.stringify(failure === undefined ? { index, result: {} } : { index, error: failure });
  });
  return new Response(`${lines.join('\n')}\n`);
}

/** A period's quota of requests is sent at once, so the first period adds no wait. */
function minutes(requests: number): number {
  const periods = Math.ceil((requests * PICTURES) / SIMULATED / periodRequests);
  return Math.round(((periods - 1) * periodSeconds) / 60);
}
