/** Pictures by the thousand: split into requests, a few of them at once, with results in order. */
import { answerAll, type GroupSender, type Numbered, type Outcome } from './answered.ts';
import type { Classification, Problem } from './answers.ts';
import type { Limits } from './facts.ts';
import { type Picture, sendable } from './picture.ts';

/** The outcome for one picture of a batch. */
export type BatchItem<R = Classification> =
  | { readonly ok: true; readonly index: number; readonly result: R }
  | { readonly ok: false; readonly index: number; readonly problem: Problem };

/** Any number of pictures, which are read when there is room for them. */
export type Pictures = Iterable<Picture> | AsyncIterable<Picture>;

export interface BatchSource<R> extends Omit<GroupSender<R>, 'found' | 'maxBytes'> {
  readonly pictures: Pictures;
  readonly limits: () => Promise<Limits>;
  readonly concurrency: number;
}

/** The most that a form adds for each picture: a boundary, a name, a type. */
const PART_BYTES = 600;

/** JSON adds a few characters for each. */
const ITEM_BYTES = 40;

/**
 * Yields the outcome for each picture, in order and as soon as it is known.
 *
 * Pictures are read from the source when requests have room for them: no more are in memory than the concurrent
 * requests hold, and none are read while the caller is slow to take results.
 *
 * @throws the refusal of a request; or what the source has thrown, after all results before it.
 */
export async function* batched<R>(source: BatchSource<R>): AsyncGenerator<Outcome<R>, void, void> {
  const limits = await source.limits();
  const outcomes = new Map<number, Outcome<R>>();
  const changed = notice();
  const ended = new AbortController();
  const { signal } = source.call;
  /** The last index of each wave that is in progress or waits to be taken, in order. */
  const waves: number[] = [];
  let next = 0;
  let total: number | undefined;
  let failure: { readonly error: unknown } | undefined;
  let sourceFailure: { readonly error: unknown } | undefined;

  function fail(error: unknown): void {
    failure ??= { error };
    changed.tell();
  }
  const stop = () => fail(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });

  const sender: GroupSender<R> = {
    ...source,
    call: { ...source.call, signal: signal ? AbortSignal.any([signal, ended.signal]) : ended.signal },
    maxBytes: limits.image.max_bytes,
    found(index, outcome) {
      outcomes.set(index, outcome);
      changed.tell();
    },
  };

  async function pump(): Promise<void> {
    let read = 0;
    try {
      for await (const groups of wavesOf(source.pictures, limits)) {
        read += groups.reduce((sum, group) => sum + group.length, 0);
        waves.push(read - 1);
        for (const group of groups) answerAll(group, sender).catch(fail);
        while (waves.length >= source.concurrency && !ended.signal.aborted) await changed.heard();
        if (ended.signal.aborted) return;
      }
    } catch (error) {
      sourceFailure = { error };
    }
    total = read;
    changed.tell();
  }

  pump();
  try {
    for (;;) {
      for (let outcome = outcomes.get(next); outcome !== undefined; outcome = outcomes.get(next)) {
        outcomes.delete(next);
        if (waves[0] === next) waves.shift();
        next++;
        changed.tell();
        yield outcome;
      }
      if (failure !== undefined) throw failure.error;
      if (next === total && sourceFailure !== undefined) throw sourceFailure.error;
      if (next === total) return;
      await changed.heard();
    }
  } finally {
    // A reader that stops early also stops the service, and the reading of the source.
    signal?.removeEventListener('abort', stop);
    ended.abort();
    changed.tell();
  }
}

/** Pictures that are sent together: one group for each way to send them, all of which end before the next wave does. */
type Wave = readonly (readonly Numbered[])[];

async function* wavesOf(
  pictures: Iterable<Picture> | AsyncIterable<Picture>,
  limits: Limits,
): AsyncGenerator<Wave, void, void> {
  const { max_items } = limits.batch;
  const room = {
    bytes: Math.min(limits.batch.max_bytes, limits.image.max_bytes + PART_BYTES),
    json: limits.json.max_bytes / 2,
  };
  let wave = { bytes: [] as Numbered[], json: [] as Numbered[], alone: [] as Numbered[] };
  let size = { bytes: 0, json: 0 };
  let index = 0;
  let failure: { readonly error: unknown } | undefined;

  function full(): Wave {
    const groups = [wave.bytes, wave.json, ...wave.alone.map((one) => [one])].filter(
      ({ length }) => length > 0,
    );
    wave = { bytes: [], json: [], alone: [] };
    size = { bytes: 0, json: 0 };
    return groups;
  }

  try {
    for await (const given of pictures) {
      const picture = await sendable(given);
      const { kind } = picture;
      const bytes = picture.size + (kind === 'bytes' ? PART_BYTES : ITEM_BYTES);
      // It would end a batch; alone, it gets the reason.
      const isTooLarge = bytes > room[kind] || (kind === 'bytes' && picture.size > limits.image.max_bytes);
      const isFull = !isTooLarge && (wave[kind].length === max_items || size[kind] + bytes > room[kind]);
      if (isFull) yield full();
      wave[isTooLarge ? 'alone' : kind].push({ index: index++, picture });
      if (isTooLarge) yield full();
      else size[kind] += bytes;
    }
  } catch (error) {
    failure = { error };
  }
  const last = full();
  if (last.length > 0) yield last;
  // Its earlier pictures still have answers.
  if (failure !== undefined) throw failure.error;
}

/** Wakes whatever waits for a change. */
function notice() {
  let wake: () => void = () => undefined;
  let change = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return {
    tell(): void {
      wake();
      change = new Promise<void>((resolve) => {
        wake = resolve;
      });
    },
    heard: (): Promise<void> => change,
  };
}
