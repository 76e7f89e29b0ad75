/** The public form of a job. */
import type { JobRow } from './job-store.ts';
import { secondsLeft } from './pace.ts';
import type { JobFacts, JobSpec, Status } from './schemas.ts';

export function isEnded(status: Status): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** @param now as `Date.now()`. */
export function stateOf(row: JobRow, spec: JobSpec, now: number): JobFacts {
  const { status, began, finalizing, ended } = row;
  const end = ended === null ? {} : { [`${status}_at`]: secondsOf(ended) };
  return {
    id: spec.id,
    task: spec.task,
    status,
    source: spec.source,
    output: spec.output,
    options: spec.options,
    ...(spec.collection === undefined ? {} : { collection: spec.collection }),
    created_at: secondsOf(row.created),
    ...(began === null ? {} : { in_progress_at: secondsOf(began) }),
    ...(finalizing === null ? {} : { finalizing_at: secondsOf(finalizing) }),
    ...(isEnded(status) ? end : {}),
    request_counts: { total: row.listed, completed: row.completed, failed: row.failed },
    seconds_left: isEnded(status) ? null : secondsLeft(row, now),
    ...(row.error === null ? {} : { error: row.error }),
  };
}

function secondsOf(time: number): number {
  return Math.floor(time / 1000);
}
