/** The typed client as a page of another origin uses it: a module from the deployment itself. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import type { Site } from './visit.ts';

/** What the page returns. */
interface Found {
  readonly alone: string | undefined;
  readonly many: readonly string[];
  readonly vectors: readonly number[];
  readonly refusal: string;
  readonly mistake: string;
}

/** Runs in the page. */
async function use({ url, base64 }: { readonly url: string; readonly base64: string }): Promise<Found> {
  // The module comes from the deployment, so its types are not known here.
  const { createClient, ProblemError }: typeof import('../../client/client.ts') = await import(
    `${url}/client.js`
  );
  const client = createClient({ url, retries: 1, timeout: 60 });
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const wrong = new Blob(['no picture']);
  const many = [];
  const picture = `data:image/webp;base64,${base64}` as const;
  const pictures = Array.from({ length: 40 }, (_, i) => (i === 17 ? wrong : bytes));
  for await (const item of client.batch([
    picture,
    new Response(bytes),
    new Blob([bytes]).stream(),
    ...pictures,
  ]))
    many.push(item.ok ? (item.result.predictions[0]?.label ?? '') : item.problem.code);
  const vectors = [];
  for await (const item of client.embedBatch([bytes, wrong])) {
    vectors.push(item.ok ? item.result.embedding.length : 0);
  }
  const refusal = await client.classify(wrong).catch((error: unknown) => error);
  const mistake = await client.classify('photo.jpg' as 'data:').catch((error: unknown) => String(error));
  return {
    alone: (await client.classify(bytes, { top_k: 1 })).predictions[0]?.label,
    many,
    vectors,
    refusal: refusal instanceof ProblemError ? refusal.code : String(refusal),
    mistake: String(mistake),
  };
}

export const clientChecks = (site: Site): Checks => ({
  'client.js: a page of another origin imports it, and it does what the package does': () =>
    elsewhere(site, async (page) => {
      const file = path.join(import.meta.dirname, '../../public/playground/samples/digital-clock.webp');
      const base64 = (await readFile(file)).toString('base64');
      const found = await page.evaluate(use, { url: site.url, base64 });
      assert.equal(found.alone, 'digital clock');
      assert.equal(found.many.length, 43);
      assert.deepEqual(
        found.many.flatMap((label, i) => (label === 'digital clock' ? [] : [[i, label]])),
        [[20, 'image_format_unsupported']],
      );
      assert.deepEqual(found.vectors, [1024, 0]);
      assert.equal(found.refusal, 'image_format_unsupported');
      assert.match(found.mistake, /^TypeError: A picture is/);
    }),
});

/** An empty page of its own origin. */
async function elsewhere({ browser }: Site, act: (page: Page) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Elsewhere</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${address.port}/`);
    await act(page);
  } finally {
    await context.close();
    server.close();
  }
}
