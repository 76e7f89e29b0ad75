/**
 * Parses a URL by the WHATWG URL Standard, as `fetch` does, so that the checked URL is the fetched one.
 */
import { fail, ok, type Result } from '../../failure.ts';

/** The length that RFC 9110 §4.1 recommends every server to support. */
const MAX_URL_CHARACTERS = 8000;

/** A domain name is no longer (RFC 1035 §2.3.4), without the dot that may end it. */
const MAX_HOST_CHARACTERS = 254;

/** @param from the URL that redirected here, the base of a relative reference. */
export function parseUrl(text: string, allowHttp: boolean, from?: URL): Result<URL> {
  if (text.length > MAX_URL_CHARACTERS)
    return invalid(`is longer than ${MAX_URL_CHARACTERS} characters`, from);
  const url = URL.parse(text, from?.href);
  if (url === null) return invalid('is not a URL', from);
  const allowed = allowHttp ? ['https', 'http'] : ['https'];
  const scheme = url.protocol.slice(0, -1);
  if (!allowed.includes(scheme)) {
    return fail({ code: 'url_scheme_not_allowed', scheme, allowed, redirected: from !== undefined });
  }
  if (url.hostname.length > MAX_HOST_CHARACTERS) {
    return invalid(`has a host name longer than ${MAX_HOST_CHARACTERS} characters`, from);
  }
  // They would be sent to the host in a header, and do not belong in a picture's URL.
  if (url.username !== '' || url.password !== '') {
    return invalid('has a user name or a password in it', from);
  }
  return ok(url);
}

/** The caller's mistake, or the origin's. */
function invalid(reason: string, from: URL | undefined): Result<never> {
  return from === undefined
    ? fail({ code: 'url_invalid', reason })
    : fail({ code: 'url_fetch_failed', reason: `redirected to what ${reason}` });
}
