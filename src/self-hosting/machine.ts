/** What replaces Cloudflare's bindings in a self-hosted process. Made once. */
import { KEY_FAILURES_SECONDS } from '../http/auth.ts';
import type { Bindings } from '../http/env.ts';
import type { WorkerEnv } from '../jobs/bindings.ts';
import { readSettings, SettingsError } from '../settings.ts';
import { createFolderBucket } from './folder-bucket.ts';
import { type ConsumerBinding, createQueue, type JobQueue } from './job-queue.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createRateCounter } from './rate-counter.ts';

/** The bindings of the configuration: settings are environment variables, null if they are not set. */
export interface MachineEnv extends WorkerEnv {
  readonly PAGES: Fetcher;
  /** The folder that jobs run over. */
  readonly PICTURES: Fetcher;
  readonly JOB_QUEUE: DurableObjectNamespace<JobQueue>;
  readonly CONSUMER: ConsumerBinding;
  readonly CLIENT_ADDRESS_HEADER?: string | null;
}

export interface Machine {
  /** The environment for the Worker. */
  readonly env: WorkerEnv & Bindings;
  readonly pages: Fetcher;
  /** The header in which a proxy in front states the caller's address; undefined without a proxy. */
  readonly addressHeader: string | undefined | SettingsError;
  readonly metrics: Metrics;
}

/** As in wrangler.toml. */
const WRONG_KEYS = 10;

export function createMachine(given: MachineEnv): Machine {
  const env = withoutNulls(given);
  const metrics = createMetrics(env.CF_VERSION_METADATA?.id ?? 'unknown');
  return {
    env: {
      ...env,
      ...rateLimit(env),
      KEY_FAILURES: createRateCounter(WRONG_KEYS, KEY_FAILURES_SECONDS),
      ANALYTICS: metrics.dataset,
      JOBS_BUCKET: createFolderBucket(given.PICTURES),
      JOBS_QUEUE: createQueue(given.JOB_QUEUE),
    },
    pages: given.PAGES,
    addressHeader: headerName(given.CLIENT_ADDRESS_HEADER ?? ''),
    metrics,
  };
}

/** A setting that is null must become a missing one, because `z.coerce` makes 0 of null. */
function withoutNulls(given: MachineEnv): MachineEnv {
  // The same object without some of its members, all of which are optional to their readers.
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== null),
  ) as unknown as MachineEnv;
}

/** From the settings, which on Cloudflare only repeat the binding's numbers. */
function rateLimit(env: MachineEnv): { RATE_LIMIT?: RateLimit } {
  try {
    const { RATE_LIMIT_REQUESTS, RATE_LIMIT_SECONDS } = readSettings(env);
    return { RATE_LIMIT: createRateCounter(RATE_LIMIT_REQUESTS, RATE_LIMIT_SECONDS) };
  } catch (error) {
    // The Worker reads them too, refuses all requests and says why.
    if (error instanceof SettingsError) return {};
    throw error;
  }
}

function headerName(text: string): string | undefined | SettingsError {
  if (text === '') return undefined;
  if (/^[a-z0-9-]+$/i.test(text)) return text;
  return new SettingsError('Wrong settings: CLIENT_ADDRESS_HEADER must be the name of a header.');
}
