/** The budget for bodies of an isolate, and that every way to end a request returns its share. */
import { describe, expect, it } from 'vitest';
import { createApp, inFlightOf } from '../../src/http/app.ts';
import { createInFlight } from '../../src/input/in-flight.ts';
import { createRpc } from '../../src/rpc/rpc.ts';
import { readSettings } from '../../src/settings.ts';
import { provided } from '../pictures/provided.ts';
import { classifier, post } from '../service.ts';

const KIB = 1024;
const photo = provided('golf-ball.jpeg-420');
const LINES = { accept: 'application/x-ndjson' };

const MOST_OPEN = 3;

/** A Worker with room for 400 KiB, in three requests. */
function small(look = classifier.see) {
  const settings = readSettings({
    ALLOW_ANONYMOUS: 'true',
    CACHE_SECONDS: '0',
    MAX_INFLIGHT_BYTES: 400 * KIB,
    MAX_IMAGE_BYTES: 300 * KIB,
    MAX_JSON_BYTES: 200 * KIB,
    MAX_TENSOR_BYTES: 200 * KIB,
    MAX_OPEN_REQUESTS: MOST_OPEN,
    BODY_TIMEOUT_SECONDS: 5,
  });
  const inFlight = inFlightOf(settings);
  const seeing = { ...classifier, see: look };
  return {
    inFlight,
    app: createApp(settings, seeing, inFlight),
    rpc: createRpc(settings, seeing, inFlight),
  };
}

/** A body of zeros that stops before its end until it is released. */
function gated(kibibytes: number) {
  const gate = Promise.withResolvers<void>();
  let left = kibibytes;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (left-- > 0) return controller.enqueue(new Uint8Array(KIB));
      await gate.promise;
      controller.close();
    },
  });
  return { body, open: gate.resolve };
}

function form(...files: readonly Uint8Array[]): RequestInit {
  const data = new FormData();
  for (const file of files) data.append('image', new File([file], 'photo'));
  return post(data);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await scheduler.wait(1);
}

describe('bodies in flight', () => {
  it('count as they arrive, of a small body too', async () => {
    const { inFlight, app } = small();
    // As from a connection: read with the reader's own buffers.
    const { readable, writable } = new FixedLengthStream(60 * KIB);
    const writer = writable.getWriter();
    const headers = { 'content-length': String(60 * KIB) };
    const answer = app.request('/v1/classify', { method: 'POST', body: readable, headers });
    await writer.write(new Uint8Array(59 * KIB));
    await until(() => inFlight.bytes() === 59 * KIB);
    await writer.write(new Uint8Array(KIB));
    await writer.close();
    expect((await answer).status).toBe(415);
    expect(inFlight.bytes()).toBe(0);
  });

  it.each([
    ['declared', () => new Uint8Array(200 * KIB), { 'content-length': String(200 * KIB) }],
    ['undeclared', () => gated(200).body, {}],
    ['inflated', () => gzip(200 * KIB), { 'content-encoding': 'gzip' }],
    ['in a form', () => form(new Uint8Array(200 * KIB)).body ?? '', {}],
  ])('leave no room for another that is %s, and small ones pass', async (_name, body, headers) => {
    const { app, inFlight } = small();
    const first = gated(250);
    const pending = app.request('/v1/classify', post(first.body));
    await until(() => inFlight.bytes() === 250 * KIB);

    const second = await app.request('/v1/classify', post(body(), headers));
    expect(second.status).toBe(429);
    expect(second.headers.get('retry-after')).toBe('1');
    expect(await second.json()).toMatchObject({ code: 'overloaded' });
    expect((await app.request('/v1/classify', post(new Uint8Array(KIB)))).status).toBe(415);

    first.open();
    expect((await pending).status).toBe(415);
    expect(inFlight.bytes()).toBe(0);
    expect((await app.request('/v1/classify', post(new Uint8Array(200 * KIB)))).status).toBe(415);
  });

  it('are few in a batch, however large it is', async () => {
    const { app, inFlight } = small();
    const files = Array<Uint8Array>(8).fill(new Uint8Array(150 * KIB));
    const response = await app.request('/v1/batch', form(...files));
    expect(response.status).toBe(200);
    expect((await response.json<{ results: unknown[] }>()).results).toHaveLength(8);
    expect(inFlight.bytes()).toBe(0);
  });

  it('count twice as JSON, and are as many in the log as arrived', async () => {
    let most = 0;
    const { app, inFlight } = small((bytes) => {
      most = inFlight.bytes();
      return classifier.see(bytes);
    });
    const body = JSON.stringify({ image: photo.toBase64() });
    expect((await app.request('/v1/classify', post(body))).status).toBe(200);
    expect(most).toBe(2 * body.length);
    const first = gated(250);
    const pending = app.request('/v1/classify', post(first.body));
    await until(() => inFlight.bytes() === 250 * KIB);
    const padded = JSON.stringify({ image: photo.toBase64(), padding: 'x'.repeat(80 * KIB) });
    const refused = await app.request('/v1/classify', post(padded));
    expect(await refused.json()).toMatchObject({ code: 'overloaded', status: 429 });
    first.open();
    await pending;
    expect(inFlight.bytes()).toBe(0);
  });

  it('are counted over RPC too', async () => {
    const { app, rpc, inFlight } = small();
    const first = gated(250);
    const pending = app.request('/v1/classify', post(first.body));
    await until(() => inFlight.bytes() === 250 * KIB);
    for (const image of [new Uint8Array(200 * KIB), gated(200).body]) {
      expect(await rpc.classify(image)).toMatchObject({
        ok: false,
        error: { code: 'overloaded', status: 429 },
      });
    }
    first.open();
    await pending;
    expect(inFlight.bytes()).toBe(0);
  });
});

