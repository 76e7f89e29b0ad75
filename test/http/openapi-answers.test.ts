/** Compares real answers, good and bad, with the OpenAPI document. */
import { type Schema, Validator } from '@cfworker/json-schema';
import { afterAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import { openApiDocument } from '../../src/http/openapi/document.ts';
import { createInFlight } from '../../src/input/in-flight.ts';
import { readSettings } from '../../src/settings.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post, service } from '../service.ts';

const app = service();
const photo = provided('golf-ball.jpeg-420');
const document = openApiDocument();

interface Case {
  readonly name: string;
  readonly path: string;
  /** The route's path in the document, if it differs. */
  readonly route?: string;
  readonly init?: RequestInit;
  readonly status: number;
  readonly app?: ReturnType<typeof service>;
}

const broken = createApp(readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '0' }), {
  ...classifier,
  see: () => Promise.reject(new Error('out of order')),
  warm: () => Promise.reject(new Error('out of order')),
});
const closed = service({ ALLOW_ANONYMOUS: 'false' });
const small = service({ MAX_IMAGE_BYTES: '1024', MAX_BATCH_ITEMS: '1' });
const full = createApp(
  readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '0' }),
  classifier,
  createInFlight(0, 60_000),
);
const hasty = service({ BODY_TIMEOUT_SECONDS: '1' });
const linked = service({ URL_HOSTS: 'photos.test', URL_TIMEOUT_SECONDS: '1' });

function form(...files: readonly (Uint8Array | string)[]): RequestInit {
  const data = new FormData();
  for (const file of files) data.append('image', new File([file], 'photo.jpg'));
  return post(data);
}

/** A body whose first byte never arrives. */
function stalled(): RequestInit {
  return post(new ReadableStream());
}

/** The body that `curl -d` makes. */
function mangled(): RequestInit {
  const body = photo.filter((byte) => byte !== 0x0a && byte !== 0x0d);
  return post(body, { 'content-type': 'application/x-www-form-urlencoded' });
}

const base64 = photo.toBase64();
const lines = { accept: 'application/x-ndjson' };

const PICTURES: readonly Case[] = ['/v1/classify', '/v1/embed'].flatMap((path) => [
  { name: 'raw', path, init: post(photo), status: 200 },
  { name: 'a form', path, init: form(photo), status: 200 },
  { name: 'JSON', path, init: post(JSON.stringify({ image: base64 })), status: 200 },
  { name: 'animated', path, init: post(provided('crossword.gif')), status: 200 },
  { name: 'a wrong option', path: `${path}?top_k=0&normalize=7`, init: post(photo), status: 400 },
  { name: 'no body', path, init: post(''), status: 400 },
  { name: 'bad JSON', path, init: post('{'), status: 400 },
  { name: 'too much JSON', path, init: post(`{"image":[${'[],'.repeat(20_000)}[]]}`), status: 413 },
  { name: 'bad base64', path, init: post('{"image":"A!"}'), status: 400 },
  { name: 'an empty form', path, init: form(), status: 400 },
  { name: 'nobody in particular', path, app: closed, init: post(photo), status: 401 },
  { name: 'a URL', path, init: post('{"url":"https://example.com/a.jpg"}'), status: 403 },
  { name: 'a URL that is none', path, app: linked, init: post('{"url":"photo.jpg"}'), status: 400 },
  {
    name: 'a URL that fails',
    path,
    app: linked,
    init: post('{"url":"https://photos.test/status/404"}'),
    status: 502,
  },
  {
    name: 'a slow URL',
    path,
    app: linked,
    init: post('{"url":"https://photos.test/hang"}'),
    status: 504,
  },
  { name: 'a stalled body', path, app: hasty, init: stalled(), status: 408 },
  { name: 'a large file', path, app: small, init: post(photo), status: 413 },
  { name: 'many parts', path, init: form(...Array(40).fill('x')), status: 413 },
  { name: 'a text', path, init: post('hello'), status: 415 },
  { name: 'no room', path, app: full, init: post(photo), status: 429 },
  { name: 'half a picture', path, init: post(photo.subarray(0, 4000)), status: 422 },
  { name: 'a fault of ours', path, app: broken, init: post(photo), status: 500 },
]);

