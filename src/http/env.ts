/** What the Hono app's context carries, beside the Worker's own Env. */
import type { Context } from 'hono';
import type { RequestIdVariables } from 'hono/request-id';
import type { OptionalJobBindings } from '../jobs/bindings.ts';
import type { FailureFormat } from './failure-format.ts';
import type { RequestRecord } from './record.ts';
import type { Work } from './work.ts';

/** A deployment may leave a binding out, so each may be missing. */
export interface Bindings extends OptionalJobBindings {
  /** Counts requests by caller. */
  readonly RATE_LIMIT?: RateLimit;
  /** Counts wrong keys by address. */
  readonly KEY_FAILURES?: RateLimit;
  /** Takes a data point a request. */
  readonly ANALYTICS?: AnalyticsEngineDataset;
  /** Which deployed version of the code this is. */
  readonly CF_VERSION_METADATA?: WorkerVersionMetadata;
}

export interface AppEnv {
  Bindings: Bindings;
  Variables: RequestIdVariables & {
    /** What the log will say of the request. */
    record: RequestRecord;
    /** What a handler that costs CPU works with: there only behind the guard. */
    work: Work;
    /** Set by a dialect whose failures are not problem details, for everything under its path. */
    failureFormat?: FailureFormat;
  };
}

/** An app that is called without a Worker around it has no environment at all. */
export function bindingsOf(c: Context<AppEnv>): Bindings {
  return c.env ?? {};
}
