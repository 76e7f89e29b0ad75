/** What a search reads: bits in memory, stored blocks, and the items. */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { bitsOf } from '../../src/collections/bits.ts';
import {
  type BitsBlock,
  BLOCK_ITEMS,
  bitsBlocks,
  RESIDENT_ITEM_BYTES,
} from '../../src/collections/item-bits.ts';
import type { Reference } from '../../src/collections/names.ts';
import {
  dropResidentBits,
  type Holder,
  heldBytes,
  IDLE_MILLISECONDS,
  residentBits,
} from '../../src/collections/resident-bits.ts';
import { service } from '../service.ts';
import { addTo, answerOf, BUDGET, madeCollection, OWNER, objects, QUOTAS, strangers } from './many.ts';
import { ask, base64Of, embedding, items, KEYS, made, PARTS, teach } from './teaching.ts';

function within<T>({ name }: Reference, work: (sql: SqlStorage) => T): Promise<T> {
  return runInDurableObject(env.COLLECTIONS.getByName(`collection/${OWNER}/${name}`), (_, { storage }) =>
    work(storage.sql),
  );
}

function written(sql: SqlStorage): number {
  return sql.exec<{ count: number }>('SELECT count(*) AS count FROM bits').one().count;
}

/** Each item's bits, and whether they match its vector. */
function expectRight(sql: SqlStorage, blocks: Iterable<BitsBlock>): void {
  const seen = new Map<number, Uint8Array>();
  for (const { positions, bits } of blocks) {
    expect(bits).toHaveLength(128 * positions.length);
    for (const [row, position] of positions.entries()) {
      expect(seen.has(position)).toBe(false);
      seen.set(position, bits.subarray(128 * row, 128 * (row + 1)));
    }
  }
  const rows = sql.exec<{ position: number; vector: ArrayBuffer }>('SELECT position, vector FROM items');
  let count = 0;
  for (const { position, vector } of rows) {
    count++;
    expect(seen.get(position)).toEqual(bitsOf(new Int8Array(vector)));
  }
  expect(seen.size).toBe(count);
}

describe('bitsBlocks', () => {
  it('writes full blocks down, and makes anew what has changed, wherever it was', async () => {
    const reference = await madeCollection();
    await addTo(reference, strangers(2 * BLOCK_ITEMS + 100, 1));
    const remove = (id: string) =>
      answerOf(objects.ofCollection(reference, (object) => object.remove(OWNER, { id })));
    const look = (left: number) =>
      within(reference, (sql) => {
        expect(written(sql)).toBe(left);
        expectRight(sql, bitsBlocks(sql));
        return written(sql);
      });
    expect(await look(2)).toBe(2);
    // In the middle of the first block, at both ends of the second, and after it.
    await remove('stranger-200');
    expect(await look(1)).toBe(2);
    await remove(`stranger-${BLOCK_ITEMS}`);
    await remove(`stranger-${2 * BLOCK_ITEMS - 1}`);
    expect(await look(1)).toBe(2);
    await remove(`stranger-${2 * BLOCK_ITEMS + 50}`);
    expect(await look(2)).toBe(2);
    // An existing id with another vector; another label makes no difference.
    await addTo(reference, [...strangers(1, 99).map((one) => ({ ...one, id: 'stranger-7' }))]);
    expect(await look(1)).toBe(2);
    await answerOf(
      objects.ofCollection(reference, (object) => object.patch(OWNER, 'stranger-7', { label: 'a' }, QUOTAS)),
    );
    expect(await look(2)).toBe(2);
    await addTo(reference, strangers(BLOCK_ITEMS, 2, 'later'));
    expect(await look(3)).toBe(3);
    // All items of a block, and then all.
    await within(reference, (sql) => sql.exec('DELETE FROM items WHERE position <= ?', BLOCK_ITEMS));
    await look(2);
    await look(3);
    await within(reference, (sql) => sql.exec('DELETE FROM items'));
    // The block of a place where nothing is left.
    await look(1);
    await addTo(reference, strangers(10, 3));
    await look(1);
  });

  it('takes blocks that are known, and those alone', async () => {
    const reference = await madeCollection();
    await addTo(reference, strangers(2 * BLOCK_ITEMS, 1));
    await within(reference, (sql) => {
      const first = [...bitsBlocks(sql)];
      const known = new Map(
        first.flatMap((block) => (block.stamp === undefined ? [] : [[block.stamp, block]])),
      );
      sql.exec('DELETE FROM items WHERE position = 3');
      const second = [...bitsBlocks(sql, known)];
      expect(second[0]).not.toBe(first[0]);
      expect(second[1]).toBe(first[1]);
      expectRight(sql, second);
    });
  });
});

