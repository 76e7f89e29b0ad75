/** The page of `examples/browser`, hosted on another site: it answers as the service does. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import type { Checks } from '../conformance/report.ts';
import type { VisitorsFile } from './files.ts';
import type { Site } from './visit.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const SAMPLES = path.join(ROOT, 'public/playground/samples');
const CLASSES = { clock: 'digital-clock.webp', web: 'spider-web.webp' };

/** The service rounds to six decimals, and sums in another order. */
const CLOSE = 2e-6;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

interface Answer {
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
  readonly similarity: number;
  readonly unknown: boolean;
}

export const exampleChecks = (site: Site): Checks => ({
  'examples/browser: a head that was exported answers in the page as the service does': async () => {
    const collection = `${site.url}/v1/collections/example`;
    await sent(collection, 'PUT');
    for (const [label, file] of Object.entries(CLASSES))
      await sent(`${collection}/items?label=${label}`, 'POST', await readFile(path.join(SAMPLES, file)));
    const head = async (format: string) =>
      Buffer.from(await (await sent(`${collection}/export?format=${format}`, 'GET')).arrayBuffer());
    try {
      const picture = {
        name: CLASSES.web,
        mimeType: 'image/webp',
        buffer: await readFile(path.join(SAMPLES, CLASSES.web)),
      };
      const answer = await answersAsCollection(
        site,
        'example',
        { onnx: await head('onnx'), json: await head('json') },
        picture,
      );
      assert.equal(answer.unknown, false);
      assert.equal(answer.predictions[0]?.label, 'web');
    } finally {
      await sent(collection, 'DELETE');
    }
  },
});

/**
 * The example's page with a head, compared with a collection of the service.
 *
 * @returns the collection's answer; the page's must be the same.
 */
export async function answersAsCollection(
  site: Site,
  collection: string,
  head: Readonly<Record<'onnx' | 'json', Buffer>>,
  picture: VisitorsFile,
): Promise<Answer> {
  const asked = await sent(
    `${site.url}/v1/classify?collection=${collection}`,
    'POST',
    Buffer.from(picture.buffer),
  );
  const answer = (await asked.json()) as Answer;
  const elsewhere = await served({ '/head.onnx': head.onnx, '/head.json': head.json });
  const context = await site.browser.newContext();
  try {
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(`${elsewhere.url}/?service=${encodeURIComponent(site.url)}`);
    const labels = answer.predictions.map(({ label }) => label);
    await page.getByText(`Tells apart: ${labels.toSorted().join(', ')}.`).waitFor();
    await page.getByLabel('A picture').setInputFiles(picture);
    await page.getByText(`${answer.unknown ? 'Unknown' : 'Known'}: the nearest label`).waitFor();
    const lines = await page.getByRole('listitem').allTextContents();
    const told = await page.getByRole('status').textContent();
    assert.deepEqual(
      lines.map((line) => line.split(' ')[0]),
      labels,
    );
    for (const [at, { label, score }] of answer.predictions.entries())
      near(Number(lines[at]?.split(' ')[1]), score, label);
    near(Number(/similarity of ([\d.]+)\./.exec(told ?? '')?.[1]), answer.similarity, 'similarity');
    assert.deepEqual(faults, []);
    return answer;
  } finally {
    await context.close();
    elsewhere.close();
  }
}

function near(given: number, said: number, what: string): void {
  assert.ok(Math.abs(given - said) <= CLOSE, `${what}: ${given} is not ${said}`);
}

export async function sent(
  url: string,
  method: string,
  body?: Buffer<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const response = await fetch(url, { method, headers, ...(body && { body }) });
  assert.ok(response.ok, `${method} ${url} answered ${response.status}`);
  return response;
}

/** A site with the example, the runtime and the head at the paths that the example's page loads. */
async function served(own: Readonly<Record<string, Buffer>>) {
  const server = createServer(async ({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost');
    const file = pathname.startsWith('/onnxruntime-web/')
      ? path.join(ROOT, 'node_modules/onnxruntime-web/dist', path.basename(pathname))
      : path.join(ROOT, 'examples/browser', pathname === '/' ? 'index.html' : path.basename(pathname));
    const body = own[pathname] ?? (await readFile(file).catch(() => undefined));
    if (body === undefined) return void response.writeHead(404).end();
    const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
