/**
 * Sends broken files to a running Worker: a fixed table, and mutants of valid files from a seed.
 *
 * None may be answered with a 5xx, take longer than 5 s, end an isolate, or change the answer to a valid picture. The
 * answer to each mutant is compared with sharp's result, and differences are only counted.
 *
 * With `--cost` the mutants are bred for their cost instead.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { report } from '../conformance/report.ts';
import { wholeNumber } from '../soak/count.ts';
import { MEMORY_SLACK_MIB, samplesOf } from '../soak/memory.ts';
import { percentiles } from '../soak/percentiles.ts';
import { withWorker } from '../soak/worker.ts';
import { SLOWEST_MILLISECONDS } from './ask.ts';
import { type Broken, brokenFiles, disappointment } from './broken.ts';
import { breed } from './cost.ts';
import { keep, none } from './failures.ts';
import { type Quiet, quietAnswers } from './quiet.ts';
import { outcomeOf, run } from './run.ts';
import { drawSeeds, type Seed } from './seeds.ts';
import { truncatedFiles } from './truncated.ts';

const USAGE = `npm run fuzz -- [options]

  --seed      of the mutants (1); the same seed makes the same ones
  --count     how many mutants (3000)
  --cost      breed mutants that cost much for their bytes, and tell the worst ten
  --url       a running Worker, with CACHE_SECONDS 0 (default: one is started)
  --replay    send only this file, and say what is answered`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '3000' },
    cost: { type: 'boolean', default: false },
    url: { type: 'string' },
    replay: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else if (values.cost) await costs();
else await withWorker(values.url, (url) => (values.replay ? replay(url, values.replay) : fuzz(url)));

async function replay(url: string, file: string): Promise<void> {
  // npm changes to the root of the package and keeps the caller's folder in INIT_CWD.
  const bytes = readFileSync(path.resolve(process.env.INIT_CWD ?? '', file));
  await report({
    [`replay of ${file}`]: async () => {
      const { answer, fault } = await outcomeOf(url, bytes);
      if (answer !== undefined) console.log(JSON.stringify(answer, undefined, 2));
      assert.equal(fault, undefined);
    },
  });
}

async function costs(): Promise<void> {
  const [seed, count] = [wholeNumber('seed', values.seed, 0), wholeNumber('count', values.count, 1)];
  const { worst, faults } = await breed(await drawSeeds(), seed, count);
  console.log(
    `\nseed ${seed}: the worst of ${count} for their bytes; CPU in requests with a JPEG of 640×480`,
  );
  for (const [i, { recipe, bytes, sentBytes, status, times, peakMiB }] of worst.entries()) {
    const what = `${times.toFixed(1)} times, ${peakMiB.toFixed(0)} MiB, ${sentBytes} bytes (${bytes.length} unpacked), ${status}`;
    console.log(`  ${keep(`cost-${seed}-worst-${i}`, bytes, `${what}, ${recipe}`)}`);
  }
  console.log('');
  await report({
    [`${count} mutants bred for their cost: none costs more than any picture may`]: async () => none(faults),
  });
}

async function fuzz(url: string): Promise<void> {
  const seeds = await drawSeeds();
  let quiet: readonly Quiet[] = [];
  await report({
    [`${seeds.length} valid files are answered, each with what is in it`]: async () => {
      quiet = await quietAnswers(url, seeds);
    },
  });
  await fixedTable(url, seeds);
  if (quiet.length > 0) await mutants(url, quiet);
}

async function fixedTable(url: string, seeds: readonly Seed[]): Promise<void> {
  const cut = truncatedFiles(seeds);
  const checks = (await brokenFiles(seeds)).map((broken): [string, () => Promise<void>] => [
    broken.name,
    async () => assert.equal(await wrongWith(url, broken), undefined),
  ]);
  await report({
    ...Object.fromEntries(checks),
    [`${cut.length} files cut off at every twentieth`]: async () => {
      const wrong: string[] = [];
      for (const broken of cut) {
        const what = await wrongWith(url, broken);
        if (what !== undefined) wrong.push(`${broken.name} ${what}`);
      }
      none(wrong);
    },
  });
}

async function wrongWith(url: string, broken: Broken): Promise<string | undefined> {
  const { answer, fault } = await outcomeOf(url, broken.bytes, broken.contentType);
  const what = fault ?? (answer && disappointment(broken, answer));
  return what && keep(broken.name.replaceAll(/\W+/g, '-'), broken.bytes, what);
}

async function mutants(url: string, quiet: readonly Quiet[]): Promise<void> {
  const [seed, count] = [wholeNumber('seed', values.seed, 0), wholeNumber('count', values.count, 1)];
  const begin = performance.now();
  const { tally, faults, ailments, healthChecks, milliseconds, memory } = await run(url, quiet, seed, count);
  const seconds = ((performance.now() - begin) / 1000).toFixed(0);
  console.log(
    `\nseed ${seed}: ${milliseconds.length} mutants answered in ${seconds} s, ${percentiles(milliseconds)}`,
  );
  for (const line of tally.lines()) console.log(line);
  const resident = samplesOf(memory);
  if (resident) {
    const { first, max, last } = resident;
    console.log(
      `MiB resident, the proxy's taken off: first ${first.toFixed(0)}, max ${max.toFixed(0)}, last ${last.toFixed(0)}`,
    );
  }
  console.log('');
  await report({
    [`${count} mutants: no 5xx, none over ${SLOWEST_MILLISECONDS / 1000} s`]: async () => none(faults),
    [`${healthChecks} good pictures in between: the quiet run's answer`]: async () => none(ailments),
    [`the Worker's memory grows by at most ${MEMORY_SLACK_MIB} MiB${resident ? '' : ' (not known here)'}`]:
      async () =>
        assert.ok(!resident || resident.max - resident.first <= MEMORY_SLACK_MIB, JSON.stringify(resident)),
  });
}
