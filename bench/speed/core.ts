/**
 * Pins processes to one core for a while. The cores of a shared machine are not equally fast, and a process on the
 * slower one would seem slow: a ratio of two processes on two cores was seen to vary by half.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Moves all threads of the processes to a core, another one each round. Without util-linux it does nothing. */
export function shareCore(pids: readonly (number | undefined)[], round: number): void {
  const core = String(round % availableParallelism());
  for (const pid of pids) {
    if (pid !== undefined) spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', core, String(pid)]);
  }
}
