/** Batches and retries of the installed client, against the running Worker and through services that fail. */
import assert from 'node:assert/strict';
import { type BatchItem, type Client, createClient, type Picture, ProblemError } from 'mobilenet-edge/client';
import { type Checks, thrownBy } from '../report.ts';

async function all<R>(items: AsyncIterable<BatchItem<R>>): Promise<BatchItem<R>[]> {
  const found: BatchItem<R>[] = [];
  for await (const item of items) found.push(item);
  return found;
}

function codes<R>(items: readonly BatchItem<R>[]): string[] {
  return items.map((item, i) => {
    assert.equal(item.index, i);
    return item.ok ? 'ok' : item.problem.code;
  });
}

type Answer = (to: string, init: RequestInit) => Promise<Response>;

/** The real service behind a proxy function. */
function through(url: string, between: (ask: Answer) => Answer): Client {
  return createClient({ url, fetch: between((to, init) => fetch(to, init)) });
}

/** The files or URLs that were posted to a batch. */
function countOf({ body }: RequestInit): number {
  if (body instanceof FormData) return body.getAll('image').length;
  return (JSON.parse(String(body)) as { images: readonly unknown[] }).images.length;
}

const isBatch = (to: string) => /\/batch/.test(to);

export function manyChecks(url: string, image: Uint8Array<ArrayBuffer>): Checks {
  const client = createClient({ url });
  const wrong = new Blob(['no picture']);

  return {
    'a batch of 100 gives 100 items in order, the wrong ones where they were': async () => {
      const pictures = Array.from({ length: 100 }, (_, i) => (i % 9 === 4 ? wrong : image));
      const sizes: number[] = [];
      const counting = through(url, (ask) => (to, init) => {
        if (isBatch(to)) sizes.push(countOf(init));
        return ask(to, init);
      });
      const items = await all(counting.batch(pictures, { top_k: 1 }));
      assert.deepEqual(
        codes(items),
        pictures.map((picture) => (picture === wrong ? 'image_format_unsupported' : 'ok')),
      );
      const { batch } = await client.limits();
      assert.ok(sizes.length > 1 && Math.max(...sizes) <= batch.max_items, `requests of ${sizes}`);
    },
    'a batch is cut by its bytes too, and a picture that is too large is told so': async () => {
      const { image: limit } = await client.limits();
      const large = new Blob([image, new Uint8Array(limit.max_bytes / 2)]);
      const huge = new Blob([image, new Uint8Array(2 * limit.max_bytes)]);
      const items = await all(client.batch([large, large, huge, large, image], { top_k: 1 }));
      assert.deepEqual(codes(items), ['ok', 'ok', 'body_too_large', 'ok', 'ok']);
    },
    'a source of any length is read as there is room, and not after its reader has left': async () => {
      let read = 0;
      let closed = false;
      async function* endless(): AsyncGenerator<Picture> {
        try {
          for (;;) {
            read++;
            yield wrong;
          }
        } finally {
          closed = true;
        }
      }
      let taken = 0;
      for await (const item of client.batch(endless())) {
        assert.equal(item.index, taken);
        if (++taken === 150) break;
      }
      const { batch } = await client.limits();
      assert.ok(read <= 150 + 5 * batch.max_items, `${read} were read`);
      const before = read;
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.ok(closed && read === before);
    },
    'a source that fails: what came before it is answered': async () => {
      function* failing(): Generator<Picture> {
        yield image;
        yield wrong;
        throw new Error('the disk is gone');
      }
      const found: string[] = [];
      const error = await thrownBy(async () => {
        for await (const item of client.batch(failing())) found.push(item.ok ? 'ok' : item.problem.code);
      });
      assert.deepEqual(found, ['ok', 'image_format_unsupported']);
      assert.ok(error instanceof Error && error.message === 'the disk is gone');
    },
    'a few requests are under way at once': async () => {
      let [now, most] = [0, 0];
      const watched = through(url, (ask) => async (to, init) => {
        if (isBatch(to)) most = Math.max(most, ++now);
        const response = await ask(to, init);
        if (isBatch(to)) now--;
        return response;
      });
      assert.equal((await all(watched.batch(Array(200).fill(wrong)))).length, 200);
      assert.ok(most > 1 && most <= 3, `${most} at once`);
    },
    'what came back for its cost is sent again': async () => {
      let requests = 0;
      const costly = through(url, (ask) => async (to, init) => {
        const response = await ask(to, init);
        if (!isBatch(to)) return response;
        requests++;
        const lines = (await response.text()).trimEnd().split('\n');
        const problem = { type: '/docs#', title: '', status: 413, detail: '', error: '', request_id: '' };
        const refused = lines.map((line, index) =>
          index < 3 ? line : JSON.stringify({ index, error: { ...problem, code: 'batch_too_costly' } }),
        );
        return new Response(`${refused.join('\n')}\n`);
      });
      const items = await all(costly.batch([image, wrong, image, wrong, image, wrong, image, image]));
      const [ok, no] = ['ok', 'image_format_unsupported'];
      assert.deepEqual(codes(items), [ok, no, ok, no, ok, no, ok, ok]);
      assert.equal(requests, 3);
    },
    'a picture that the service had no room for is sent again, the last of a batch too': async () => {
      let requests = 0;
      const full = through(url, (ask) => async (to, init) => {
        const response = await ask(to, init);
        if (!isBatch(to) || requests++ > 0) return response;
        const lines = (await response.text()).trimEnd().split('\n');
        const problem = { type: '/docs#', title: '', status: 429, detail: '', error: '', request_id: '' };
        const refused = JSON.stringify({
          index: lines.length - 1,
          error: { ...problem, code: 'overloaded' },
        });
        return new Response(`${lines.with(-1, refused).join('\n')}\n`);
      });
      const items = await all(full.batch([image, wrong, image]));
      assert.deepEqual(codes(items), ['ok', 'image_format_unsupported', 'ok']);
    },
    'a batch whose every picture costs too much ends all the same': async () => {
      const never = through(url, (ask) => async (to, init) => {
        if (!isBatch(to)) return ask(to, init);
        const problem = { type: '/docs#', code: 'batch_too_costly', status: 413, detail: '', request_id: '' };
        const lines = Array.from({ length: countOf(init) }, (_, index) =>
          JSON.stringify({ index, error: problem }),
        );
        return new Response(lines.join('\n'));
      });
      assert.deepEqual(codes(await all(never.batch([image, wrong, image]))), [
        'ok',
        'image_format_unsupported',
        'ok',
      ]);
    },
    'a batch that breaks off, or is cut, is sent again from there': async () => {
      let requests = 0;
      const cut = through(url, (ask) => async (to, init) => {
        const response = await ask(to, init);
        if (!isBatch(to) || ++requests > 2) return response;
        const lines = (await response.text()).trimEnd().split('\n');
        const problem = { type: '/docs#', code: 'body_too_slow', status: 408, detail: '', request_id: '' };
        const rest = requests === 1 ? `\n${JSON.stringify({ index: 2, error: problem })}\n` : '\n{"ind';
        return new Response(lines.slice(0, 2).join('\n') + rest);
      });
      const items = await all(cut.batch([image, wrong, image, image, wrong, image, image]));
      const [ok, no] = ['ok', 'image_format_unsupported'];
      assert.deepEqual(codes(items), [ok, no, ok, ok, no, ok, ok]);
    },
    'a service whose limits have shrunk gets smaller requests': async () => {
      const shrunk = through(url, (ask) => async (to, init) => {
        if (!isBatch(to) || countOf(init) <= 3) return ask(to, init);
        const problem = {
          type: '/docs#',
          code: 'batch_too_many_items',
          status: 413,
          detail: '',
          request_id: '',
        };
        return Response.json(problem, { status: 413 });
      });
      assert.deepEqual(new Set(codes(await all(shrunk.batch(Array(11).fill(image))))), new Set(['ok']));
    },
    'a refusal of the request ends a batch': async () => {
      const closed = through(url, (ask) => async (to, init) => {
        if (!isBatch(to)) return ask(to, init);
        const problem = { type: '/docs#', code: 'key_wrong', status: 401, detail: 'no', request_id: 'r' };
        return Response.json(problem, { status: 401 });
      });
      const error = await thrownBy(() => all(closed.batch(Array(50).fill(image))));
      assert.ok(error instanceof ProblemError && error.code === 'key_wrong');
    },
    'streams, responses and data: URLs are pictures, alone and in a batch': async () => {
      const { predictions } = await client.classify(image);
      const text = `data:image/jpeg;base64,${btoa(String.fromCharCode(...image))}` as const;
      const forms = (): Picture[] => [
        new Blob([image]).stream(),
        new Response(image),
        text,
        image.slice().buffer,
      ];
      for (const picture of forms())
        assert.deepEqual((await client.classify(picture)).predictions, predictions);
      const items = await all(client.batch([...forms(), { url: 'https://example.com/a.jpg' }, ...forms()]));
      assert.deepEqual(codes(items), [...Array(4).fill('ok'), 'url_input_off', ...Array(4).fill('ok')]);
    },
    'what is no picture gets a message that says what one is': async () => {
      // As a program without types would call it.
      for (const none of ['photo.jpg', 7, null, {}, undefined] as unknown as Picture[]) {
        for (const call of [() => client.classify(none), () => all(client.batch([none]))]) {
          const error = await thrownBy(call);
          assert.ok(error instanceof TypeError, String(error));
          assert.match(
            error.message,
            /Uint8Array, ArrayBuffer, Blob, ReadableStream or Response.*data:.*\{ url \}/,
          );
        }
      }
    },
    'a batch of embeddings gives what embed gives': async () => {
      const [first, second] = await all(client.embedBatch([image, wrong], { normalize: true }));
      const { embedding } = await client.embed(image, { normalize: true });
      assert.ok(first?.ok && second && !second.ok);
      assert.deepEqual(first.result.embedding, embedding);
    },
    'an empty batch gives nothing': async () => {
      assert.deepEqual(await all(client.batch([])), []);
    },
    'asks again when the network fails, and throws its fault when it goes on failing': async () => {
      let asked = 0;
      const flaky = through(url, (ask) => async (to, init) => {
        if (++asked % 2 === 1) throw new TypeError('fetch failed');
        return ask(to, init);
      });
      assert.equal((await flaky.labels()).length, 1000);
      assert.deepEqual(codes(await all(flaky.batch([image, wrong]))), ['ok', 'image_format_unsupported']);
      const dead = createClient({ url: 'http://127.0.0.1:1', retries: 1 });
      const error = await thrownBy(() => dead.labels());
      assert.ok(error instanceof Error && !(error instanceof ProblemError));
    },
    'a timeout ends a request that hangs, and a signal a batch that waits': async () => {
      const hanging = (_: string, { signal }: RequestInit) =>
        new Promise<Response>((_resolve, reject) => {
          // An open connection would keep the program running.
          const open = setInterval(() => undefined, 1000);
          signal?.addEventListener('abort', () => {
            clearInterval(open);
            reject(signal.reason);
          });
        });
      const slow = createClient({ url, fetch: hanging, timeout: 0.2 });
      const late = await thrownBy(() => slow.classify(image));
      assert.ok(late instanceof Error && late.name === 'TimeoutError', String(late));
      assert.ok((await client.classify(image, {}, { timeout: 60 })).predictions.length > 0);
      async function* waiting(): AsyncGenerator<Picture> {
        await new Promise((resolve) => setTimeout(resolve, 3000));
      }
      const ended = await thrownBy(() =>
        all(client.batch(waiting(), {}, { signal: AbortSignal.timeout(300) })),
      );
      assert.ok(ended instanceof Error && ended.name === 'TimeoutError', String(ended));
    },
  };
}
