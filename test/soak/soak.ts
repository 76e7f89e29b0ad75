/**
 * Mixed traffic from several connections for a while. Each request is first made alone; from then on its
 * answer must be the same to the last digit, there must be no 5xx, and memory must stay where it was.
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { report } from '../conformance/report.ts';
import { none } from '../fuzz/failures.ts';
import { drawSeeds } from '../fuzz/seeds.ts';
import { answerTo, wrongInQuiet } from './answer.ts';
import { wholeNumber } from './count.ts';
import { type Known, load, type Outcome } from './load.ts';
import { MEMORY_SLACK_MIB } from './memory.ts';
import { refusedForNow } from './patience.ts';
import { percentiles } from './percentiles.ts';
import { type Call, trafficOf } from './traffic.ts';
import { withWorker } from './worker.ts';

const USAGE = `npm run soak -- [options]

  --requests      how many (20000)
  --connections   how many at a time (8)
  --url           a running Worker (default: one is started)`;

/** After this share of the requests, code is compiled and memories have their working size. */
const WARM_SHARE = 0.1;

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    connections: { type: 'string', default: '8' },
    url: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else await withWorker(values.url, soak);

async function soak(url: string): Promise<void> {
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
  const outcome = await load(url, known, { requests, connections });
  const memory = memoryOf(outcome, requests);
  describe(outcome, memory);
  await report({
    [`${requests} requests over ${connections} connections: no 5xx`]: async () => none(outcome.serverErrors),
    'every answer is the one given in quiet': async () => none(outcome.wrong),
    [`memory at the end is at most ${MEMORY_SLACK_MIB} MiB over that after the first tenth${memory ? '' : ' (not known here)'}`]:
      async () => assert.ok(!memory || memory.end - memory.warm <= MEMORY_SLACK_MIB, JSON.stringify(memory)),
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

interface Memory {
  readonly start: number;
  readonly warm: number;
  readonly max: number;
  readonly end: number;
}

function memoryOf({ memory }: Outcome, requests: number): Memory | undefined {
  const [start, end] = [memory.at(0), memory.at(-1)];
  const warm = memory.find(({ answered }) => answered >= WARM_SHARE * requests) ?? start;
  if (start === undefined || end === undefined || warm === undefined) return undefined;
  const max = Math.max(...memory.map(({ mebibytes }) => mebibytes));
  return { start: start.mebibytes, warm: warm.mebibytes, max, end: end.mebibytes };
}

function describe({ milliseconds, pictures, seconds }: Outcome, memory: Memory | undefined): void {
  console.log(
    `${milliseconds.length} answers in ${seconds.toFixed(0)} s, ${(pictures / seconds).toFixed(1)} images/s, ` +
      `${percentiles(milliseconds)}, ${refusedForNow()} refused for now`,
  );
  if (memory === undefined) return;
  const { start, warm, max, end } = memory;
  const [first, tenth, most, last] = [start, warm, max, end].map((mebibytes) => mebibytes.toFixed(0));
  console.log(
    `MiB resident, the proxy's taken off: start ${first}, after a tenth ${tenth}, max ${most}, end ${last}`,
  );
}
