/** Messages for bodies that are almost right, and options sent with the pictures of a form. */
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../input/requests.ts';
import { provided } from '../pictures/provided.ts';
import { post, service } from '../service.ts';

const app = service();
const clock = provided('digital-clock.jpeg-420');

interface Answer {
  readonly code?: string;
  readonly detail?: string;
  readonly predictions?: readonly { readonly label: string }[];
  readonly results?: readonly {
    readonly result?: { readonly predictions: readonly { readonly label: string }[] };
  }[];
}

async function ask(path: string, init: RequestInit): Promise<Answer & { readonly status: number }> {
  const response = await app.request(path, init);
  return { status: response.status, ...(await response.json<Answer>()) };
}

describe('curl -d @photo.jpg', () => {
  const mangled = clock.filter((byte) => byte !== 0x0a && byte !== 0x0d);
  const typed = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each(['/v1/classify', '/v1/embed', '/v1/batch', '/v1/embed/batch', '/hf'])(
    'is refused by %s, with what to do instead',
    async (path) => {
      expect(mangled.byteLength).toBeGreaterThan(4096);
      const { status, code, detail } = await ask(path, post(mangled, typed));
      expect([status, code]).toEqual([400, 'body_mangled']);
      expect(detail).toContain('--data-binary in place of -d');
    },
  );

  it('is known by its content type, its size and its bytes', async () => {
    const refused = async (body: Uint8Array, headers = typed) =>
      (await ask('/v1/classify', post(body, headers))).code;
    expect(await refused(mangled, { 'content-type': 'image/jpeg' })).not.toBe('body_mangled');
    expect(await refused(mangled.subarray(0, 4096))).not.toBe('body_mangled');
    expect(await refused(mangled.subarray(0, 4097))).toBe('body_mangled');
    expect(await refused(bytesOf(mangled, '\n'))).not.toBe('body_mangled');
    expect(await refused(bytesOf('x'.repeat(5000)))).toBe('image_format_unsupported');
    expect(await refused(bytesOf(JSON.stringify({ image: clock.toBase64(), note: 'é' })))).toBeUndefined();
  });
});

describe('PUT', () => {
  it.each(['/v1/classify', '/v1/classify/', '/v1/embed/batch', '/hf'])(
    '%s says how to send it',
    async (path) => {
      const { status, code, detail } = await ask(path, { method: 'PUT', body: clock });
      expect([status, code]).toEqual([405, 'method_not_allowed']);
      expect(detail).toContain('curl --data-binary @photo.jpg');
    },
  );

  it('says nothing of it where nothing is taken', async () => {
    const { detail } = await ask('/v1/labels', { method: 'PUT', body: clock });
    expect(detail).not.toContain('curl');
  });
});

describe('a content coding', () => {
  it.each(['br', 'zstd', 'gzip, gzip', 'gzip, br', 'compress'])('%s is refused by name', async (encoding) => {
    const { status, detail } = await ask('/v1/classify', post(clock, { 'content-encoding': encoding }));
    expect(status).toBe(415);
    expect(detail).toContain(encoding);
  });

  it.each(['gzip', 'x-gzip', 'deflate'])('%s of what is none is refused', async (encoding) => {
    for (const body of [clock, clock.subarray(0, 1)]) {
      const answer = await ask('/v1/classify', post(body, { 'content-encoding': encoding }));
      expect([answer.status, answer.code]).toEqual([400, 'body_undecodable']);
    }
  });

  it('gzip that is cut, or followed by something else, is refused', async () => {
    const stream = new Blob([clock]).stream().pipeThrough(new CompressionStream('gzip'));
    const gzip = new Uint8Array(await new Response(stream).arrayBuffer());
    for (const body of [gzip.subarray(0, -9), bytesOf(gzip, 'something else')]) {
      expect((await ask('/v1/classify', post(body, { 'content-encoding': 'gzip' }))).code).toBe(
        'body_undecodable',
      );
    }
  });

  it('gzip without end that inflates to nothing is refused early, and is held to the limit of what goes in', async () => {
    const small = new Response(new Blob([clock]).stream().pipeThrough(new CompressionStream('gzip')));
    const end = new Uint8Array(await small.arrayBuffer());
    const none = new Response(new Blob([]).stream().pipeThrough(new CompressionStream('gzip')));
    const nothing = new Uint8Array(await none.arrayBuffer());
    const many = (count: number) => new Uint8Array(Buffer.concat([...Array(count).fill(nothing), end]));
    const limited = service({ MAX_IMAGE_BYTES: 2 ** 18, MAX_JSON_BYTES: 2 ** 18 });
    const ask = async (body: Uint8Array) => {
      // A stream, so that its length is not declared.
      const init = post(new Blob([body]).stream(), { 'content-encoding': 'gzip' });
      const response = await limited.request('/v1/classify', init);
      return { status: response.status, ...(await response.json<{ code?: string }>()) };
    };
    expect(await ask(many(1000))).toMatchObject({ status: 200 });
    const padded = {
      status: 400,
      code: 'body_undecodable',
      detail: expect.stringContaining('twice the bytes'),
    };
    expect(await ask(many(5000))).toMatchObject(padded);
    const some = new Response(
      new Blob([crypto.getRandomValues(new Uint8Array(60_000))])
        .stream()
        .pipeThrough(new CompressionStream('gzip')),
    );
    const content = new Uint8Array(await some.arrayBuffer());
    const long = [...Array(4).fill(content), ...Array(10_000).fill(nothing)];
    expect(await ask(new Uint8Array(Buffer.concat(long)))).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });

  it('gzip of many members is held to the limit of what comes out of it', async () => {
    const stream = new Blob([new Uint8Array(2 ** 20)]).stream().pipeThrough(new CompressionStream('gzip'));
    const member = new Uint8Array(await new Response(stream).arrayBuffer());
    const body = bytesOf(...Array<Uint8Array>(64).fill(member));
    expect(body.byteLength).toBeLessThan(2 ** 17);
    expect((await ask('/v1/classify', post(body, { 'content-encoding': 'gzip' }))).code).toBe(
      'body_too_large',
    );
  });
});

