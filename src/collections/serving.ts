/**
 * Keeps heads in the isolates that answer. An answer does not involve the object: the head is in the isolate's memory
 * by collection and version, and the object is asked for its version from time to time.
 *
 * Requests share what is cached here, but never wait for each other's calls: a cancelled one would leave the others
 * without an answer.
 */
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { EMBEDDING_SPACE } from '../inference/embedding-space.ts';
import { type Facts, mayUse } from './facts.ts';
import { type Head, headBytes } from './head.ts';
import { decodeHead } from './head-bytes.ts';
import type { HeadCache } from './head-cache.ts';
import type { Reference } from './names.ts';
import type { Objects } from './objects.ts';

/** How long the facts of a collection count as fresh. */
export const FRESH_MILLISECONDS = 10_000;

/**
 * Memory limit for heads. One with 200 labels and 5,000 examples takes 7.5 MB, and is kept even if all others must go;
 * one with 20 labels and 1,000 examples takes 1.4 MB.
 */
export const HEADS_BYTES = 8 * 1024 * 1024;

/** Limit of collections that are known without a head. */
const MAX_ENTRIES = 500;

/** How often, and for how long, to check whether another request has fetched the head. */
const POLL_MILLISECONDS = 25;
const FETCH_MILLISECONDS = 20_000;

/** A collection to answer with. */
export interface Served {
  readonly facts: Facts;
  readonly head: Head;
  /** The version of the collection that the head was trained on. */
  readonly taught: number;
  /** The newest version that it is correct for: changes since then do not affect labelled items. */
  readonly version: number;
  /** Whether a newer version is being trained or cannot be fetched. */
  readonly stale: boolean;
  /** The version of the head, if it was activated or requested. */
  readonly active?: number;
}

export interface Question {
  readonly reference: Reference;
  readonly caller: string;
  /** Scheme and host of the request, for the cache. */
  readonly origin: string;
  /** The least version to answer with. */
  readonly version?: number | undefined;
  /** A kept version to answer with, whichever is the active one. */
  readonly head?: number | undefined;
}

export interface Serving {
  /** Finds the head to answer with. */
  open(question: Question): Promise<Result<Served>>;
  /** Caches the state after a change. */
  note(facts: Facts): void;
  /** Removes a deleted collection from the cache. */
  forget(reference: Reference): void;
}

interface Entry {
  facts: Facts;
  askedAt: number;
  /** When a request began to fetch the head of `facts`. */
  fetchingSince?: number | undefined;
  trained?:
    | {
        readonly head: Head;
        /** Which of the collection's heads. */
        readonly key: string;
        readonly version: number;
        readonly taught: number;
        readonly active: number | undefined;
      }
    | undefined;
}

