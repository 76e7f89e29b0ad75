import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import { readSettings } from '../../src/settings.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, decoder, post, service } from '../service.ts';

interface Case {
  readonly name: string;
  readonly path?: string;
  readonly init?: RequestInit;
  readonly status: number;
  readonly code: string;
  /** What the text must mention: the limit, the remedy, the option. */
  readonly says: readonly string[];
}

const photo = provided('crossword.jpeg-420');

/** A PNG header of any size, before data that are never read. */
function pngOf(width: number, height: number): Uint8Array {
  const png = provided('crossword.png-rgb8').slice();
  new DataView(png.buffer).setUint32(16, width);
  new DataView(png.buffer).setUint32(20, height);
  return png;
}

const CASES: readonly Case[] = [
  { name: 'no body', init: { method: 'POST' }, status: 400, code: 'body_missing', says: ['--data-binary'] },
  { name: 'an empty body', init: post(''), status: 400, code: 'body_missing', says: ['--data-binary'] },
  {
    name: 'a text',
    init: post('hello'),
    status: 415,
    code: 'image_format_unsupported',
    says: ['JPEG, PNG, WebP, GIF, BMP, TIFF, ICO, AVIF and HEIC'],
  },
  {
    name: 'an SVG',
    init: post('<svg xmlns="http://www.w3.org/2000/svg"/>', { 'content-type': 'image/svg+xml' }),
    status: 415,
    code: 'image_format_unsupported',
    says: ['JPEG'],
  },
  {
    name: 'half a photo',
    init: post(photo.subarray(0, photo.byteLength / 2)),
    status: 422,
    code: 'image_unreadable',
    says: ['JPEG', 'ends before its picture does'],
  },
  {
    name: 'only a header',
    init: post(photo.subarray(0, 4)),
    status: 422,
    code: 'image_unreadable',
    says: ['JPEG'],
  },
  {
    name: 'a side over the limit',
    init: post(pngOf(70_000, 1)),
    status: 422,
    code: 'image_side_too_long',
    says: ['70000', '65500'],
  },
  {
    name: 'more pixels than fit into memory',
    init: post(pngOf(10_000, 10_000)),
    status: 422,
    code: 'image_area_too_large',
    says: [
      '10000×10000',
      '100 megapixels',
      'the limit for a PNG in a file of this size is',
      'megapixels. Shrink',
      '512',
    ],
  },
  {
    name: 'truncated JSON',
    init: post('{"image": "AAAA'),
    status: 400,
    code: 'json_invalid',
    says: ['JSON'],
  },
  {
    name: 'JSON without a picture',
    init: post('{"picture": "AAAA"}'),
    status: 400,
    code: 'field_invalid',
    says: ['"image"', '"url"'],
  },
  {
    name: 'JSON whose picture is a number',
    init: post('{"image": 7}'),
    status: 400,
    code: 'field_invalid',
    says: ['image'],
  },
  {
    name: 'bad base64',
    init: post('{"image": "A!"}'),
    status: 400,
    code: 'base64_invalid',
    says: ['image', 'base64'],
  },
  {
    name: 'a URL while URL input is off',
    init: post('{"url": "https://example.com/cat.jpg"}'),
    status: 403,
    code: 'url_input_off',
    says: ['send its bytes'],
  },
  {
    name: 'a URL in the query',
    path: '/v1/classify?url=https://example.com/cat.jpg',
    status: 403,
    code: 'url_input_off',
    says: ['send its bytes'],
  },
  {
    name: 'a wrong option beside the picture',
    init: post('{"image": "AAAA", "top_k": 0}'),
    status: 400,
    code: 'option_invalid',
    says: ['top_k', '1 to 1000'],
  },
  {
    name: 'a form that is none',
    init: post('hello', { 'content-type': 'multipart/form-data; boundary=x' }),
    status: 400,
    code: 'multipart_invalid',
    says: ['-F image=@photo.jpg'],
  },
  {
    name: 'a form that ends too early',
    init: post('--x\r\ncontent-disposition: form-data; name="image"\r\n\r\nabc', {
      'content-type': 'multipart/form-data; boundary=x',
    }),
    status: 400,
    code: 'multipart_invalid',
    says: ['ends too early'],
  },
  {
    name: 'a form without a picture',
    init: post('--x\r\ncontent-disposition: form-data; name="other"\r\n\r\nabc\r\n--x--\r\n', {
      'content-type': 'multipart/form-data; boundary=x',
    }),
    status: 400,
    code: 'multipart_field_missing',
    says: ['-F image=@photo.jpg'],
  },
  {
    name: 'an empty form',
    init: post('--x--\r\n', { 'content-type': 'multipart/form-data; boundary=x' }),
    status: 400,
    code: 'multipart_field_missing',
    says: ['image'],
  },
  {
    name: 'an unknown content encoding',
    init: post(photo, { 'content-encoding': 'br' }),
    status: 415,
    code: 'body_encoding_unsupported',
    says: ['"br"', 'gzip'],
  },
  {
    name: 'a content encoding that is not true',
    init: post(photo, { 'content-encoding': 'gzip' }),
    status: 400,
    code: 'body_undecodable',
    says: ['gzip'],
  },
  { name: 'an unknown route', path: '/v2000', status: 404, code: 'route_unknown', says: ['/v1/classify'] },
  {
    name: 'a wrong method',
    init: { method: 'PUT', body: photo },
    status: 405,
    code: 'method_not_allowed',
    says: ['PUT', 'POST'],
  },
  {
    name: 'an empty batch',
    path: '/v1/batch',
    init: post('{"images": []}'),
    status: 400,
    code: 'batch_empty',
    says: ['images'],
  },
  {
    name: 'a batch that is no list',
    path: '/v1/batch',
    init: post('{"images": "AAAA"}'),
    status: 400,
    code: 'field_invalid',
    says: ['images'],
  },
  {
    name: 'a million lists in a few bytes',
    path: '/v1/batch',
    init: post(`{"images": [${'[],'.repeat(1_000_000)}0]}`),
    status: 413,
    code: 'json_too_complex',
    says: ['more than 10000 lists'],
  },
  {
    name: 'a tensor whose lists hold objects with keys of their own',
    path: '/tf/v1/models/mobilenet_v3_small_100_224:predict',
    init: post(`{"instances": [${Array.from({ length: 20_000 }, (_, i) => `{"k${i}":1}`).join()}]}`),
    status: 413,
    code: 'json_too_complex',
    says: ['10000 keys'],
  },
  {
    name: 'more numbers than the tensors that fit',
    path: '/tf/v1/models/mobilenet_v3_small_100_224:predict',
    init: post(`{"instances": [${'0,'.repeat(1_000_000)}0]}`),
    status: 413,
    code: 'json_too_complex',
    says: ['950000 commas'],
  },
  {
    name: 'a batch of 33',
    path: '/v1/batch',
    init: post(JSON.stringify({ images: Array(33).fill('AAAA') })),
    status: 413,
    code: 'batch_too_many_items',
    says: ['32'],
  },
];

