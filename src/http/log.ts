/**
 * One JSON line for each request, and a data point if a dataset is bound.
 *
 * It has the caller, the route and the outcome, but no picture, query, key or address. It has no durations, which would
 * be wrong because a Worker's clock stands still while it computes. The platform's own metrics have them.
 */
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import { type AppEnv, bindingsOf } from './env.ts';
import type { RequestRecord } from './record.ts';

interface Line extends Omit<RequestRecord, 'until'> {
  readonly request_id: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
  /** The version of the deployed code; unset without its binding. */
  readonly version?: string;
}

export function requestLog() {
  return createMiddleware<AppEnv>(async (c, next) => {
    const record: RequestRecord = { bytes: 0, pixels: 0, pictures: 0 };
    c.set('record', record);
    await next();
    const request_id = c.get('requestId');
    const { method } = c.req;
    const route = routeOf(matchedRoutes(c));
    const { status } = c.res;
    const version = bindingsOf(c).CF_VERSION_METADATA?.id;

    function write(): void {
      const { until, ...found } = record;
      const line: Line = { request_id, ...(version ? { version } : {}), method, route, status, ...found };
      console.log(JSON.stringify(line));
      bindingsOf(c).ANALYTICS?.writeDataPoint(dataPoint(line));
    }
    if (record.until === undefined) write();
    else record.until.then(write, write);
  });
}

/**
 * The pattern, never the path, because a path is a caller's input. Middleware also matches, with a catch-all pattern.
 */
function routeOf(routes: readonly { readonly path: string }[]): string {
  return routes.findLast(({ path }) => !path.endsWith('*'))?.path ?? 'none';
}

/** Queries of the dataset depend on this order: `docs/operations.md` lists it. */
function dataPoint(line: Line): AnalyticsEngineDataPoint {
  const { caller = '', route, method, code = '', format = '', cache = '', decoder = '', version = '' } = line;
  return {
    indexes: [caller],
    blobs: [route, method, code, format, cache, decoder, version],
    doubles: [line.status, line.bytes, line.pixels, line.pictures],
  };
}
