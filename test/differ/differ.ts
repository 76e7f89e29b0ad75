/**
 * Sends every picture below a folder to a Worker, and compares its result with those of Pillow and libvips.
 *
 * `npm run differ` makes the Python that this needs. Only files that a reference reads without a warning count.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { libvips } from '../reference/libvips.ts';
import type { Reading } from '../reference/picture.ts';
import { pillow } from '../reference/pillow.ts';
import { picturesBelow } from './files.ts';
import { print, type Row } from './table.ts';
import { outcomeOf } from './verdict.ts';

const USAGE = `npm run differ -- FOLDER [options]

  --limit          files at most, evenly spread over the folder
  --format         only files of this format: jpeg, png, webp, gif, bmp, tiff, bigtiff, ico, avif, heic, heif
  --worst          files listed of each format (5)
  --report         a file to write every outcome to, as JSON
  --url            a Worker that runs already; without it one is started`;

/** A Worker that also returns the network's input. */
const WORKER = 'test/kinds/worker.ts';
const PROGRESS_EVERY = 100;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    python: { type: 'string' },
    limit: { type: 'string', default: 'Infinity' },
    format: { type: 'string' },
    worst: { type: 'string', default: '5' },
    report: { type: 'string' },
    url: { type: 'string' },
  },
});
const [folder] = positionals;
const { python } = values;
if (folder === undefined || python === undefined) {
  console.error(USAGE);
  process.exit(2);
}

endChildrenOnSignal();
const worker =
  values.url === undefined ? await temporaryWorker([WORKER, '--var', 'CACHE_SECONDS:0']) : undefined;
const references = [pillow(python), libvips];
try {
  const url = worker?.url ?? values.url?.replace(/\/$/, '') ?? '';
  const rows = await compareAll(url, path.resolve(folder), worker !== undefined);
  print(rows, Number(values.worst));
  if (values.report !== undefined) writeFileSync(values.report, `${JSON.stringify(rows, null, 1)}\n`);
} finally {
  await worker?.close();
  for (const { close } of references) await close();
}

async function compareAll(url: string, root: string, tells: boolean): Promise<readonly Row[]> {
  const all = picturesBelow(root).filter(({ format }) => format === (values.format ?? format));
  const step = Math.max(1, all.length / Number(values.limit));
  const files = all.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
  const rows: Row[] = [];
  for (const { file, format } of files) {
    const readings = new Map<string, Reading>();
    for (const { name, read } of references) readings.set(name, await read(file));
    const outcome = await outcomeOf(url, readFileSync(file), format, readings, tells);
    const said = [...readings].map(([name, reading]) => [name, saidBy(reading)]);
    rows.push({ file: path.relative(root, file), ...outcome, references: Object.fromEntries(said) });
    if (rows.length % PROGRESS_EVERY === 0) console.log(`${rows.length} of ${files.length}`);
  }
  return rows;
}

function saidBy(reading: Reading): string {
  if (reading.kind === 'refused') return `refuses: ${reading.reason}`;
  return reading.warnings.length === 0 ? 'reads' : `warns: ${reading.warnings.join('; ')}`;
}
