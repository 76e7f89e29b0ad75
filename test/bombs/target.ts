/** The Worker that bombs are sent to, and what its process takes. If one does not recover, a new one is started. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cpuMs, firstAnswer, startWorkerd } from '../../bench/workerd.ts';
import { ended, start } from '../../scripts/process.mjs';
import { tool } from '../../scripts/toolchain.mjs';

const CONFIGURATION = 'test/bombs/worker.toml';
const KIB_IN_MIB = 1024;
/** Resets the peak of resident memory (proc(5), clear_refs). */
const RESET_PEAK = '5';

export interface Target {
  readonly url: string;
  /** CPU time that the Worker's process has used, in milliseconds. */
  cpuMs(): number;
  residentMiB(): number;
  /** Peak resident memory since `resetPeak`. */
  peakMiB(): number;
  resetPeak(): void;
  close(): Promise<void>;
}

/** Bundled once, so that a restart takes a second. */
let bundle: Promise<string> | undefined;

export async function openTarget(): Promise<Target> {
  bundle ??= bundled();
  const server = await startWorkerd(await bundle);
  await firstAnswer(`${server.url}/healthz`);
  const mebibytes = (field: string) => {
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / KIB_IN_MIB;
  };
  return {
    url: server.url,
    cpuMs: () => cpuMs(server.pid),
    residentMiB: () => mebibytes('VmRSS'),
    peakMiB: () => mebibytes('VmHWM'),
    resetPeak: () => writeFileSync(`/proc/${server.pid}/clear_refs`, RESET_PEAK),
    close: server.stop,
  };
}

async function bundled(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-bombs-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const args = ['deploy', '--config', CONFIGURATION, '--dry-run', '--env=', '--outdir', folder];
  const child = start(tool('wrangler', args), { output: 'pipe' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  if ((await ended(child)) !== 0) throw new Error(`the Worker cannot be bundled:\n${output.slice(-4000)}`);
  return folder;
}
