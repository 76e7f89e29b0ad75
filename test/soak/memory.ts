/**
 * Resident memory of the Worker that a run has started.
 *
 * `wrangler dev` runs two workerds: ours, and before it one that passes requests on. Both grow by some three quarters
 * of the traffic at first, even with a Worker that only counts bytes, and level off after hundreds of megabytes. So the
 * proxy's growth is subtracted from ours.
 */
import { execFileSync } from 'node:child_process';

const KIB_IN_MIB = 1024;

/**
 * How far the Worker may grow in a run. 11,000 mutants took 190 MiB and 20,000 mixed requests 130, slower towards the
 * end: that is garbage which V8 collects late. A loss of 13 kB for each of 20,000 requests would exceed it.
 */
export const MEMORY_SLACK_MIB = 256;

interface Process {
  readonly pid: string;
  readonly parent: string;
  readonly mebibytes: number;
  readonly name: string;
}

/** @returns undefined if it is unknown: on Windows, and for a Worker that another process has started. */
export function workerMiB(): number | undefined {
  if (process.platform === 'win32') return undefined;
  const [ours, proxy] = workerdsBelow(process.pid);
  return ours && ours.mebibytes - (proxy?.mebibytes ?? 0);
}

/** The workerds that a process and its children have started, the largest first: for one Worker, ours and the proxy. */
export function workerdsBelow(ancestor: number): readonly Process[] {
  const all = processes();
  const family = new Set([String(ancestor)]);
  const workerds: Process[] = [];
  // Iterating a Set includes what is added meanwhile.
  for (const pid of family) {
    for (const child of all.filter(({ parent }) => parent === pid)) {
      family.add(child.pid);
      if (child.name.endsWith('workerd')) workerds.push(child);
    }
  }
  return workerds.sort((one, other) => other.mebibytes - one.mebibytes);
}

function processes(): readonly Process[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss=,comm='], { encoding: 'utf8' });
  return table.split('\n').flatMap((line) => {
    const [, pid = '', parent = '', kibibytes, name = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === '' ? [] : [{ pid, parent, mebibytes: Number(kibibytes) / KIB_IN_MIB, name }];
  });
}

export interface Samples {
  readonly first: number;
  readonly max: number;
  readonly last: number;
}

export function samplesOf(values: readonly number[]): Samples | undefined {
  const [first, last] = [values.at(0), values.at(-1)];
  return first === undefined || last === undefined ? undefined : { first, max: Math.max(...values), last };
}
