/** `GET /openapi.json` and `GET /docs`: the description of the API for programs and for people. */
import { Hono } from 'hono';
import described from '../../../vendor/openapi.text';
import { docsPage } from '../docs-page.ts';
import type { AppEnv } from '../env.ts';
import { pageHeaders } from '../page-headers.ts';
import { PUBLIC_FACTS, revalidated } from '../revalidation.ts';

export function referenceRoute(): Hono<AppEnv> {
  const fresh = revalidated(PUBLIC_FACTS);
  return new Hono<AppEnv>()
    .get('/openapi.json', fresh, (c) =>
      c.body(atAddress(new URL(c.req.url).origin), { headers: { 'content-type': 'application/json' } }),
    )
    .get('/docs', fresh, pageHeaders(), (c) => c.html(docsPage()));
}

/**
 * @param origin of the request's URL, because a client that has only the document knows no other, and some tools accept
 *   no relative one.
 */
function atAddress(origin: string): string {
  return `{"servers":${JSON.stringify([{ url: origin }])},${described.slice(1)}`;
}