describe('requests that are open', () => {
  it('leave no room for another when they are as many as may be, however few bytes they have', async () => {
    const { app, rpc, inFlight } = small();
    const waiting = Array.from({ length: MOST_OPEN }, () => gated(1));
    const pending = waiting.map(({ body }) => app.request('/v1/classify', post(body)));
    await until(() => inFlight.bytes() === MOST_OPEN * KIB);

    for (const path of ['/v1/classify', '/v1/batch', '/hf', '/v2/models/mobilenet_v3_small_100_224/infer']) {
      const refused = await app.request(path, post(photo));
      expect(refused.status).toBe(429);
      expect(refused.headers.get('retry-after')).toBe('1');
      const { code, detail } = await refused.json<{ code: string; detail: string }>();
      expect(code).toBe('too_many_open');
      expect(detail).toContain('3 requests');
    }
    expect(await rpc.classify(photo)).toMatchObject({ ok: false, error: { code: 'too_many_open' } });
    expect((await app.request('/v1/limits')).status).toBe(200);
    expect(inFlight.requests()).toBe(MOST_OPEN);

    waiting[0]?.open();
    expect((await pending[0])?.status).toBe(415);
    expect((await app.request('/v1/classify', post(photo))).status).toBe(200);
    for (const { open } of waiting) open();
    await Promise.all(pending);
    expect(inFlight.requests()).toBe(0);
  });

  it('are counted until the last of their lines has been taken', async () => {
    const { app, inFlight } = small();
    const response = await app.request('/v1/batch', { ...form(photo, photo), headers: LINES });
    expect(inFlight.requests()).toBe(1);
    await response.text();
    expect(inFlight.requests()).toBe(0);
  });

  it('count no longer when the platform has ended one without a word', async () => {
    const inFlight = createInFlight(100, 20, 1);
    inFlight.open();
    expect(inFlight.isFull()).toBe(true);
    await scheduler.wait(40);
    expect(inFlight.isFull()).toBe(false);
  });
});

