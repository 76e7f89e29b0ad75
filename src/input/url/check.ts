/**
 * Whether a URL may be asked for, by all that its text tells. Every hop of a redirect comes through here.
 *
 * The address is judged before the allow-list, so that an entry as wide as `*` opens no private address.
 */
import { fail, ok, type Result } from '../../failure.ts';
import { isPublicAddress } from './addresses.ts';
import { type HostPattern, isListed, withoutTrailingDot } from './hosts.ts';
import { isPublicName } from './names.ts';
import { parseUrl } from './parse.ts';

export interface UrlRules {
  readonly hosts: readonly HostPattern[];
  /** Whether http is good enough, besides https. */
  readonly allowHttp: boolean;
}

/**
 * @param from the URL that redirected here, which a relative reference is relative to.
 * @returns `url_invalid`, `url_scheme_not_allowed`, `url_address_refused` or `url_host_not_allowed` otherwise.
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
