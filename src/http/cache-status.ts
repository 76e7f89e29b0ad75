/**
 * The header `cache-status` (RFC 9211): whether what an answer is made of was known already.
 *
 * `fwd=bypass` is a cache that is off or was left out, and `fwd=partial` several pictures of which only some
 * were known.
 */
import type { CacheUse, RequestRecord } from './record.ts';

const CACHE = 'mobilenet-edge';

export const CACHE_STATUS: Readonly<Record<CacheUse | 'several', string>> = {
  hit: `${CACHE}; hit`,
  miss: `${CACHE}; fwd=miss`,
  bypass: `${CACHE}; fwd=bypass`,
  several: `${CACHE}; fwd=partial`,
};

/** @returns undefined where no picture was answered for, or where more are to come. */
export function cacheStatus({ cache, until }: RequestRecord): string | undefined {
  return cache === undefined || until !== undefined ? undefined : CACHE_STATUS[cache];
}
