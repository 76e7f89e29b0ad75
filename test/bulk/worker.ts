/**
 * The Worker with two additions: attempts fail at named seams, as often as `FAULTS` says, and the bucket can be written
 * and read over HTTP at `/bucket/KEY`.
 */

import { createClassifier } from '../../src/classifier.ts';
import { Collection } from '../../src/collections/collection.ts';
import { collectionsOf } from '../../src/collections/collections.ts';
import { createApp, inFlightOf } from '../../src/http/app.ts';
import { createDecoder } from '../../src/image/decode.ts';
import { createNetwork } from '../../src/inference/network.ts';
import { jobBindingsOf, type WorkerEnv } from '../../src/jobs/bindings.ts';
import { type ConsumerSeam, createConsumer } from '../../src/jobs/consumer.ts';
import { JobDirectory } from '../../src/jobs/directory.ts';
import { Job, type JobSeam } from '../../src/jobs/job.ts';
import { readSettings } from '../../src/settings.ts';

export { Collection, JobDirectory };

interface FaultyEnv extends WorkerEnv {
  /** Share of attempts that fail. */
  readonly FAULTS?: string;
}

const CONSUMER_SEAMS: readonly ConsumerSeam[] = ['begun', 'taken', 'fetched', 'seen', 'written', 'reported'];
const JOB_SEAMS: readonly JobSeam[] = ['listing', 'listed', 'written', 'sent', 'finishing'];

/** How often each seam has failed. */
const faults: Record<string, number> = {};

/** @returns a function that fails once at one of the seams, in as many cases as the environment says. */
function plan<Seam extends string>(env: FaultyEnv, seams: readonly Seam[], who: string) {
  let doomed =
    Math.random() < Number(env.FAULTS ?? 0) ? seams[Math.floor(Math.random() * seams.length)] : undefined;
  return (seam: Seam): void => {
    if (seam !== doomed) return;
    doomed = undefined;
    faults[`${who} ${seam}`] = (faults[`${who} ${seam}`] ?? 0) + 1;
    throw new Error(`made to fail: ${seam}`);
  };
}

class FaultyJob extends Job {
  #fail = plan<JobSeam>(this.env, JOB_SEAMS, 'job');

  protected override reached(seam: JobSeam): void {
    this.#fail(seam);
  }

  override alarm(): Promise<void> {
    this.#fail = plan(this.env, JOB_SEAMS, 'job');
    return super.alarm();
  }
}

export { FaultyJob as Job };

let parts: ReturnType<typeof open> | undefined;

function open(env: FaultyEnv) {
  const settings = readSettings(env);
  const classifier = createClassifier(createDecoder(), createNetwork());
  const inFlight = inFlightOf(settings);
  const collections = collectionsOf(settings, env.COLLECTIONS);
  return { settings, classifier, collections, inFlight, app: createApp(settings, classifier, inFlight) };
}

export default {
  async fetch(request: Request, env: FaultyEnv, context: ExecutionContext): Promise<Response> {
    parts ??= open(env);
    const { pathname } = new URL(request.url);
    if (pathname === '/faults') return Response.json(faults);
    const [, key] = /^\/bucket\/(.+)$/.exec(pathname) ?? [];
    if (key === undefined) return parts.app.fetch(request, env, context);
    if (request.method === 'PUT') {
      await env.JOBS_BUCKET?.put(decodeURIComponent(key), await request.arrayBuffer());
      return new Response();
    }
    const object = await env.JOBS_BUCKET?.get(decodeURIComponent(key));
    return object ? new Response(object.body) : new Response('', { status: 404 });
  },

  async queue(batch: MessageBatch, env: FaultyEnv): Promise<void> {
    parts ??= open(env);
    const bindings = jobBindingsOf(env);
    if (bindings === undefined) throw new Error('There is no bucket or no queue.');
    // A message in the dead-letter queue is not made to fail: its queue has no further one.
    const isDead = batch.queue.endsWith('-dead');
    const reached = isDead ? undefined : plan<ConsumerSeam>(env, CONSUMER_SEAMS, 'consumer');
    await createConsumer({ bindings, ...parts }, reached)(batch);
  },
};
