/** Search while items are added, replaced and removed, compared with looking at all vectors. */
import { describe, expect, it } from 'vitest';
import { BLOCK_ITEMS } from '../../src/collections/item-bits.ts';
import { createItems } from '../../src/collections/items.ts';
import { makeCollection } from '../../src/collections/making.ts';
import { createShards } from '../../src/collections/shards.ts';
import { cosine, unitVector } from '../../src/collections/vectors.ts';
import { randoms } from './examples.ts';
import {
  addTo,
  answerOf,
  BUDGET,
  madeCollection,
  OWNER,
  objects,
  QUOTAS,
  relative,
  strangers,
} from './many.ts';
import { freshName } from './teaching.ts';

const CALLERS = 5;
const TURNS = 12;
const MOST_MS = 120_000;
const LIMIT = 5;
const QUESTION = Float32Array.from(relative(0));
const UNIT = unitVector(QUESTION);
const QUERY = { embedding: QUESTION, limit: LIMIT, minSimilarity: 0.2 };

/** As the kernel computes it, in float32. */
const DIGITS = 5;

/** Some rounds in a row search in memory, so that the bits there meet changed items. */
function isWithout(turn: number): boolean {
  return turn % 4 === 3;
}

function nearest(vectors: Iterable<readonly [string, Int8Array]>) {
  return [...vectors]
    .map(([id, vector]) => ({ id, similarity: cosine(UNIT, vector) }))
    .sort((one, other) => other.similarity - one.similarity)
    .slice(0, LIMIT);
}

/** One caller: adds, replaces and removes similar items, and removes others, which are in stored blocks. */
function* deeds(caller: number) {
  const random = randoms(caller + 1);
  const own: string[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const chance = random();
    const id = own[Math.floor(random() * own.length)];
    if (chance < 0.2 && id !== undefined) {
      own.splice(own.indexOf(id), 1);
      yield { id, vector: undefined };
    } else if (chance < 0.4 && id !== undefined) {
      yield { id, vector: relative(caller * 1000 + 500 + turn) };
    } else if (chance < 0.5) {
      yield { id: `stranger-${caller * 100 + turn}`, vector: undefined };
    } else {
      own.push(`${caller}/${turn}`);
      yield { id: `${caller}/${turn}`, vector: relative(caller * 1000 + turn) };
    }
  }
}

