/**
 * One JSON line for each request, and a data point where there is a dataset to write it to.
 *
 * It says who asked for what and what came of it, and holds no picture, query, key or address. It says no
 * times either: a Worker's clock stands still while it computes, so any would be wrong. The platform's own
 * metrics have them.
 */
import { createMiddleware } from 'hono/factory';
import { matchedRoutes } from 'hono/route';
import type { FailureCode } from '../failure.ts';
import { type AppEnv, bindingsOf } from './env.ts';

/** What came of a picture in the cache; `bypass` where it was not asked for. */
export type CacheUse = 'hit' | 'miss' | 'bypass';

/** What is found out on the way. `several` stands for pictures that differ. */
export interface RequestRecord {
  /** The name of a key, or `anonymous`; unset where nobody asked. */
  caller?: string;
  /** Why it failed. */
  code?: FailureCode;
  /** Of the picture. */
  format?: string;
  /** Of the body, any content encoding undone. */
  bytes: number;
  /** Of all pictures together, and how many there were. */
  pixels: number;
  pictures: number;
  cache?: CacheUse | 'several';
  /** Of the pictures that were decoded. */
  decoder?: string;
  /** Where the answer streams on after the handler: when it has ended. */
  until?: Promise<void>;
}

interface Line extends Omit<RequestRecord, 'until'> {
  readonly request_id: string;
  readonly method: string;
  readonly route: string;
  readonly status: number;
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

    function write(): void {
      const { until, ...found } = record;
      const line: Line = { request_id, method, route, status, ...found };
      console.log(JSON.stringify(line));
      bindingsOf(c).ANALYTICS?.writeDataPoint(dataPoint(line));
    }
    if (record.until === undefined) write();
    else record.until.then(write, write);
  });
}

/** The pattern, never the path: a path is the caller's own words. Middleware matches too, under a pattern of all. */
function routeOf(routes: readonly { readonly path: string }[]): string {
  return routes.findLast(({ path }) => !path.endsWith('*'))?.path ?? 'none';
}

/** The order is part of the contract with whoever queries the dataset: `docs/operations.md` lists it. */
function dataPoint(line: Line): AnalyticsEngineDataPoint {
  const { caller = '', route, method, code = '', format = '', cache = '', decoder = '' } = line;
  return {
    indexes: [caller],
    blobs: [route, method, code, format, cache, decoder],
    doubles: [line.status, line.bytes, line.pixels, line.pictures],
  };
}
