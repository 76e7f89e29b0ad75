/** `GET /openapi.json` and `GET /docs`: the API described for machines and for people. */
import { Hono } from 'hono';
import { docsPage } from '../docs-page.ts';
import type { AppEnv } from '../env.ts';
import { pageHeaders } from '../page-headers.ts';

export function referenceRoute(): Hono<AppEnv> {
  return new Hono<AppEnv>()
    .get('/openapi.json', async (c) => {
      // Imported when it is asked for: to describe everything costs some milliseconds of an isolate's start.
      const { openApiDocument } = await import('../openapi/document.ts');
      return c.json(openApiDocument());
    })
    .get('/docs', pageHeaders(), (c) => c.html(docsPage()));
}
