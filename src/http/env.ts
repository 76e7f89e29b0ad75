/** What the Hono app's context carries, beside the Worker's own Env. */
import type { RequestIdVariables } from 'hono/request-id';

export interface AppEnv {
  Bindings: Env;
  Variables: RequestIdVariables;
}