describe('search while items come and go', () => {
  it(
    'in one object is exact for the version that it answers, with memory and without',
    async () => {
      const reference = await madeCollection();
      await addTo(reference, strangers(BLOCK_ITEMS + 200, 1));
      const first = await answerOf(objects.ofCollection(reference, (object) => object.facts(OWNER)));
      const changes = new Map<number, { readonly id: string; readonly vector: Int8Array | undefined }>();
      const answers: { version: number; found: readonly { id: string; similarity: number }[] }[] = [];
      const caller = async (number: number) => {
        let turn = 0;
        for (const { id, vector } of deeds(number)) {
          const { facts } = await answerOf<{ readonly facts: { readonly version: number } }>(
            vector === undefined
              ? objects.ofCollection(reference, (object) => object.remove(OWNER, { id }))
              : objects.ofCollection(reference, (object) => object.add(OWNER, [{ id, vector }], QUOTAS)),
          );
          expect(changes.has(facts.version)).toBe(false);
          changes.set(facts.version, { id, vector });
          const budget = isWithout(turn++) ? 0 : BUDGET;
          const asked = await answerOf(
            objects.ofCollection(reference, (object) => object.search(OWNER, QUERY, budget)),
          );
          answers.push({ version: asked.facts.version, found: asked.value });
        }
      };
      await Promise.all(Array.from({ length: CALLERS }, (_, number) => caller(number)));
      expect(changes.size).toBe(CALLERS * TURNS);

      const state = new Map<string, Int8Array>();
      const exact = new Map<number, ReturnType<typeof nearest>>();
      for (let version = first.version + 1; version <= first.version + changes.size; version++) {
        const { id = '', vector } = changes.get(version) ?? {};
        if (vector === undefined) state.delete(id);
        else state.set(id, vector);
        exact.set(version, nearest(state));
      }
      for (const { version, found } of answers) {
        const wanted = exact.get(version) ?? [];
        expect(found.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
        for (const [i, { similarity }] of found.entries())
          expect(similarity).toBeCloseTo(wanted[i]?.similarity ?? Number.NaN, DIGITS);
      }
      // Not all of them were requested at the end.
      expect(new Set(answers.map(({ version }) => version)).size).toBeGreaterThan(CALLERS);
    },
    MOST_MS,
  );

  it(
    'in shards leaves out nothing that was there all the while, and finds nothing that was not',
    async () => {
      const reference = { owner: OWNER, name: freshName() };
      await answerOf(makeCollection(objects, reference, { shards: 3 }));
      const items = createItems(createShards(objects), QUOTAS, BUDGET);
      const without = createItems(createShards(objects), QUOTAS, 0);
      await answerOf(items.add(reference, OWNER, strangers(3 * BLOCK_ITEMS, 1)));
      let clock = 0;
      /** The history of each id: when each change was requested and answered. */
      const histories = new Map<string, { vector: Int8Array | undefined; from: number; until: number }[]>();
      const answers: { from: number; until: number; found: readonly { id: string; similarity: number }[] }[] =
        [];
      let newest = 0;
      const caller = async (number: number) => {
        let turn = 0;
        for (const { id, vector } of deeds(number)) {
          const from = clock++;
          const { facts } = await answerOf<{ readonly facts: { readonly version: number } }>(
            vector === undefined
              ? items.remove(reference, OWNER, { id })
              : items.add(reference, OWNER, [{ id, vector }]),
          );
          newest = Math.max(newest, facts.version);
          histories.set(id, [...(histories.get(id) ?? []), { vector, from, until: clock++ }]);
          const asked = clock++;
          const place = isWithout(turn++) ? without : items;
          const { value } = await answerOf(place.search(reference, OWNER, QUERY));
          answers.push({ from: asked, until: clock++, found: value });
        }
      };
      await Promise.all(Array.from({ length: CALLERS }, (_, number) => caller(number)));
      const facts = await answerOf(objects.ofCollection(reference, (object) => object.facts(OWNER)));
      expect(facts.version).toBe(2 + 2 + CALLERS * TURNS);
      expect(newest).toBe(facts.version);

      for (const { from, until, found } of answers) {
        const similarities = new Map(found.map(({ id, similarity }) => [id, similarity]));
        const least = found.length < LIMIT ? QUERY.minSimilarity : (found.at(-1)?.similarity ?? 0);
        for (const [id, history] of histories) {
          const possible = history.filter(
            (one, i) => one.from < until && !(history[i + 1] && (history[i + 1]?.until ?? 0) < from),
          );
          const [only] = possible;
          const isCertain = possible.length === 1 && only !== undefined && only.until < from;
          const given = similarities.get(id);
          if (isCertain && only.vector && cosine(UNIT, only.vector) > least + 1e-5)
            expect(given, `${id} was there`).toBeDefined();
          if (given === undefined) continue;
          const matching = possible.some(
            ({ vector }) => vector !== undefined && Math.abs(cosine(UNIT, vector) - given) < 1e-5,
          );
          expect(matching, `${id} with ${given}`).toBe(true);
        }
        expect(found.every(({ id }) => histories.has(id))).toBe(true);
      }
      const last = await answerOf(items.search(reference, OWNER, QUERY));
      const state = [...histories].flatMap(([id, history]) => {
        const vector = history.at(-1)?.vector;
        return vector === undefined ? [] : [[id, vector] as const];
      });
      expect(last.value.map(({ id }) => id)).toEqual(nearest(state).map(({ id }) => id));
    },
    MOST_MS,
  );
});
