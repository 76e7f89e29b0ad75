/**
 * URL input by the settings: off until hosts are listed, and only on a platform that keeps fetches on the public
 * internet.
 */
import { createImageFetch, type FetchImage, urlInputOff } from '../input/url/fetch.ts';
import { fetchIsStrictlyPublic } from '../input/url/strictly-public.ts';
import type { Settings } from '../settings.ts';

/** @param strictlyPublic what the running platform reports, replaced in tests. */
export function urlInputIsOn(settings: Settings, strictlyPublic = fetchIsStrictlyPublic()): boolean {
  return settings.URL_HOSTS.length > 0 && strictlyPublic;
}

export function createUrlInput(settings: Settings, strictlyPublic = fetchIsStrictlyPublic()): FetchImage {
  if (urlInputIsOn(settings, strictlyPublic)) {
    return createImageFetch({
      hosts: settings.URL_HOSTS,
      allowHttp: settings.URL_ALLOW_HTTP,
      maxBytes: settings.MAX_IMAGE_BYTES,
      timeoutSeconds: settings.URL_TIMEOUT_SECONDS,
    });
  }
  if (settings.URL_HOSTS.length > 0) {
    const error =
      'URL_HOSTS is set, but nothing is fetched without the compatibility flag global_fetch_strictly_public';
    console.error(JSON.stringify({ error }));
  }
  return urlInputOff;
}