function form(...fields: readonly (readonly [name: string, value: string | Uint8Array])[]): RequestInit {
  const data = new FormData();
  for (const [name, value] of fields)
    data.append(name, typeof value === 'string' ? value : new File([value], 'a.jpg'));
  return post(data);
}

const IMAGE = ['image', clock] as const;

function labelsOf({ predictions, results }: Answer): readonly string[] {
  return (predictions ?? results?.[0]?.result?.predictions ?? []).map(({ label }) => label);
}

describe('options in a form', () => {
  const spellings = [
    [['labels.include', 'digital clock,tabby']],
    [
      ['labels.include', 'digital clock'],
      ['labels.include', 'tabby'],
    ],
    [['labels', '{"include": ["tabby", "n03196217"]}']],
  ] as const;

  it.each(
    spellings.flatMap((fields) => ['/v1/classify', '/v1/batch'].map((path) => [path, fields] as const)),
  )('%s reads %j before and after the picture', async (path, fields) => {
    for (const order of [
      [IMAGE, ...fields],
      [...fields, IMAGE],
    ]) {
      const answer = await ask(path, form(...order));
      expect(labelsOf(answer).toSorted()).toEqual(['digital clock', 'tabby']);
    }
  });

  it.each(['/v1/classify', '/v1/embed', '/v1/batch', '/v1/embed/batch', '/v1/batch?x=1'])(
    '%s refuses what is nearly one, wherever it stands',
    async (path) => {
      const name = path.includes('embed') ? 'Normalize' : 'top-k';
      for (const fields of [
        [IMAGE, [name, '1'] as const],
        [[name, '1'] as const, IMAGE],
      ]) {
        expect(await ask(path, form(...fields))).toMatchObject({ status: 400, code: 'option_invalid' });
      }
      expect(await ask(`${path.split('?')[0]}?${name}=1`, form(IMAGE))).toMatchObject({
        status: 400,
        code: 'option_invalid',
      });
    },
  );

  it('ignores fields that are none', async () => {
    for (const path of ['/v1/classify', '/v1/batch']) {
      expect((await ask(path, form(['note', 'x'], IMAGE, ['csrf_token', 'y']))).status).toBe(200);
    }
  });

  it('does not count fields among the pictures of a batch', async () => {
    const small = service({ MAX_BATCH_ITEMS: '1' });
    const response = await small.request('/v1/batch', form(['note', 'x'], IMAGE, ['note', 'y']));
    expect(response.status).toBe(200);
  });

  it('in lines is refused after a picture that has been answered', async () => {
    const init = form(IMAGE, ['note', 'x'], ['top_k', '1'], IMAGE);
    const response = await app.request('/v1/batch', { ...init, headers: { accept: 'application/x-ndjson' } });
    const lines = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { index: 0, result: {} },
      { index: 1, error: { code: 'option_invalid' } },
    ]);
    expect(lines[1].error.detail).toContain('before the first picture');
  });
});

describe('a dialect', () => {
  it('ignores what is nearly an option, as its protocol does', async () => {
    expect((await ask('/hf?topk=1', post(clock))).status).toBe(200);
    expect((await ask('/hf?top_k=1', form(IMAGE))).status).toBe(200);
  });

  it('takes its parameters from a form', async () => {
    const response = await app.request('/hf', form(IMAGE, ['top_k', '2']));
    expect(await response.json()).toHaveLength(2);
  });
});

describe('a batch that is one picture', () => {
  it('is a batch of one', async () => {
    expect(labelsOf(await ask('/v1/batch?top_k=1', post(clock)))).toEqual(['digital clock']);
  });

  it('is refused where it is none', async () => {
    expect(await ask('/v1/batch', post('hello'))).toMatchObject({
      status: 415,
      code: 'image_format_unsupported',
    });
  });
});

describe('a batch of embeddings', () => {
  it('gives each what /v1/embed gives, as JSON and in lines', async () => {
    const single = await (await app.request('/v1/embed?normalize=true', post(clock))).json();
    const images = [clock.toBase64(), 'A!'];
    const json = post(JSON.stringify({ images, normalize: true }));
    const { results } = await (await app.request('/v1/embed/batch', json)).json<{ results: unknown[] }>();
    expect(results).toMatchObject([
      { index: 0, result: single },
      { index: 1, error: { code: 'base64_invalid' } },
    ]);
    const lines = await app.request('/v1/embed/batch?normalize=true', {
      ...form(IMAGE, ['image', bytesOf('no picture')]),
      headers: { accept: 'application/x-ndjson' },
    });
    expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
    const [first, second] = (await lines.text()).split('\n');
    expect(JSON.parse(first ?? '')).toEqual({ index: 0, result: single });
    expect(JSON.parse(second ?? '')).toMatchObject({ index: 1, error: { code: 'image_format_unsupported' } });
  });
});
