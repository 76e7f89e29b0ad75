/**
 * The pages' files, which on Cloudflare the platform serves before it starts the Worker, with the headers of
 * `public/_headers`.
 */
import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { getMimeType } from 'hono/utils/mime';
import { pageHeaders } from '../http/page-headers.ts';

/** workerd answers for every file with this type, and for a folder with a list as JSON. */
const FILE = 'application/octet-stream';

/** Readable by pages of any origin. */
const CLIENT = '/client.js';

const pages = new Hono<{ Bindings: { file: Response } }>()
  .use(etag())
  .use(CLIENT, async (c, next) => {
    await next();
    c.header('content-security-policy', undefined);
    c.header('access-control-allow-origin', '*');
    c.header('cross-origin-resource-policy', 'cross-origin');
  })
  .use(pageHeaders())
  .get('*', (c) =>
    c.newResponse(c.env.file.body, 200, {
      'content-type': getMimeType(pathOf(c.req.raw)) ?? FILE,
      'cache-control': 'public, max-age=0, must-revalidate',
    }),
  );

/** @returns undefined if the path names no file. */
export async function pageFor(request: Request, disk: Fetcher): Promise<Response | undefined> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return undefined;
  const file = await disk.fetch(new URL(pathOf(request), 'http://pages'));
  if (file.ok && file.headers.get('content-type') === FILE) return pages.fetch(request, { file });
  await file.body?.cancel();
  return undefined;
}

function pathOf(request: Request): string {
  const { pathname } = new URL(request.url);
  return pathname === '/' ? '/index.html' : pathname;
}