const OTHERS: readonly Case[] = [
  {
    name: 'options',
    path: '/v1/classify?top_k=1000&labels.exclude=golf%20ball',
    init: post(photo),
    status: 200,
  },
  { name: 'base64', path: '/v1/embed?encoding_format=base64&normalize=true', init: post(photo), status: 200 },
  { name: 'without a URL', path: '/v1/classify', status: 400 },
  { name: 'a URL', path: '/v1/classify?url=https://example.com/a.jpg', status: 403 },
  { name: 'a URL', path: '/v1/classify?url=https://photos.test/photo.jpg', app: linked, status: 200 },
  { name: 'no picture', path: '/v1/classify?url=https://photos.test/html', app: linked, status: 415 },
  { name: 'no URL', path: '/v1/classify?url=photo.jpg', app: linked, status: 400 },
  { name: 'failing', path: '/v1/classify?url=https://photos.test/empty/200', app: linked, status: 502 },
  { name: 'slow', path: '/v1/classify?url=https://photos.test/stall', app: linked, status: 504 },
  { name: 'a form', path: '/v1/batch', init: form(photo, 'hello'), status: 200 },
  { name: 'JSON', path: '/v1/batch', init: post(JSON.stringify({ images: [base64, 'A!'] })), status: 200 },
  { name: 'lines', path: '/v1/batch', init: { ...form(photo, 'hello'), headers: lines }, status: 200 },
  {
    name: 'lines of embeddings',
    path: '/v1/embed/batch',
    init: { ...form(photo, 'hello'), headers: lines },
    status: 200,
  },
  { name: 'embeddings', path: '/v1/embed/batch', init: form(photo, 'hello'), status: 200 },
  { name: 'no picture', path: '/v1/batch', init: post('hello'), status: 415 },
  { name: 'a mangled picture', path: '/v1/classify', init: mangled(), status: 400 },
  { name: 'lines of nothing', path: '/v1/batch', init: { ...form(), headers: lines }, status: 400 },
  { name: 'no pictures', path: '/v1/batch', init: post('{"images":[]}'), status: 400 },
  { name: 'nobody in particular', path: '/v1/batch', app: closed, init: form(photo), status: 401 },
  { name: 'too many', path: '/v1/batch', app: small, init: post('{"images":["",""]}'), status: 413 },
  { name: 'a fault of ours', path: '/v1/batch', app: broken, init: form(photo), status: 500 },
  { name: '', path: '/v1/labels', status: 200 },
  { name: '', path: '/v1/model', status: 200 },
  { name: '', path: '/v1/limits', status: 200 },
  { name: '', path: '/healthz', status: 200 },
  { name: 'ready', path: '/healthz?ready=1', status: 200 },
  { name: 'a fault of ours', path: '/healthz?ready=1', app: broken, status: 500 },
  { name: '', path: '/openapi.json', status: 200 },
  { name: '', path: '/docs', status: 200 },
];

const teaching = service({ ALLOW_ANONYMOUS_TEACHING: 'true' });
const NAME = '/v1/collections/{name}';
const ITEMS = `${NAME}/items`;
const EXPORT = `${NAME}/export`;
const VERSIONS = `${NAME}/versions`;
const items = JSON.stringify({
  items: [{ image: base64, label: 'ball', id: 'ball', metadata: { a: 1 } }, { image: 'A!' }],
});

