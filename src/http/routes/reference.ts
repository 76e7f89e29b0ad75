/** `GET /openapi.json` and `GET /docs`: the API described for machines and for people. */
import { Hono } from 'hono';
import { docsPage } from '../docs-page.ts';
import type { AppEnv } from '../env.ts';
import { pageHeaders } from '../page-headers.ts';
import { PUBLIC_FACTS, revalidated } from '../revalidation.ts';

export function referenceRoute(): Hono<AppEnv> {
  const fresh = revalidated(PUBLIC_FACTS);
  return new Hono<AppEnv>()
    .get('/openapi.json', fresh, async (c) => {
      // Imported when it is asked for: to describe everything costs some milliseconds of an isolate's start.
      const { openApiDocument } = await import('../openapi/document.ts');
      return c.json(openApiDocument(new URL(c.req.url).origin));
    })
    .get('/docs', fresh, pageHeaders(), (c) => c.html(docsPage()));
}