describe('problems', () => {
  const app = service();

  it.each(CASES)('$name: $status $code', async ({ path = '/v1/classify', init, status, code, says }) => {
    const response = await app.request(path, init);
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem = await response.json<Record<string, unknown>>();
    expect(Object.keys(problem)).toEqual([
      'type',
      'title',
      'status',
      'detail',
      'code',
      'error',
      'request_id',
    ]);
    expect(problem).toMatchObject({ status, code, error: problem.detail });
    expect(response.headers.get('x-request-id')).toBe(problem.request_id);
    for (const text of says) expect(problem.detail).toContain(text);
  });

  it('names the methods that are possible', async () => {
    const response = await app.request('/v1/embed', { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it.each(['/v1/classify', '/v1/labels', '/healthz'])('answers HEAD and OPTIONS for %s', async (path) => {
    const options = await app.request(path, { method: 'OPTIONS' });
    expect(options.status).toBe(204);
    expect(options.headers.get('allow')).toMatch(/GET.*OPTIONS/);
    const get = await app.request(path);
    const head = await app.request(path, { method: 'HEAD' });
    expect(head.status).toBe(get.status);
    expect(await head.text()).toBe('');
  });

  it('decodes nothing of what the header gives away', async () => {
    const before = decoder.stats().photon.memoryBytes;
    await app.request('/v1/classify', post(pngOf(16_384, 16_384)));
    expect(decoder.stats().photon.memoryBytes).toBe(before);
  });
});

describe('limits of the body', () => {
  const app = service({
    MAX_IMAGE_BYTES: 2048,
    MAX_JSON_BYTES: 1024,
    MAX_BATCH_BYTES: 4096,
    BODY_TIMEOUT_SECONDS: 1,
  });

  it.each([
    ['a file', post(new Uint8Array(2049))],
    ['a file without a length', post(chunks(3, 1000))],
    ['JSON that says so', post(`{"image": "${'A'.repeat(1100)}"}`, { 'content-type': 'application/json' })],
    ['JSON that does not say so', post(`{"image": "${'A'.repeat(1100)}"}`)],
    ['a file in a form', form('x', 3000)],
    ['a compressed body that inflates', post(gzip(100_000), { 'content-encoding': 'gzip' })],
  ])('refuses %s over the limit, and names it', async (_name, init) => {
    const response = await app.request('/v1/classify', init);
    expect(response.status).toBe(413);
    const problem = await response.json<{ code: string; detail: string }>();
    expect(problem.code).toBe('body_too_large');
    expect(problem.detail).toMatch(/1024|2048/);
  });

  it('takes a file of exactly the limit', async () => {
    const response = await app.request('/v1/classify', post(new Uint8Array(2048)));
    expect(response.status).toBe(415);
  });

  it('cuts a body off that trickles in', async () => {
    let sent = 0;
    const trickle = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        controller.enqueue(new Uint8Array([sent++]));
      },
    });
    const response = await app.request('/v1/classify', post(trickle));
    expect(response.status).toBe(408);
    expect(await response.json()).toMatchObject({ code: 'body_too_slow' });
    expect(sent).toBeLessThan(6);
  });
});

describe('what only the operator can fix', () => {
  it('is closed until opened', async () => {
    const app = createApp(readSettings({}), classifier);
    for (const path of ['/v1/classify', '/v1/embed', '/v1/batch']) {
      const response = await app.request(path, post(photo));
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: 'anonymous_refused' });
    }
    expect((await app.request('/healthz')).status).toBe(200);
    expect((await app.request('/v1/labels')).status).toBe(200);
  });

  it('answers a fault of our own with generic text, and logs it in full', async () => {
    const app = createApp(readSettings({ ALLOW_ANONYMOUS: 'true', CACHE_SECONDS: '0' }), {
      ...classifier,
      see: () => Promise.reject(new Error('secret detail')),
    });
    const response = await app.request('/v1/classify', post(photo));
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(text).toContain('"internal"');
    expect(text).not.toContain('secret');
  });
});

function chunks(count: number, bytes: number): ReadableStream<Uint8Array> {
  let left = count;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- === 0) controller.close();
      else controller.enqueue(new Uint8Array(bytes));
    },
  });
}

function form(boundary: string, bytes: number): RequestInit {
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="image"\r\n\r\n`;
  return post(`${head}${'x'.repeat(bytes)}\r\n--${boundary}--\r\n`, {
    'content-type': `multipart/form-data; boundary=${boundary}`,
  });
}

function gzip(bytes: number): ReadableStream {
  return new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('gzip'));
}