/** Sent one after the other, each with the state that the ones before have left. */
const COLLECTIONS: readonly Case[] = [
  { name: 'make', path: '/v1/collections/documented', route: NAME, init: { method: 'PUT' }, status: 201 },
  {
    name: 'make again',
    path: '/v1/collections/documented',
    route: NAME,
    init: { method: 'PUT' },
    status: 200,
  },
  {
    name: 'make wrongly',
    path: '/v1/collections/Documented',
    route: NAME,
    init: { method: 'PUT' },
    status: 400,
  },
  { name: 'untaught', path: '/v1/classify?collection=documented', init: post(photo), status: 409 },
  { name: 'unknown', path: '/v1/classify?collection=other', init: post(photo), status: 404 },
  {
    name: 'train what is empty',
    path: '/v1/collections/documented/train',
    route: `${NAME}/train`,
    init: post(''),
    status: 409,
  },
  { name: 'add', path: '/v1/collections/documented/items', route: ITEMS, init: post(items), status: 200 },
  {
    name: 'add lines',
    path: '/v1/collections/documented/items',
    route: ITEMS,
    init: post(items, lines),
    status: 200,
  },
  {
    name: 'add nothing',
    path: '/v1/collections/documented/items',
    route: ITEMS,
    init: post('{"items":[]}'),
    status: 400,
  },
  {
    name: 'add no picture',
    path: '/v1/collections/documented/items',
    route: ITEMS,
    init: post('hello'),
    status: 415,
  },
  {
    name: 'add half a picture',
    path: '/v1/collections/documented/items',
    route: ITEMS,
    init: post(photo.subarray(0, 4000)),
    status: 422,
  },
  { name: 'classify', path: '/v1/classify?collection=documented', init: post(photo), status: 200 },
  { name: 'classify many', path: '/v1/batch?collection=documented', init: form(photo, 'hello'), status: 200 },
  {
    name: 'classify in lines',
    path: '/v1/batch?collection=documented',
    init: { ...form(photo), headers: lines },
    status: 200,
  },
  {
    name: 'search',
    path: '/v1/collections/documented/search',
    route: `${NAME}/search`,
    init: post(photo),
    status: 200,
  },
  {
    name: 'search for no item',
    path: '/v1/collections/documented/search',
    route: `${NAME}/search`,
    init: post('{"id":"none"}'),
    status: 404,
  },
  {
    name: 'train',
    path: '/v1/collections/documented/train',
    route: `${NAME}/train`,
    init: post(''),
    status: 200,
  },
  { name: 'export', path: '/v1/collections/documented/export', route: EXPORT, status: 200 },
  {
    name: 'export a graph',
    path: '/v1/collections/documented/export?format=onnx',
    route: EXPORT,
    status: 200,
  },
  {
    name: 'export items',
    path: '/v1/collections/documented/export?format=items',
    route: EXPORT,
    status: 200,
  },
  { name: 'export anything', path: '/v1/collections/documented/export?format=x', route: EXPORT, status: 400 },
  {
    name: 'import lines',
    path: '/v1/collections/documented/import',
    route: `${NAME}/import`,
    init: post('{"id":"x"}', { 'content-type': 'application/x-ndjson' }),
    status: 200,
  },
  {
    name: 'import no head',
    path: '/v1/collections/documented/import',
    route: `${NAME}/import`,
    init: post('{}', { 'content-type': 'application/json' }),
    status: 400,
  },
  { name: 'versions', path: '/v1/collections/documented/versions', route: VERSIONS, status: 200 },
  {
    name: 'activate none',
    path: '/v1/collections/documented/versions/99/activate',
    route: `${VERSIONS}/{version}/activate`,
    init: post(''),
    status: 404,
  },
  {
    name: 'activate the newest',
    path: '/v1/collections/documented/versions/latest/activate',
    route: `${VERSIONS}/{version}/activate`,
    init: post(''),
    status: 200,
  },
  {
    name: 'forget no version',
    path: '/v1/collections/documented/versions/99',
    route: `${VERSIONS}/{version}`,
    init: { method: 'DELETE' },
    status: 404,
  },
  { name: 'see', path: '/v1/collections/documented', route: NAME, status: 200 },
  { name: 'see another', path: '/v1/collections/other', route: NAME, status: 404 },
  { name: 'list', path: '/v1/collections', status: 200 },
  { name: 'items', path: '/v1/collections/documented/items?limit=1', route: ITEMS, status: 200 },
  { name: 'no cursor', path: '/v1/collections/documented/items?cursor=-', route: ITEMS, status: 400 },
  { name: 'item', path: '/v1/collections/documented/items/ball', route: `${ITEMS}/{id}`, status: 200 },
  { name: 'no item', path: '/v1/collections/documented/items/none', route: `${ITEMS}/{id}`, status: 404 },
  {
    name: 'change',
    path: '/v1/collections/documented/items/ball',
    route: `${ITEMS}/{id}`,
    init: { method: 'PATCH', body: '{"metadata":null}' },
    status: 200,
  },
  {
    name: 'change wrongly',
    path: '/v1/collections/documented/items/ball',
    route: `${ITEMS}/{id}`,
    init: { method: 'PATCH', body: '{"label":7}' },
    status: 400,
  },
  {
    name: 'no right',
    path: '/v1/collections/documented',
    route: NAME,
    app,
    init: { method: 'PUT' },
    status: 403,
  },
  {
    name: 'remove',
    path: '/v1/collections/documented/items/ball',
    route: `${ITEMS}/{id}`,
    init: { method: 'DELETE' },
    status: 200,
  },
  {
    name: 'remove by label',
    path: '/v1/collections/documented/items?label=a',
    route: ITEMS,
    init: { method: 'DELETE' },
    status: 200,
  },
  {
    name: 'remove everything',
    path: '/v1/collections/documented/items',
    route: ITEMS,
    init: { method: 'DELETE' },
    status: 400,
  },
  {
    name: 'forget',
    path: '/v1/collections/documented',
    route: NAME,
    init: { method: 'DELETE' },
    status: 204,
  },
  {
    name: 'forget again',
    path: '/v1/collections/documented',
    route: NAME,
    init: { method: 'DELETE' },
    status: 404,
  },
].map((one) => ({ app: teaching, ...one }));

