/**
 * Headers of our pages. Pages that are files get the same from `public/_headers`, because the platform serves them
 * without calling the Worker.
 */
import { secureHeaders } from 'hono/secure-headers';

/**
 * Everything on a page is ours, and nothing on it is inline. Pictures may be those that a visitor has chosen (`blob:`)
 * and those that a library draws with (`data:`). Requiring HTTPS is up to the owner of the host, for everything on it.
 */
export function pageHeaders() {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'blob:', 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
    xFrameOptions: 'DENY',
    strictTransportSecurity: false,
  });
}
