/**
 * Limits the requests of each caller by the platform's rate-limiting binding.
 *
 * It counts in each of Cloudflare's locations separately and answers only yes or no. The rest of the quota and the end
 * of the period are unknown, so `retry-after` is the whole period.
 */
import type { Context } from 'hono';
import { fail, ok, type Result } from '../failure.ts';
import type { Settings } from '../settings.ts';
import { ANONYMOUS } from '../settings-lists.ts';
import { clientNetwork } from './address.ts';
import { type AppEnv, bindingsOf } from './env.ts';
import type { Limits } from './limits.ts';

type CountRequest = (c: Context<AppEnv>, caller: string) => Promise<Result<undefined>>;

/** The limit in force, or null: it can be turned off, and its binding can be removed. */
export function rateRule(c: Context<AppEnv>, settings: Settings): Limits['rate'] {
  const { RATE_LIMIT_REQUESTS: requests, RATE_LIMIT_SECONDS: period_seconds } = settings;
  return requests === 0 || bindingsOf(c).RATE_LIMIT === undefined ? null : { requests, period_seconds };
}

export function createRateLimit(settings: Settings): CountRequest {
  let said = false;

  return async (c, caller) => {
    const rule = rateRule(c, settings);
    if (rule === null) {
      if (settings.RATE_LIMIT_REQUESTS > 0 && !said) {
        said = true;
        console.warn(JSON.stringify({ warning: 'There is no binding RATE_LIMIT, so no caller is limited.' }));
      }
      return ok(undefined);
    }
    const key = caller === ANONYMOUS ? `address:${clientNetwork(c.req.raw.headers)}` : `key:${caller}`;
    const counted = await bindingsOf(c).RATE_LIMIT?.limit({ key });
    if (counted === undefined || counted.success) return ok(undefined);
    return fail({ code: 'rate_limited', limitRequests: rule.requests, periodSeconds: rule.period_seconds });
  };
}
