/**
 * The text of a URL, read as the WHATWG URL Standard has it, which is also how `fetch` reads it: what is
 * judged is what is asked for.
 */
import { fail, ok, type Result } from '../../failure.ts';

/** As much as RFC 9110 §4.1 asks every server to take. */
const MAX_URL_CHARACTERS = 8000;

/** A domain name has no more (RFC 1035 §2.3.4), without the dot that may end it. */
const MAX_HOST_CHARACTERS = 254;

/** @param from the URL that redirected here, which a relative reference is relative to. */
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
  // They would go out in a header to the host, and have no business in a picture's address.
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
