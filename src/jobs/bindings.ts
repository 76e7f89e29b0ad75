/** The bindings that jobs use. */

import type { Bucket, MessageQueue } from './bucket.ts';
import type { JobDirectory } from './directory.ts';
import type { Job } from './job.ts';
import type { ChunkMessage } from './messages.ts';

export interface JobBindings {
  readonly bucket: Bucket;
  readonly queue: MessageQueue<ChunkMessage>;
  readonly jobs: DurableObjectNamespace<Job>;
  readonly directory: DurableObjectNamespace<JobDirectory>;
}

/** The bindings of a deployment; each may be missing. */
export interface OptionalJobBindings {
  readonly JOBS_BUCKET?: Bucket;
  readonly JOBS_QUEUE?: MessageQueue<ChunkMessage>;
  readonly JOBS?: DurableObjectNamespace<Job>;
  readonly JOB_DIRECTORY?: DurableObjectNamespace<JobDirectory>;
}

/** The Worker's environment, in which jobs may have a bucket and queue other than Cloudflare's. */
export type WorkerEnv = Omit<Env, keyof OptionalJobBindings> & OptionalJobBindings;

/** @returns undefined if one is missing, which turns jobs off. */
export function jobBindingsOf(env: OptionalJobBindings): JobBindings | undefined {
  const { JOBS_BUCKET: bucket, JOBS_QUEUE: queue, JOBS: jobs, JOB_DIRECTORY: directory } = env;
  return bucket && queue && jobs && directory ? { bucket, queue, jobs, directory } : undefined;
}

/** There is one for all jobs. */
export function theDirectory({ directory }: Pick<JobBindings, 'directory'>): DurableObjectStub<JobDirectory> {
  return directory.getByName('all');
}
