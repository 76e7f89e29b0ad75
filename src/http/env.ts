/** The context of the Hono app, in addition to the Worker's own Env. */
import type { Context } from 'hono';
import type { RequestIdVariables } from 'hono/request-id';
import type { OptionalJobBindings } from '../jobs/bindings.ts';
import type { FailureFormat } from './failure-format.ts';
import type { RequestRecord } from './record.ts';
import type { Work } from './work.ts';

/** A deployment may omit bindings, so each may be missing. */
export interface Bindings extends OptionalJobBindings {
  /** Counts requests by caller. */
  readonly RATE_LIMIT?: RateLimit;
  /** Counts wrong keys by address. */
  readonly KEY_FAILURES?: RateLimit;
  /** Receives one data point per request. */
  readonly ANALYTICS?: AnalyticsEngineDataset;
  /** The deployed version of the code. */
  readonly CF_VERSION_METADATA?: WorkerVersionMetadata;
}

export interface AppEnv {
  Bindings: Bindings;
  Variables: RequestIdVariables & {
    /** Facts for the log line of the request. */
    record: RequestRecord;
    /** What handlers that cost CPU use; present only behind the guard. */
    work: Work;
    /** Set by a dialect whose failures are not problem details, for everything under its path. */
    failureFormat?: FailureFormat;
  };
}

/** An app that is called without a Worker has no environment at all. */
export function bindingsOf(c: Context<AppEnv>): Bindings {
  return c.env ?? {};
}
