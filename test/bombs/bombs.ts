/**
 * Sends files and requests that ask for far more than their bytes suggest to a real Worker. None may be answered with a
 * 5xx, cost more CPU than a picture may, or take a memory past its share; resident memory must return; and a picture
 * that is sent at the same time must get its usual answer.
 */
import assert from 'node:assert/strict';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { report } from '../conformance/report.ts';
import { none } from '../fuzz/failures.ts';
import { drawSeeds } from '../fuzz/seeds.ts';
import type { Bomb } from './bomb.ts';
import { BOMBS } from './kinds.ts';
import { type MostTimes, mostTimes, wrongWith } from './limits.ts';
import { classify, measure, type Photo } from './measure.ts';
import { lineOf, type Row, tableOf } from './table.ts';
import { openTarget, type Target } from './target.ts';
import { openYardstick, type Yardstick } from './yardstick.ts';

const USAGE = `npm run bombs -- [options]

  --only      those whose name has this in it
  --quick     of each only the largest, compressed where that makes it smaller
  --worst     how many lines of the table are printed (25)`;

/** A body that shrinks by this factor when compressed is sent in both forms. */
const WORTH_GZIP = 4;
const PROGRESS_EVERY = 20;
/** Resident memory after all bombs may exceed that of the warm Worker by this much: V8 keeps some of what it had. */
const RESIDENT_MIB = 160;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    quick: { type: 'boolean', default: false },
    worst: { type: 'string', default: '25' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) console.log(USAGE);
else if (process.platform !== 'linux') console.log('ok skipped: what a process takes is read from /proc');
else {
  endChildrenOnSignal();
  await prove(BOMBS.filter(({ name }) => name.includes(values.only)));
}

async function prove(chosen: readonly Bomb[]): Promise<void> {
  const { rows, most, residentMiB } = await dropped(chosen);
  const worst = rows.toSorted((one, other) => other.times - one.times).slice(0, Number(values.worst));
  console.log(`\n${tableOf(worst)}\n`);
  const wrong = rows.flatMap((row) => wrongWith(row, most).map((what) => `${nameOf(row)}: ${what}`));
  await report({
    [`${rows.length} requests of ${chosen.length} kinds: none costs too much, none gets a 5xx, and none leaves a picture waiting`]:
      async () => none(wrong),
    [`resident memory does not climb: its least in the last third is within ${RESIDENT_MIB} MiB of the second's`]:
      async () => {
        const third = Math.floor(rows.length / 3);
        const least = (some: readonly Row[]) => Math.min(...some.map(({ taken }) => taken.residentMiB));
        const [second, last] = [least(rows.slice(third, 2 * third)), least(rows.slice(2 * third))];
        console.log(`resident: ${second.toFixed(0)} MiB, then ${last.toFixed(0)}`);
        console.log(`at the end ${residentMiB.toFixed(0)} MiB over the warm Worker's`);
        assert.ok(last - second <= RESIDENT_MIB, `it rose by ${(last - second).toFixed(0)} MiB`);
      },
  });
}

interface Run {
  readonly rows: readonly Row[];
  readonly most: MostTimes;
  /** At the end, above that of the warm Worker. */
  readonly residentMiB: number;
}

async function dropped(chosen: readonly Bomb[]): Promise<Run> {
  const yardstick = await openYardstick();
  const rows: Row[] = [];
  let { target, photo, resident } = await warmed(yardstick);
  try {
    const most = await mostTimes(target.url);
    for (const [index, bomb] of chosen.entries()) {
      for (const size of values.quick ? bomb.sizes.slice(-1) : bomb.sizes) {
        const own: Row[] = [];
        const bytes = await bomb.make(size);
        for (const isGzipped of waysToSend(bomb, bytes)) {
          const taken = await measure(target, bomb, bytes, isGzipped, photo);
          own.push({ bomb, size, isGzipped, taken, times: taken.cpuMs / photo.cpuMs });
          if (taken.status === 0) {
            // It may continue for minutes.
            await target.close();
            ({ target, photo, resident } = await warmed(yardstick));
          }
        }
        rows.push(...own);
        for (const row of own) console.log(lineOf(row));
        // Larger ones would only take longer.
        if (own.some((row) => wrongWith(row, most).length > 0)) break;
      }
      if ((index + 1) % PROGRESS_EVERY === 0) {
        console.log(`${index + 1} of ${chosen.length}`);
        photo = await yardstick.measure(target);
      }
    }
    await yardstick.measure(target);
    return { rows, most, residentMiB: target.residentMiB() - resident };
  } finally {
    await target.close();
  }
}

async function warmed(yardstick: Yardstick): Promise<{ target: Target; photo: Photo; resident: number }> {
  const target = await openTarget();
  try {
    // Loads every decoder, so that their memory is not attributed to a bomb.
    for (const { bytes } of await drawSeeds()) await classify(target.url, Uint8Array.from(bytes));
    const photo = await yardstick.measure(target);
    return { target, photo, resident: target.residentMiB() };
  } catch (error) {
    await target.close();
    throw error;
  }
}

/** Compressed by the sender or not: both if it makes a difference, or with `--quick` only the smaller one. */
function waysToSend({ coding }: Bomb, bytes: Uint8Array): readonly boolean[] {
  if (coding !== undefined) return [false];
  const isWorth = gzipSync(bytes, { level: 1 }).length * WORTH_GZIP < bytes.length;
  if (!isWorth) return [false];
  return values.quick ? [true] : [false, true];
}

function nameOf({ bomb, size, isGzipped }: Row): string {
  return `${bomb.name}, ${size} ${bomb.unit}${isGzipped ? ', gzip' : ''}`;
}