describe('answers', () => {
  const seen = new Set<string>();

  it.each([...PICTURES, ...OTHERS, ...COLLECTIONS])(
    '$path $name: $status',
    async ({ path, route, init, status, app: other = app }) => {
      const response = await other.request(path, init);
      expect(response.status).toBe(status);
      const name = route ?? path.split('?')[0] ?? '';
      const method = (init?.method ?? 'get').toLowerCase();
      seen.add(`${method} ${name} ${status}`);
      const text = await response.text();
      if (status === 204) {
        expect([text, document.paths?.[name]?.delete?.responses]).toEqual([
          '',
          expect.objectContaining({ 204: expect.anything() }),
        ]);
        return;
      }
      const media = documented(name, method, response);
      for (const body of bodies(text, response.headers.get('content-type') ?? '')) {
        const { valid, errors } = new Validator(media.schema, '2020-12').validate(body);
        expect(valid, JSON.stringify(errors.slice(0, 3))).toBe(true);
        if (status >= 400)
          expect(Object.keys(media.examples ?? {})).toContain((body as { code: string }).code);
      }
    },
  );

  afterAll(() => {
    const promised = ['/v1/classify', '/v1/embed'].flatMap((path) =>
      Object.keys(document.paths?.[path]?.post?.responses ?? {}).map((status) => `post ${path} ${status}`),
    );
    expect(promised.filter((answer) => !seen.has(answer))).toEqual([]);
  });
});

/** The schema of an answer, closed: members that it does not name are not allowed. */
function documented(path: string, method: string, response: Response) {
  const operations = new Map<string, { readonly responses?: object }>(
    Object.entries(document.paths?.[path] ?? {}),
  );
  const responses: Record<string, unknown> = { ...operations.get(method)?.responses };
  const described = responses[response.status] as Described | undefined;
  const type = response.headers.get('content-type')?.split(';')[0] ?? '';
  // The headers of a failure are those of any of its codes. Headers of streamed lines are sent before their content is
  // known.
  const promised = response.ok ? Object.keys(described?.headers ?? {}) : [];
  const unknownYet = type === 'application/x-ndjson' ? ['cache-status'] : [];
  expect(promised.filter((header) => !response.headers.has(header))).toEqual(
    unknownYet.filter((header) => promised.includes(header)),
  );
  const media = described?.content[type];
  if (media === undefined) throw new Error(`${method} ${path} does not say ${response.status} as ${type}`);
  return { ...media, schema: closedSchema({ ...media.schema, components: document.components }) };
}

interface Described {
  readonly headers?: object;
  readonly content: Readonly<Record<string, { readonly schema: Schema; readonly examples?: object }>>;
}

function closedSchema(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema), (_, value) =>
    value?.type === 'object' && value.properties && value.additionalProperties === undefined
      ? { ...value, additionalProperties: false }
      : value,
  );
}

function bodies(text: string, type: string): readonly unknown[] {
  if (type.startsWith('text/') || type === 'application/octet-stream') return [text];
  if (!type.includes('ndjson')) return [JSON.parse(text)];
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
