/**
 * Measures a Worker's CPU time in the units of `src/image/ways/time.ts`. The unit is determined in the run itself: a
 * fixed multiple of the time that photon takes for a 640×480 JPEG, which does not change when this Worker becomes
 * faster.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jpegOf } from '../../bench/speed/pictures.ts';
import { cpuMs, firstAnswer, type Server, startWorkerd } from '../../bench/workerd.ts';
import { run } from '../../scripts/process.mjs';
import { tool } from '../../scripts/toolchain.mjs';

/** Units of the yardstick: `bench/unit.ts` measures it against the obvious composition. */
export const YARDSTICK_UNITS = 1.04;

/** 640×480. */
export const YARDSTICK_MEGAPIXELS = 0.3072;
const YARDSTICK_TIMES = 4;
const WARM_UP_TIMES = 40;
/** The median of this many recent yardsticks counts, because other load on the machine comes and goes. */
const KEPT = 9;

export interface Meter {
  readonly server: Server;
  /** Units of CPU that the server has used for `send`. */
  units(send: () => Promise<unknown>): Promise<number>;
  /** Measures the milliseconds of a unit again; to be called from time to time. */
  calibrate(): Promise<number>;
  close(): Promise<void>;
}

/** Bundles `test/cost/worker.ts`, starts it in its own workerd and warms it up. */
export async function startMeter(vars: Readonly<Record<string, string>> = {}): Promise<Meter> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-cost-'));
  const options = ['--env=', '--outdir', folder];
  const command = tool('wrangler', ['deploy', 'test/cost/worker.ts', '--dry-run', ...options]);
  if ((await run(command, { env: { WRANGLER_LOG: 'error' } })) !== 0) throw new Error('it does not bundle');
  const server = await startWorkerd(folder, { vars });
  await firstAnswer(`${server.url}/healthz?ready=1`);
  const { file } = await jpegOf(YARDSTICK_MEGAPIXELS);
  const yardstick = async (times: number) => {
    await (await fetch(`${server.url}/cost/yardstick?times=${times}`, { method: 'POST', body: file })).text();
  };
  await yardstick(WARM_UP_TIMES);
  const taken: number[] = [];
  let unitMs = 0;

  async function calibrate(): Promise<number> {
    const before = cpuMs(server.pid);
    await yardstick(YARDSTICK_TIMES);
    taken.push((cpuMs(server.pid) - before) / YARDSTICK_TIMES / YARDSTICK_UNITS);
    if (taken.length > KEPT) taken.shift();
    const sorted = taken.toSorted((one, other) => one - other);
    unitMs = sorted[sorted.length >> 1] ?? Number.NaN;
    return unitMs;
  }

  for (let i = 0; i < KEPT; i++) await calibrate();
  return {
    server,
    calibrate,
    async units(send) {
      const before = cpuMs(server.pid);
      await send();
      return (cpuMs(server.pid) - before) / unitMs;
    },
    async close() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