describe('every way out gives the bytes back', () => {
  it.each([
    ['a picture', '/v1/classify', post(photo), 200],
    ['an embedding', '/v1/embed', post(photo), 200],
    ['half a picture', '/v1/classify', post(photo.subarray(0, 4000)), 422],
    ['no picture', '/v1/classify', post('hello'), 415],
    ['too many bytes', '/v1/classify', post(gated(301).body), 413],
    ['bad JSON', '/v1/classify', post('{'), 400],
    ['a bad form', '/v1/classify', post('x', { 'content-type': 'multipart/form-data; boundary=x' }), 400],
    ['a body that stalls', '/v1/classify', post(gated(100).body), 408],
    ['a body that breaks off', '/v1/classify', post(broken()), 400],
    [
      'a batch that breaks off',
      '/v1/batch',
      { ...post(broken()), headers: { 'content-type': 'multipart/form-data; boundary=x' } },
      400,
    ],
    ['Hugging Face', '/hf', post(photo), 200],
    ['Workers AI', '/client/v4/accounts/a/ai/run/@cf/microsoft/resnet-50', post(photo), 200],
    [
      'TensorFlow Serving',
      '/tf/v1/models/mobilenet_v3_small_100_224:predict',
      post('{"instances": [1]}'),
      400,
    ],
    ['Open Inference', '/v2/models/mobilenet_v3_small_100_224/infer', post('{}'), 400],
  ])('%s on %s', async (_name, path, init, status) => {
    const { app, inFlight } = small();
    const response = await app.request(path, init);
    expect(response.status).toBe(status);
    expect(inFlight.bytes()).toBe(0);
    expect(inFlight.requests()).toBe(0);
  });

  it('a fault of ours', async () => {
    const { app, rpc, inFlight } = small(() => Promise.reject(new Error('out of order')));
    expect((await app.request('/v1/classify', post(photo))).status).toBe(500);
    expect(await rpc.classify(photo)).toMatchObject({ ok: false });
    expect(inFlight.bytes()).toBe(0);
  });

  it('lines, when the last has been taken', async () => {
    const { app, inFlight } = small();
    const response = await app.request('/v1/batch', { ...form(photo, photo), headers: LINES });
    expect(inFlight.bytes()).toBeGreaterThan(photo.byteLength);
    expect((await response.text()).trimEnd().split('\n')).toHaveLength(2);
    expect(inFlight.bytes()).toBe(0);
  });

  it('lines whose reader goes away', async () => {
    const { app, inFlight } = small();
    const response = await app.request('/v1/batch', { ...form(photo, photo), headers: LINES });
    const reader = response.body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(inFlight.bytes()).toBe(0);
  });

  it('time, where the platform ended a request without a word', async () => {
    const inFlight = createInFlight(100, 20);
    const dead = inFlight.open();
    expect(dead.take(80)).toBe(true);
    expect(inFlight.open().take(80)).toBe(false);
    await scheduler.wait(40);
    expect(inFlight.open().take(80)).toBe(true);
    expect(inFlight.bytes()).toBe(80);
    expect(dead.take(10)).toBe(true);
    expect(inFlight.bytes()).toBe(170);
    dead.release();
    expect(inFlight.bytes()).toBe(80);
  });
});

describe('a caller who has gone', () => {
  it.each([
    ['one picture', '/v1/classify', post(photo)],
    ['a batch', '/v1/batch', form(photo, photo)],
  ])('has no work begun for %s', async (_name, path, init) => {
    let looks = 0;
    const { app, inFlight } = small((bytes) => {
      looks++;
      return classifier.see(bytes);
    });
    const gone = new AbortController();
    const request = new Request(`https://example.com${path}`, { ...init, signal: gone.signal });
    gone.abort();
    expect(await (await app.request(request)).json()).toMatchObject({ code: 'caller_gone' });
    expect(looks).toBe(0);
    expect(inFlight.bytes()).toBe(0);
  });
});

function gzip(bytes: number): ReadableStream {
  return new Blob([new Uint8Array(bytes)]).stream().pipeThrough(new CompressionStream('gzip'));
}

function broken(): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent++ === 0) controller.enqueue(new Uint8Array(KIB));
      else controller.error(new Error('gone'));
    },
  });
}
