/**
 * Mixed traffic from several connections for a while. Each request is first sent alone; from then on its answer must be
 * the same to the last digit, there must be no 5xx, and memory must not grow.
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { report } from '../conformance/report.ts';
import { none } from '../fuzz/failures.ts';
import { drawSeeds } from '../fuzz/seeds.ts';
import { answerTo, wrongInQuiet } from './answer.ts';
import { wholeNumber } from './count.ts';
import { growthOf, type Sample } from './growth.ts';
import { openHeap } from './heap.ts';
import { type Known, load, type Outcome } from './load.ts';
import { refusedForNow } from './patience.ts';
import { percentiles } from './percentiles.ts';
import { type Call, trafficOf } from './traffic.ts';
import { withWorker } from './worker.ts';

const USAGE = `npm run soak -- [options]

  --requests      how many (20000)
  --connections   how many at a time (8)
  --cache         seconds for which the Worker that is started keeps what it saw (0: each answer is worked for)
  --url           a running Worker, with CACHE_SECONDS 0 unless the cache is to answer (default: one is started)`;

/** How fast the minima may rise, in KiB per request. */
const MAX_RESIDENT_SLOPE = 50;
const MAX_HEAP_SLOPE = 8;
/**
 * Variation of the minima of V8's heap without growth: over 20,000 requests without a leak (−0.2 KiB a request), they
 * were between 20 and 32 MiB. In a short run that alone is a slope.
 */
const HEAP_RANGE_MIB = 16;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    connections: { type: 'string', default: '8' },
    cache: { type: 'string', default: '0' },
    url: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else await withWorker(values.url, soak, wholeNumber('cache', values.cache, 0));

async function soak(url: string, inspector?: string): Promise<void> {
  const requests = wholeNumber('requests', values.requests, 1);
  const connections = wholeNumber('connections', values.connections, 1);
  const calls = trafficOf(await drawSeeds());
  const known: Known[] = [];
  await report({
    [`${calls.length} requests in quiet: good ones name what is in the picture, bad ones are refused`]:
      async () => {
        known.push(...(await askInQuiet(url, calls)));
      },
  });
  if (known.length === 0) return;
  const heap = inspector === undefined ? undefined : await openHeap(inspector);
  const outcome = await load(url, known, { requests, connections, heap });
  heap?.close();
  describe(outcome);
  await report({
    [`${requests} requests over ${connections} connections: no 5xx`]: async () => none(outcome.serverErrors),
    'every answer is the one given in quiet': async () => none(outcome.wrong),
    [`what V8 holds rises by at most ${MAX_HEAP_SLOPE} KiB a request`]: async () =>
      flat(outcome.heap, MAX_HEAP_SLOPE, HEAP_RANGE_MIB),
    [`resident memory rises by at most ${MAX_RESIDENT_SLOPE} KiB a request`]: async () =>
      flat(outcome.resident, MAX_RESIDENT_SLOPE),
  });
}

async function askInQuiet(url: string, calls: readonly Call[]): Promise<readonly Known[]> {
  const known: Known[] = [];
  const wrong: string[] = [];
  for (const call of calls) {
    const quiet = await answerTo(url, call);
    const what = wrongInQuiet(call, quiet);
    if (what === undefined) known.push({ call, quiet });
    else wrong.push(what);
  }
  none(wrong);
  return known;
}

function describe({ milliseconds, pictures, seconds, resident, heap }: Outcome): void {
  console.log(
    `${milliseconds.length} answers in ${seconds.toFixed(0)} s, ${(pictures / seconds).toFixed(1)} images/s, ` +
      `${percentiles(milliseconds)}, ${refusedForNow()} refused for now`,
  );
  print("MiB resident, the proxy's taken off", resident);
  print('MiB held by V8', heap);
}

function print(what: string, samples: readonly Sample[]): void {
  const [first, growth] = [samples.at(0), growthOf(samples)];
  if (first === undefined || growth === undefined) {
    console.log(`${what}: not known here`);
    return;
  }
  const { floors, max, slope } = growth;
  const each = floors.map((mebibytes) => mebibytes.toFixed(1)).join(', ');
  console.log(
    `${what}: start ${first.mebibytes.toFixed(1)}, floors of five windows after the first quarter ${each}, ` +
      `max ${max.toFixed(1)}; ${slope.toFixed(2)} KiB a request`,
  );
}

/** @throws if the minimum rises faster, and by more than its own variation. Unknown memory is no failure. */
function flat(samples: readonly Sample[], limitKiB: number, rangeMiB = 0): void {
  const growth = growthOf(samples);
  if (growth === undefined) return;
  const range = Math.max(...growth.floors) - Math.min(...growth.floors);
  assert.ok(growth.slope <= limitKiB || range <= rangeMiB, `it grows: ${JSON.stringify(growth)}`);
}
