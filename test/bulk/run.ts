/** Starts the jobs of a run over HTTP and waits for them. */
import type { JobState } from '../../src/jobs/schemas.ts';
import type { Server } from './server.ts';

export interface Line {
  readonly index: number;
  readonly key: string;
  readonly result?: object;
  readonly error?: { readonly code: string };
}

const POLL_MILLISECONDS = 150;
const HAS_ENDED: readonly string[] = ['completed', 'failed', 'cancelled'];

export async function startJob(server: Server, request: object): Promise<string> {
  const response = await server.ask('/v1/jobs', { method: 'POST', body: JSON.stringify(request) });
  const text = await response.text();
  if (response.status !== 202) throw new Error(`${response.status} ${text}`);
  // As the Worker's own schema has it, here and below.
  return (JSON.parse(text) as JobState).id;
}

export async function stateOf(server: Server, id: string): Promise<JobState> {
  return (await (await server.ask(`/v1/jobs/${id}`)).json()) as JobState;
}

/** Waits until the job has ended, or until this many of its pictures are done. */
export async function until(
  server: Server,
  id: string,
  enough = Number.POSITIVE_INFINITY,
  look: (job: JobState) => Promise<void> = async () => undefined,
): Promise<JobState> {
  for (;;) {
    const job = await stateOf(server, id);
    await look(job);
    const { completed, failed } = job.request_counts;
    if (HAS_ENDED.includes(job.status) || completed + failed >= enough) return job;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}

/** All results, page by page. */
export async function resultsOf(server: Server, id: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const page: Response = await server.ask(`/v1/jobs/${id}/results?cursor=${cursor}`);
    const text = await page.text();
    if (page.status !== 200) throw new Error(`${page.status} ${text}`);
    for (const line of text.split('\n')) if (line !== '') lines.push(JSON.parse(line) as Line);
    cursor = page.headers.get('x-next-cursor');
  }
  return lines;
}
