/** Which keys of the bucket a caller may run jobs over. */
import type { Settings } from '../settings.ts';
import { ANONYMOUS } from '../settings-lists.ts';

/** @returns prefixes, where the empty one matches all keys; none if the caller may run no jobs. */
export function jobPrefixes(settings: Settings, caller: string): readonly string[] {
  if (caller === ANONYMOUS) return settings.ALLOW_ANONYMOUS_JOBS ? [''] : [];
  return settings.KEY_RIGHTS.flatMap((entry) =>
    entry.name === caller && entry.right === 'jobs' ? [entry.prefix] : [],
  );
}
