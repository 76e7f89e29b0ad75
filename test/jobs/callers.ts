/** Requests for the tests of jobs. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, vi } from 'vitest';
import type { Job } from '../../src/jobs/job.ts';
import type { JobRequest, JobState } from '../../src/jobs/schemas.ts';
import { post, type service } from '../service.ts';

type App = ReturnType<typeof service>;

export interface Line {
  readonly index: number;
  readonly key: string;
  readonly result?: object;
  readonly error?: { readonly code: string; readonly status: number };
}

/** Tests run in an environment that has one. */
export const bucket: R2Bucket = bound(env.JOBS_BUCKET);

export function bound<T>(binding: T | undefined): T {
  if (binding === undefined) throw new Error('The binding is missing.');
  return binding;
}

export async function ask(app: App, path: string, init?: RequestInit): Promise<Response> {
  // A test may send any number of requests.
  return app.request(path, init, { ...env, RATE_LIMIT: undefined });
}

export async function start(
  app: App,
  request: Partial<JobRequest>,
  init: RequestInit = {},
): Promise<JobState> {
  const response = await ask(app, '/v1/jobs', { ...post(JSON.stringify(request)), ...init });
  const text = await response.text();
  expect(response.status, text).toBe(202);
  return JSON.parse(text);
}

/** A job that has started and does not continue. @returns its id. */
export async function openJob(owner: string): Promise<string> {
  const id = `job_${crypto.randomUUID().replaceAll('-', '')}`;
  const output = { prefix: 'labels/' };
  await env.JOB_DIRECTORY.getByName('all').enter({ id, owner, output: output.prefix }, 100);
  await runInDurableObject(env.JOBS.getByName(id), async (job: Job, { storage }) => {
    const alarm = vi.spyOn(storage, 'setAlarm').mockResolvedValue();
    await job.start({ id, owner, task: 'classify', options: '{}', source: { prefix: '2024/' }, output });
    alarm.mockRestore();
  });
  return id;
}

export async function stateOf(app: App, id: string): Promise<JobState> {
  return (await ask(app, `/v1/jobs/${id}`)).json();
}

/** Waits until a job has ended. */
export async function ended(app: App, id: string): Promise<JobState> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const job = await stateOf(app, id);
    if (['completed', 'failed', 'cancelled'].includes(job.status)) return job;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The job did not end: ${JSON.stringify(await stateOf(app, id))}`);
}

/** All results of a job, page by page. */
export async function linesOf(app: App, id: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const page: Response = await ask(app, `/v1/jobs/${id}/results?cursor=${cursor}`);
    expect(page.headers.get('content-type')).toBe('application/x-ndjson');
    for (const line of (await page.text()).split('\n')) if (line !== '') lines.push(JSON.parse(line));
    cursor = page.headers.get('x-next-cursor');
  }
  return lines;
}