/** @param now replaced in tests. */
export function createServing(
  objects: Objects,
  cache: HeadCache,
  now: () => number = () => Date.now(),
): Serving {
  // In the order of last use.
  const entries = new Map<string, Entry>();

  function note(facts: Facts): Entry {
    const key = keyOf(facts);
    const before = entries.get(key);
    const same = before?.facts.epoch === facts.epoch ? before : undefined;
    // Answers may arrive out of order.
    const newest = same !== undefined && same.facts.version > facts.version ? same.facts : facts;
    const entry: Entry = Object.assign(same ?? { facts, askedAt: 0 }, { facts: newest, askedAt: now() });
    use(key, entry);
    return entry;
  }

  function use(key: string, entry: Entry): void {
    entries.delete(key);
    entries.set(key, entry);
    let [bytes, count] = [0, 0];
    for (const [older, { trained }] of [...entries].reverse()) {
      bytes += trained === undefined ? 0 : headBytes(trained.head);
      if (older !== key && (bytes > HEADS_BYTES || ++count > MAX_ENTRIES)) entries.delete(older);
    }
  }

  /** The cached facts, or those that the object reports. */
  async function entryOf({ reference, caller, version = 0 }: Question): Promise<Result<Entry>> {
    const key = keyOf(reference);
    const known = entries.get(key);
    // A caller that may not use it must not learn of its existence from a missing call.
    const usable = known !== undefined && mayUse(known.facts, caller) ? known : undefined;
    if (usable && now() - usable.askedAt < FRESH_MILLISECONDS && version <= usable.facts.version) {
      use(key, usable);
      return ok(usable);
    }
    // One request asks, and the others continue with the cached facts.
    if (usable) usable.askedAt = now();
    const facts = await objects.ofCollection(reference, (object) => object.facts(caller));
    if (facts.ok) return ok(note(facts.value));
    if (usable && facts.failure.code === 'collection_unknown') entries.delete(key);
    const answersAnyway = usable?.trained && version <= usable.trained.version;
    return answersAnyway && facts.failure.code === 'collection_busy' ? ok(usable) : facts;
  }

  async function fetchHead(
    entry: Entry,
    { reference, caller, origin, head: wanted }: Question,
  ): Promise<Failure | undefined> {
    const { facts } = entry;
    const cached = await cache.find(keyOfHead(facts, wanted), origin);
    const known = cached && decodeHead(cached.buffer);
    if (known) {
      entry.trained = trainedOf(known, facts, wanted);
      return undefined;
    }
    const served = await objects.ofCollection(reference, (object) =>
      wanted === undefined ? object.head(caller) : object.version(caller, wanted),
    );
    if (!served.ok) return served.failure;
    const head = decodeHead(served.value.bytes.buffer);
    if (head === undefined) return { code: 'collection_newer' };
    note(served.value.facts);
    entry.trained = trainedOf(head, served.value.facts, wanted);
    cache.keep(entry.trained.key, origin, served.value.bytes);
    return undefined;
  }

  /** For a requested version: a separate head, not the one that answers, and the facts of the collection. */
  function ofVersion(reference: Reference, { facts, askedAt }: Entry, version: number): Entry {
    const key = `${keyOf(reference)}@${version}`;
    const before = entries.get(key);
    const same = before?.facts.epoch === facts.epoch ? before : undefined;
    const entry: Entry = Object.assign(same ?? {}, { facts, askedAt });
    use(key, entry);
    return entry;
  }

  function isFetched(entry: Entry): boolean {
    return entry.fetchingSince !== undefined && now() - entry.fetchingSince < FETCH_MILLISECONDS;
  }

  async function headOf(entry: Entry, question: Question): Promise<Result<Served>> {
    const wanted = question.version ?? 0;
    for (;;) {
      const { facts, trained } = entry;
      if (trained !== undefined && trained.key === keyOfHead(facts, question.head))
        return ok({ ...servedOf(facts, trained), version: facts.version, stale: false });
      const before =
        trained && trained.version >= wanted ? ok({ ...servedOf(facts, trained), stale: true }) : undefined;
      if (isFetched(entry)) {
        if (before) return before;
        await scheduler.wait(POLL_MILLISECONDS);
        continue;
      }
      entry.fetchingSince = now();
      try {
        const failure = await fetchHead(entry, question);
        if (failure !== undefined)
          return before && failure.code === 'collection_busy' ? before : fail(failure);
      } finally {
        entry.fetchingSince = undefined;
      }
      use(question.head === undefined ? keyOf(facts) : `${keyOf(facts)}@${question.head}`, entry);
    }
  }

  return {
    note,
    forget(reference) {
      const key = keyOf(reference);
      for (const known of [...entries.keys()])
        if (known === key || known.startsWith(`${key}@`)) entries.delete(known);
    },
    async open(question) {
      const entry = await entryOf(question);
      if (!entry.ok) return entry;
      const { facts } = entry.value;
      if (facts.embeddingSpace !== EMBEDDING_SPACE)
        return fail({
          code: 'embedding_space_differs',
          given: EMBEDDING_SPACE,
          wanted: facts.embeddingSpace,
        });
      if (facts.shards > 1) return fail({ code: 'collection_sharded', shards: facts.shards });
      if (facts.labelled === 0 && (question.head ?? facts.active) === undefined)
        return fail({ code: 'collection_untaught' });
      if (question.version !== undefined && question.version > facts.version)
        return fail({
          code: 'option_invalid',
          option: 'collection_version',
          reason: `a version that the collection has, and its newest is ${facts.version}`,
        });
      const { reference, head } = question;
      if (head === undefined) return headOf(entry.value, question);
      const kept = await headOf(ofVersion(reference, entry.value, head), question);
      // A missing version must not replace a head that exists.
      if (!kept.ok) entries.delete(`${keyOf(reference)}@${head}`);
      return kept;
    },
  };
}

/**
 * Identifies the head that answers: an activated or requested version, which never changes, or that of the present
 * labelled items. The epoch is random and known only to callers that may use the object, so no other cache entry
 * matches.
 */
function keyOfHead({ epoch, taught, active }: Facts, wanted: number | undefined): string {
  const version = wanted ?? active;
  return version === undefined ? `${epoch}/${taught}` : `${epoch}/kept-${version}`;
}

function trainedOf(head: Head, facts: Facts, wanted: number | undefined): NonNullable<Entry['trained']> {
  const active = wanted ?? facts.active;
  const { taught, version } = facts;
  return { head, key: keyOfHead(facts, wanted), version, taught: active ?? taught, active };
}

function servedOf(facts: Facts, { head, version, taught, active }: NonNullable<Entry['trained']>) {
  return { facts, head, version, taught, ...(active === undefined ? {} : { active }) };
}

function keyOf({ owner, name }: Reference): string {
  return `${owner}/${name}`;
}
