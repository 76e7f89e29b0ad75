/**
 * The header `cache-status` (RFC 9211): whether the network's output was cached.
 *
 * `fwd=bypass` means that the cache is off or was not used, `fwd=partial` that only some of several pictures were
 * cached.
 */
import type { CacheUse, RequestRecord } from './record.ts';

const CACHE = 'mobilenet-edge';

export const CACHE_STATUS: Readonly<Record<CacheUse | 'several', string>> = {
  hit: `${CACHE}; hit`,
  miss: `${CACHE}; fwd=miss`,
  bypass: `${CACHE}; fwd=bypass`,
  several: `${CACHE}; fwd=partial`,
};

/** @returns undefined if no picture was answered, or more are to come. */
export function cacheStatus({ cache, until }: RequestRecord): string | undefined {
  return cache === undefined || until !== undefined ? undefined : CACHE_STATUS[cache];
}
