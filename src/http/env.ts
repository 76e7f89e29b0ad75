/** What the Hono app's context carries, beside the Worker's own Env. */
import type { RequestIdVariables } from 'hono/request-id';
import type { FailureFormat } from './problem.ts';

export interface AppEnv {
  Bindings: Env;
  Variables: RequestIdVariables & {
    /** Set by a dialect whose failures are not problem details, for everything under its path. */
    failureFormat?: FailureFormat;
  };
}
