import { describe, expect, it } from 'vitest';
import type { BatchLine } from '../../src/http/routes/batch.ts';
import { provided } from '../pictures/provided.ts';
import { post, service } from '../service.ts';

const app = service();
const clock = provided('digital-clock.jpeg-420');
const web = provided('spider-web.jpeg-420');

function formOf(...files: readonly (Uint8Array | string)[]): FormData {
  const form = new FormData();
  for (const [i, file] of files.entries()) form.append('image', new File([file], `${i}.jpg`));
  return form;
}

function labels(lines: readonly BatchLine[]): unknown[] {
  return lines.map((line) => ('result' in line ? line.result.predictions[0]?.label : line.error.code));
}

async function ndjson(response: Response): Promise<BatchLine[]> {
  const text = await response.text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('a batch', () => {
  it('as a form: one result or one error each, in order', async () => {
    const response = await app.request('/v1/batch?top_k=1', post(formOf(clock, 'no picture', web)));
    expect(response.status).toBe(200);
    const { results } = await response.json<{ results: BatchLine[] }>();
    expect(results.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(labels(results)).toEqual(['digital clock', 'image_format_unsupported', 'spider web']);
  });

  it('as JSON: texts, objects, and what is none of them', async () => {
    const images = [
      clock.toBase64(),
      { image: `data:image/jpeg;base64,${web.toBase64()}` },
      'A!',
      { url: 'https://x' },
      7,
    ];
    const response = await app.request('/v1/batch', post(JSON.stringify({ images, top_k: 2 })));
    expect(response.status).toBe(200);
    const { results } = await response.json<{ results: BatchLine[] }>();
    expect(labels(results)).toEqual([
      'digital clock',
      'spider web',
      'base64_invalid',
      'url_input_off',
      'field_invalid',
    ]);
    expect(results[0]).toMatchObject({ result: { predictions: [{}, {}] } });
  });

  it('is 200 even if every picture failed', async () => {
    const response = await app.request('/v1/batch', post(formOf('one', 'two')));
    expect(response.status).toBe(200);
  });

  it('answers the same as one request each', async () => {
    const single = await app.request('/v1/classify', post(clock));
    const batch = await app.request('/v1/batch', post(formOf(clock)));
    const { results } = await batch.json<{ results: BatchLine[] }>();
    expect(results[0]).toEqual({ index: 0, result: await single.json() });
  });

  it('is streamed line by line to who accepts NDJSON', async () => {
    const head = '--b\r\ncontent-disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n';
    const sender = new TransformStream<Uint8Array, Uint8Array>();
    const writer = sender.writable.getWriter();
    const encoder = new TextEncoder();
    const headers = { 'content-type': 'multipart/form-data; boundary=b', accept: 'application/x-ndjson' };
    const answered = app.request('/v1/batch', post(sender.readable, headers));
    const write = (...chunks: Uint8Array[]) => Promise.all(chunks.map((chunk) => writer.write(chunk)));
    const sent = write(encoder.encode(head), clock, encoder.encode('\r\n'), encoder.encode(head));
    const response = await answered;
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    // The first line has arrived while the second picture has not been sent.
    const first = await reader.read();
    expect(JSON.parse(new TextDecoder().decode(first.value))).toMatchObject({ index: 0, result: {} });
    await sent;
    const rest = write(web, encoder.encode('\r\n--b--\r\n')).then(() => writer.close());
    const second = await reader.read();
    expect(JSON.parse(new TextDecoder().decode(second.value))).toMatchObject({ index: 1, result: {} });
    expect((await reader.read()).done).toBe(true);
    await rest;
  });

  it('loses nothing as NDJSON when it breaks off: the last line says why', async () => {
    const small = service({ MAX_BATCH_ITEMS: 2 });
    const headers = { accept: 'application/x-ndjson' };
    const lines = await ndjson(await small.request('/v1/batch', post(formOf(clock, web, clock), headers)));
    expect(labels(lines)).toEqual(['digital clock', 'spider web', 'batch_too_many_items']);
  });

  it('is refused as a whole as JSON when it breaks off', async () => {
    const small = service({ MAX_BATCH_ITEMS: 2 });
    const response = await small.request('/v1/batch', post(formOf('a', 'b', 'c')));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'batch_too_many_items' });
  });
});

describe('an embedding', () => {
  it('is 1024 numbers, or the same as base64', async () => {
    const floats = await (await app.request('/v1/embed', post(clock))).json<{ embedding: number[] }>();
    expect(floats.embedding).toHaveLength(1024);
    const coded = await app.request('/v1/embed?encoding_format=base64', post(clock));
    const { embedding } = await coded.json<{ embedding: string }>();
    const decoded = new Float32Array(Uint8Array.fromBase64(embedding).buffer);
    // JSON has no negative zero.
    expect(Array.from(decoded, (value) => (value === 0 ? 0 : value))).toEqual(floats.embedding);
  });

  it('has length 1 when it is normalized', async () => {
    const response = await app.request('/v1/embed?normalize=true', post(clock));
    const { embedding } = await response.json<{ embedding: number[] }>();
    expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  });

  it.each(['encoding_format=int8', 'normalize=2'])('refuses %s', async (query) => {
    const response = await app.request(`/v1/embed?${query}`, post(clock));
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'option_invalid' });
  });
});
