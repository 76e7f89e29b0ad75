/**
 * What the second decoder costs an isolate that never needs it, and one that does.
 *
 *     npx wrangler deploy --dry-run --env= --outdir DIR && node bench/start-up.ts DIR
 *
 * Starts the built Worker in workerd, in turns with magick's module and with an empty one in its place. Measures the
 * time from the start to the first answer of `/healthz`; the first small picture; the first large picture, for which
 * magick is loaded; and the second large one. Milliseconds of CPU, which other load affects less than wall time; Linux
 * only.
 */
import { picture } from '../test/pictures/encode.ts';
import { SPIDER_WEB } from '../test/pictures/scenes.ts';
import { cpuMs, firstAnswer, startWorkerd } from './workerd.ts';

const ROUNDS = 10;
/** An empty module: the magic number and the version. */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

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
  const instead = (name: string) => (name.endsWith('magick.wasm') ? EMPTY_WASM : undefined);
  const workerd = await startWorkerd(folder, withMagick ? {} : { instead });
  try {
    await (await firstAnswer(`${workerd.url}/healthz`)).text();
    const start = cpuMs(workerd.pid);
    await classify(workerd.url, small);
    const afterSmall = cpuMs(workerd.pid);
    if (!withMagick) return { start, small: afterSmall - start, large: undefined, 'large again': undefined };
    await classify(workerd.url, large);
    const afterLarge = cpuMs(workerd.pid);
    await classify(workerd.url, large);
    return {
      start,
      small: afterSmall - start,
      large: afterLarge - afterSmall,
      'large again': cpuMs(workerd.pid) - afterLarge,
    };
  } finally {
    await workerd.stop();
  }
}

async function classify(url: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(`${url}/v1/classify`, { method: 'POST', body });
  await response.text();
  if (!response.ok) throw new Error(`status ${response.status}`);
}

function median(times: readonly Times[], what: keyof Times): string {
  const known = times.flatMap((run) => run[what] ?? []).sort((a, b) => a - b);
  return known.length === 0 ? '–' : (known[known.length >> 1] ?? 0).toFixed(0);
}
