/**
 * The overhead of a job over many objects: rows, alarms, calls and messages, without inference and without fetching
 * files.
 *
 *     node bench/jobs.ts [--count 100000] [--faults 0.3]
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { endChildrenOnSignal } from '../scripts/process.mjs';
import { startJob, until } from '../test/bulk/run.ts';
import { createServer } from '../test/bulk/server.ts';

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    faults: { type: 'string', default: '0.3' },
  },
});
const count = Number(values.count);

interface Counts {
  readonly alarms: number;
  readonly calls: number;
  readonly rowsWritten: number;
  readonly rowsRead: number;
  readonly lists: number;
  readonly gets: number;
  readonly puts: number;
  readonly attempts: number;
  readonly failed: number;
  readonly databaseBytes: number;
}

endChildrenOnSignal();
const server = createServer(
  { OBJECTS: String(count), FAULTS: values.faults, CACHE_SECONDS: '0' },
  'test/bulk/simulated-worker.ts',
);
await server.start();
try {
  const begin = performance.now();
  const id = await startJob(server, { source: { prefix: 'in/' }, options: { top_k: 1 } });
  const job = await until(server, id);
  const seconds = (performance.now() - begin) / 1000;
  const counted = (await (await server.ask(`/count?job=${id}`)).json()) as Counts;
  assert.deepEqual(job.request_counts, { total: count, completed: count, failed: 0 });
  console.log(
    `${count} objects, ${values.faults} of attempts failing: ${job.status} in ${seconds.toFixed(0)} s`,
  );
  console.log('| | in all | for a million objects |\n|---|--:|--:|');
  for (const [what, value] of Object.entries(counted)) {
    console.log(`| ${what} | ${value} | ${Math.round((value * 1e6) / count)} |`);
  }
} finally {
  await server.end('SIGTERM');
}
