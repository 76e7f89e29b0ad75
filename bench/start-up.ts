/**
 * What the second decoder costs an isolate that never needs it, and one that does.
 *
 *     npx wrangler deploy --dry-run --env= --outdir DIR && node bench/start-up.ts DIR
 *
 * Starts the built Worker in workerd, with magick's module and with an empty one in its place, in turns, and
 * takes: from the start to the first answer of `/healthz`; the first small picture, which photon decodes; the
 * first large one, which magick decodes and is loaded for; and the second. In milliseconds of CPU, which other
 * work on the machine disturbs less than the clock; on Linux only.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { picture } from '../test/pictures/encode.ts';
import { SPIDER_WEB } from '../test/pictures/scenes.ts';

const ROUNDS = 7;
/** A module without anything in it: the magic number and the version. */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const MODULE_KINDS: Readonly<Record<string, string>> = { '.wasm': 'wasm', '.bin': 'data', '.onnx': 'data' };
const PORT = 8797;
const ORIGIN = `http://127.0.0.1:${PORT}`;
const COMPATIBILITY_DATE = '2026-10-01';

const [folder = 'dist'] = process.argv.slice(2);
const small = new Uint8Array(await picture(SPIDER_WEB, 'jpeg-420', { width: 480, height: 360 }));
const large = new Uint8Array(await picture(SPIDER_WEB, 'jpeg-420', { width: 4000, height: 3000 }));

type Times = Record<'start' | 'small' | 'large' | 'large again', number | undefined>;
const runs: Record<'with' | 'without', Times[]> = { with: [], without: [] };
for (let round = 0; round < ROUNDS; round++) {
  runs.with.push(await run(true));
  runs.without.push(await run(false));
}
console.log('| CPU ms, median | with magick | without |\n|---|---|---|');
for (const [what, label] of [
  ['start', 'start to the first answer'],
  ['small', 'first picture, 480×360'],
  ['large', 'first of 12 megapixels'],
  ['large again', 'second of 12 megapixels'],
] as const) {
  console.log(`| ${label} | ${median(runs.with, what)} | ${median(runs.without, what)} |`);
}

async function run(withMagick: boolean): Promise<Times> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'start-up-'));
  writeFileSync(path.join(scratch, 'config.capnp'), configuration(scratch, withMagick));
  const workerd = spawn('node_modules/.bin/workerd', ['serve', path.join(scratch, 'config.capnp')], {
    stdio: 'inherit',
  });
  try {
    await firstAnswer();
    const start = cpuMs(workerd.pid);
    await classify(small);
    const afterSmall = cpuMs(workerd.pid);
    if (!withMagick) return { start, small: afterSmall - start, large: undefined, 'large again': undefined };
    await classify(large);
    const afterLarge = cpuMs(workerd.pid);
    await classify(large);
    return {
      start,
      small: afterSmall - start,
      large: afterLarge - afterSmall,
      'large again': cpuMs(workerd.pid) - afterLarge,
    };
  } finally {
    workerd.kill();
    await new Promise((resolve) => workerd.once('exit', resolve));
    rmSync(scratch, { recursive: true });
  }
}

async function firstAnswer(): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    const answer = await fetch(`${ORIGIN}/healthz`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('the Worker does not start');
}

/** CPU that a process has used, user and system: fields 14 and 15 of its stat, in ticks of 10 ms. */
function cpuMs(pid = 0): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

async function classify(body: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(`${ORIGIN}/v1/classify`, { method: 'POST', body });
  await response.text();
  if (!response.ok) throw new Error(`status ${response.status}`);
}

/** workerd's configuration, with the modules beside it. */
function configuration(scratch: string, withMagick: boolean): string {
  const names = readdirSync(folder).filter(
    (name) => name === 'index.js' || path.extname(name) in MODULE_KINDS,
  );
  const modules = names.map((name) => {
    const isLeftOut = !withMagick && name.endsWith('magick.wasm');
    writeFileSync(path.join(scratch, name), isLeftOut ? EMPTY_WASM : readFileSync(path.join(folder, name)));
    const kind = name === 'index.js' ? 'esModule' : MODULE_KINDS[path.extname(name)];
    return { name, text: `(name = "${name}", ${kind} = embed "${name}")` };
  });
  // The first is the one that is run.
  modules.sort((one, other) => Number(other.name === 'index.js') - Number(one.name === 'index.js'));
  return `
    using Workerd = import "/workerd/workerd.capnp";
    const config :Workerd.Config = (
      services = [(name = "main", worker = .worker)],
      sockets = [(name = "http", address = "127.0.0.1:${PORT}", http = (), service = "main")]
    );
    const worker :Workerd.Worker = (
      modules = [${modules.map(({ text }) => text).join(', ')}],
      compatibilityDate = "${COMPATIBILITY_DATE}",
      bindings = [(name = "ALLOW_ANONYMOUS", text = "true")]
    );`;
}

function median(times: readonly Times[], what: keyof Times): string {
  const known = times.flatMap((run) => run[what] ?? []).sort((a, b) => a - b);
  return known.length === 0 ? '–' : (known[known.length >> 1] ?? 0).toFixed(0);
}
