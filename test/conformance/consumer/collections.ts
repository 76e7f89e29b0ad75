/** Collections in the installed client, against the running Worker, which lets every caller teach. */
import assert from 'node:assert/strict';
import { createClient, ProblemError } from 'mobilenet-edge/client';
import { type Checks, thrownBy } from '../report.ts';

export function collectionChecks(url: string, image: Uint8Array<ArrayBuffer>): Checks {
  const client = createClient({ url });
  const name = `consumer-${Math.random().toString(36).slice(2, 10)}`;
  const parts = client.collection(name);
  const wrong = new Blob(['no picture']);

  /** The file with data after its end, which no decoder reads: another id, and nearly the same embedding. */
  const like = (i: number) => Uint8Array.from([...image, i]);

  return {
    'a collection that does not exist has a code of its own': async () => {
      const error = await thrownBy(() => parts.status());
      assert.ok(error instanceof ProblemError);
      assert.equal(error.code, 'collection_unknown');
    },
    'a collection is made, and listed': async () => {
      const made = await parts.make();
      assert.deepEqual([made.name, made.state, made.items], [name, 'empty', 0]);
      assert.ok((await client.collections()).some((one) => one.name === name && !one.shared));
    },
    'pictures are added with their label, one or many, and the wrong one fails alone': async () => {
      const [one] = await parts.add(image, { label: 'cup', metadata: { from: 'me' } });
      assert.ok(one?.ok);
      assert.equal(one.result.status, 'added');
      const many = await parts.add([like(1), wrong, like(2)], { label: 'cup' });
      assert.deepEqual(
        many.map((item) => (item.ok ? item.result.label : item.problem.code)),
        ['cup', 'image_format_unsupported', 'cup'],
      );
      const [again] = await parts.add(new Blob([image]), { label: 'cup', metadata: { from: 'me' } });
      assert.ok(again?.ok);
      assert.deepEqual([again.result.id, again.result.status], [one.result.id, 'unchanged']);
      assert.deepEqual(
        [one, ...many, again].map((item) => item.ok && item.result.copy_of?.id),
        [undefined, one.result.id, false, one.result.id, undefined],
      );
    },
    'more pictures than fit a request are added in order': async () => {
      const pictures = Array.from({ length: 40 }, (_, i) => (i === 33 ? wrong : like(10 + i)));
      const added = await parts.add(pictures, { label: 'many' });
      assert.equal(added.length, 40);
      assert.deepEqual(
        added.filter((item) => !item.ok).map(({ index }) => index),
        [33],
      );
    },
    'a data: URL is added': async () => {
      const text = btoa(String.fromCharCode(...like(90)));
      const [added] = await parts.add(`data:image/jpeg;base64,${text}`, { label: 'cup', id: 'from text' });
      assert.ok(added?.ok);
      assert.equal(added.result.id, 'from text');
    },
    'embeddings are added': async () => {
      const { embedding } = await client.embed(image);
      const opposite = embedding.map((value) => -value);
      const [added] = await parts.addEmbeddings([{ embedding: opposite, label: 'opposite', id: 'opposite' }]);
      assert.ok(added?.ok);
    },
    'what is in it is told, and trained when asked': async () => {
      assert.equal((await parts.status()).state, 'stale');
      const trained = await parts.train();
      assert.equal(trained.state, 'ready');
      assert.deepEqual(
        trained.labels.map(({ label, count }) => [label, count]),
        [
          ['cup', 4],
          ['many', 39],
          ['opposite', 1],
        ],
      );
    },
    'a picture gets the labels of the collection, with the nearest examples': async () => {
      const answer = await parts.classify(image, { top_k: 2 });
      assert.equal(answer.predictions.length, 2);
      assert.ok(answer.predictions.every(({ label }) => label !== 'opposite'));
      assert.equal(answer.unknown, false);
      assert.ok(answer.similarity > 0.99);
      assert.ok((answer.nearest?.[0]?.similarity ?? 0) > 0.999);
      assert.equal(answer.collection.name, name);
    },
    'many pictures are classified in order': async () => {
      const codes: string[] = [];
      for await (const item of parts.batch([image, wrong, image]))
        codes.push(item.ok ? item.result.collection.name : item.problem.code);
      assert.deepEqual(codes, [name, 'image_format_unsupported', name]);
    },
    'what is most like a picture is found: bytes, a Blob, a data: URL, an embedding or an item': async () => {
      const { embedding } = await client.embed(image);
      const text = btoa(String.fromCharCode(...image));
      for (const form of [
        image,
        new Blob([image]),
        `data:image/jpeg;base64,${text}`,
        { embedding, embedding_space: 'mobilenet_v3_small_100_224/1' },
      ] as const) {
        const { matches, collection } = await parts.search(form, { top_k: 3, label: 'cup' });
        assert.equal(collection.name, name);
        assert.equal(matches.length, 3);
        assert.ok(
          matches.every(({ label, copy, similarity }) => label === 'cup' && copy && similarity > 0.9),
        );
        assert.deepEqual(matches.find(({ metadata }) => metadata)?.metadata, { from: 'me' });
      }
      const others = await parts.search({ id: 'from text' }, { top_k: 100, min_similarity: 0.5 });
      assert.equal(others.matches.length, 42);
      assert.ok(others.matches.every(({ id, label }) => id !== 'from text' && label !== 'opposite'));
      const error = await thrownBy(() => parts.search({ id: 'none' }));
      assert.ok(error instanceof ProblemError && error.code === 'item_unknown');
    },
    'copies are told, page by page, each once': async () => {
      const copies: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await parts.duplicates({ limit: 30, ...(cursor === undefined ? {} : { cursor }) });
        for (const group of page.groups) copies.push(...group.copies.map(({ id }) => id));
        cursor = page.next_cursor;
      } while (cursor !== undefined);
      // All but the first one, and the opposite of all.
      assert.equal(new Set(copies).size, 42);
      assert.equal(copies.length, 42);
    },
    'items are listed page by page, changed and removed': async () => {
      const first = await parts.items({ label: 'cup', limit: 3 });
      assert.equal(first.items.length, 3);
      assert.deepEqual(first.items[0]?.metadata, { from: 'me' });
      const second = await parts.items({ label: 'cup', limit: 3, cursor: first.next_cursor ?? '' });
      assert.deepEqual([second.items.length, second.next_cursor], [1, undefined]);
      const id = second.items[0]?.id ?? '';
      assert.equal((await parts.change(id, { label: 'glass' })).label, 'glass');
      assert.equal((await parts.item(id)).label, 'glass');
      assert.equal((await parts.remove({ id })).removed, 1);
      assert.equal((await parts.remove({ label: 'many' })).removed, 39);
      assert.equal((await parts.status()).items, 4);
    },
    'a collection is forgotten': async () => {
      await parts.delete();
      const error = await thrownBy(() => parts.status());
      assert.ok(error instanceof ProblemError && error.code === 'collection_unknown');
    },
  };
}
