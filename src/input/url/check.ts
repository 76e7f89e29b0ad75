/**
 * Whether a URL may be fetched, judged by its text. Every redirect is checked too.
 *
 * The address is checked before the allow-list, so that an entry as wide as `*` does not allow private addresses.
 */
import { fail, ok, type Result } from '../../failure.ts';
import { isPublicAddress } from './addresses.ts';
import { type HostPattern, isListed, withoutTrailingDot } from './hosts.ts';
import { isPublicName } from './names.ts';
import { parseUrl } from './parse.ts';

export interface UrlRules {
  readonly hosts: readonly HostPattern[];
  /** Whether http is allowed besides https. */
  readonly allowHttp: boolean;
}

/**
 * @param from the URL that redirected here, the base of a relative reference.
 * @returns otherwise `url_invalid`, `url_scheme_not_allowed`, `url_address_refused` or `url_host_not_allowed`.
 */
export function checkUrl(text: string, { hosts, allowHttp }: UrlRules, from?: URL): Result<URL> {
  const parsed = parseUrl(text, allowHttp, from);
  if (!parsed.ok) return parsed;
  const url = parsed.value;
  const redirected = from !== undefined;
  if (!isPublic(url.hostname)) return fail({ code: 'url_address_refused', host: url.hostname, redirected });
  if (!isListed(url, hosts)) return fail({ code: 'url_host_not_allowed', host: url.host, redirected });
  return ok(url);
}

function isPublic(hostname: string): boolean {
  return isPublicAddress(hostname) ?? isPublicName(withoutTrailingDot(hostname));
}