describe('residentBits', () => {
  let holders: Holder[] = [];
  beforeEach(() => {
    for (const holder of holders) dropResidentBits(holder);
    holders = ['a', 'b', 'c'].map((id) => ({ id, rewrites: 0 }));
  });

  it('keeps within the budget, takes what is idle, and never what is in use', async () => {
    const reference = await madeCollection();
    await addTo(reference, strangers(100, 1));
    const bytes = 100 * RESIDENT_ITEM_BYTES;
    const before = heldBytes();
    const budget = before + 2 * bytes;
    await within(reference, (sql) => {
      const held = (at: number, now: number) => {
        const asked = { holder: holders[at] ?? { id: '', rewrites: 0 }, version: 2, items: 100, budget };
        const blocks = residentBits(sql, asked, now);
        expectRight(sql, blocks);
        return Array.isArray(blocks);
      };
      expect([held(0, 0), held(1, 1), held(2, 2)]).toEqual([true, true, false]);
      expect(heldBytes()).toBe(budget);
      // They stay as long as they are searched, however often the third is.
      expect([held(2, 30_000), held(0, 50_000), held(2, 55_000)]).toEqual([false, true, false]);
      // The second was not searched for a minute.
      expect(held(2, 1 + IDLE_MILLISECONDS)).toBe(true);
      expect(heldBytes()).toBe(budget);
      expect([held(0, 70_000), held(1, 70_001)]).toEqual([true, false]);
      dropResidentBits(holders[0] ?? { id: '', rewrites: 0 });
      expect(heldBytes()).toBe(before + bytes);
    });
  });

  it('goes on from the last block where items are only added', async () => {
    const reference = await madeCollection();
    await addTo(reference, strangers(BLOCK_ITEMS + 50, 1));
    const [holder = { id: '', rewrites: 0 }] = holders;
    const look = () =>
      within(reference, (sql) => {
        const { items, version } = sql
          .exec<{ items: number; version: number }>('SELECT items, version FROM collection')
          .one();
        const blocks = [...residentBits(sql, { holder, version, items, budget: heldBytes() + BUDGET })];
        expectRight(sql, blocks);
        return blocks;
      });
    const [first, open] = await look();
    expect(open?.positions).toHaveLength(50);
    await addTo(reference, strangers(30, 2, 'more'));
    const [same, grown] = await look();
    expect(same).toBe(first);
    expect(grown?.positions).toHaveLength(80);
    // Past the end of a block, and exactly to it.
    await addTo(reference, strangers(BLOCK_ITEMS, 3, 'many'));
    expect((await look()).map(({ positions }) => positions.length)).toEqual([BLOCK_ITEMS, BLOCK_ITEMS, 80]);
    await addTo(reference, strangers(BLOCK_ITEMS - 80, 4, 'rest'));
    await look();
    await addTo(reference, strangers(1, 5, 'last'));
    expect((await look()).at(-1)?.positions).toHaveLength(1);
  });

  it('leaves nothing to an object that was started anew, and takes nothing over', async () => {
    const reference = await madeCollection();
    await addTo(reference, strangers(20, 1));
    await within(reference, (sql) => {
      const before = heldBytes();
      const asked = { version: 2, items: 20, budget: before + 20 * RESIDENT_ITEM_BYTES };
      const first = residentBits(sql, { ...asked, holder: { id: 'a', rewrites: 0 } });
      const second = residentBits(sql, { ...asked, holder: { id: 'a', rewrites: 0 } });
      expect(Array.isArray(second)).toBe(true);
      expect(second).not.toBe(first);
      expect(heldBytes()).toBe(before + 20 * RESIDENT_ITEM_BYTES);
    });
  });

  it('gives up what has become too much', async () => {
    const reference = await madeCollection();
    await addTo(reference, strangers(20, 1));
    await within(reference, (sql) => {
      const asked = { holder: holders[0] ?? { id: '', rewrites: 0 }, version: 2, items: 20, budget: BUDGET };
      const before = heldBytes();
      // At time 0, when what other tests have left is not idle.
      residentBits(sql, asked, 0);
      expect(heldBytes()).toBe(before + 20 * RESIDENT_ITEM_BYTES);
      residentBits(sql, { ...asked, budget: 0 }, 0);
      expect(heldBytes()).toBe(before);
    });
  });
});

describe('search', () => {
  it('has the same answers with memory and without, whatever is added and removed', async () => {
    const app = service(KEYS);
    const bare = service({ ...KEYS, SEARCH_MEMORY_BYTES: '0' });
    const name = await made(app, PARTS);
    const path = `/v1/collections/${name}`;
    await addTo({ owner: OWNER, name }, strangers(BLOCK_ITEMS + 300, 5));
    const same = async () => {
      for (const query of [{ embedding: base64Of(embedding(1, 7)) }, { id: 'stranger-3' }]) {
        const search = (each: typeof app) => ask(each, PARTS, 'POST', `${path}/search?top_k=20`, query);
        // With the memory from before the change; without memory; and with all of it rebuilt.
        const found = [await search(app), await search(bare), await search(app)];
        for (const { status, body } of found) {
          expect(status).toBe(200);
          expect(body.matches).toHaveLength(20);
          expect(body).toEqual(found[0]?.body);
        }
      }
    };
    await same();
    await teach(app, PARTS, name, items(3, 8));
    await same();
    await ask(app, PARTS, 'DELETE', `${path}/items/stranger-17`);
    await same();
    await ask(app, PARTS, 'DELETE', `${path}/items?label=kind-1`);
    await same();
    await teach(app, PARTS, name, [{ id: 'stranger-18', embedding: base64Of(embedding(1, 9)) }]);
    await same();
  });
});

describe('a collection of the version before', () => {
  it('is brought up, and has all that it had', async () => {
    const app = service(KEYS);
    const name = await made(app, PARTS);
    await teach(app, PARTS, name, items(2, 5));
    await within({ owner: OWNER, name }, (sql) => {
      sql.exec(`DROP TRIGGER bits_of_removed; DROP TRIGGER bits_of_replaced; DROP TABLE bits; DROP TABLE shards;
        ALTER TABLE collection DROP COLUMN shards; UPDATE collection SET schema = 1`);
    });
    const path = `/v1/collections/${name}`;
    expect((await ask(app, PARTS, 'GET', path)).body).toMatchObject({ items: 10, shards: 1 });
    const found = await ask(app, PARTS, 'POST', `${path}/search?top_k=5`, { embedding: embedding(1, 50) });
    expect((found.body.matches as { label: string }[]).map(({ label }) => label)).toEqual(
      Array.from({ length: 5 }, () => 'kind-1'),
    );
    await ask(app, PARTS, 'DELETE', `${path}/items/1%2F0`);
    expect((await ask(app, PARTS, 'GET', path)).body).toMatchObject({ items: 9 });
  });
});
