/**
 * Ratios of one run on one machine, section by section; `bench/README.md` says how to read them.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { PROJECT } from '../../scripts/toolchain.mjs';
import { cold } from './cold.ts';
import { collections } from './collections.ts';
import { curve } from './curve.ts';
import { type Effort, FULL, QUICK } from './effort.ts';
import { inference } from './inference/section.ts';
import { load } from './load.ts';
import { machine } from './machine.ts';
import { markdown, type Table } from './report.ts';
import { requests } from './requests.ts';
import { type Bundles, bundles } from './servers.ts';

const RESULTS = path.join(PROJECT, 'bench', 'results.md');

const USAGE = `npm run bench -- [sections] [options]

  sections   any of inference, requests, cold, load, curve, collections (all)
  --quick    fewer rounds: for a look, not for publishing
  --write    put the tables into bench/results.md`;

type Section = (folders: Bundles, effort: Effort) => Promise<readonly Table[]>;

const SECTIONS: Readonly<Record<string, Section>> = {
  inference: async (folders, effort) => [await inference(folders, effort)],
  requests,
  cold,
  load: async (folders, effort) => [await load(folders, effort)],
  collections,
  curve: async (folders, effort) => [await curve(folders, effort)],
};

endChildrenOnSignal();
process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const names = positionals.length > 0 ? positionals : Object.keys(SECTIONS);
  const unknown = names.filter((name) => !(name in SECTIONS));
  if (values.help || unknown.length > 0) {
    if (unknown.length > 0) console.error(`No section is called ${unknown.join(', ')}.`);
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const begin = performance.now();
  const command = [
    'npm run bench',
    ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : []),
  ].join(' ');
  const texts = [`# Results\n\n\`${command}\` on ${machine()}.`];
  console.log(texts[0]);
  const folders = await bundles();
  for (const name of names) {
    for (const table of (await SECTIONS[name]?.(folders, values.quick ? QUICK : FULL)) ?? []) {
      texts.push(markdown(table));
      console.log(`\n${texts.at(-1)}`);
    }
  }
  texts.push(`All of it took ${((performance.now() - begin) / 60_000).toFixed(0)} minutes.`);
  if (values.write) writeFileSync(RESULTS, `${texts.join('\n\n')}\n`);
  return 0;
}
