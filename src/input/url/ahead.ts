/**
 * Fetches the files of a batch that are given by URL: in order, a few of them before their turn.
 *
 * So a host that hangs costs the batch one time-out instead of one for each of its pictures; and the batch as a whole
 * has its own.
 */
import { fail, type Result } from '../../failure.ts';
import { type Hold, type Part, partOf } from '../in-flight.ts';
import type { FetchImage } from './fetch.ts';

/**
 * A Worker may have six connections waiting for a response at a time, and further ones are queued. Two are left for
 * other work of the request.
 */
export const MAX_FETCHES_AT_ONCE = 4;

/**
 * Bytes that may be held before their turn: together with a file of the largest size, they fill an isolate's default
 * budget. A file that exceeds them is fetched again in its turn, and from then on the batch fetches one file at a time,
 * so that large files are fetched twice at most.
 */
const EARLY_BYTES = 4 * 2 ** 20;

interface Started {
  readonly part: Part;
  readonly file: Promise<Result<Uint8Array>>;
  /** Whether it was fetched before its turn. */
  readonly early: boolean;
}

/**
 * Yields the bytes of each file in turn, or why there are none. They are held until the next is requested. A consumer
 * that stops early calls `return`, which aborts the fetches in progress.
 *
 * @param timeoutSeconds for all files together, from when the first is requested. Files that have not arrived by then
 *   are `url_batch_too_slow`.
 */
export async function* fetchAhead(
  urls: readonly string[],
  fetchImage: FetchImage,
  hold: Hold,
  timeoutSeconds: number,
): AsyncGenerator<Result<Uint8Array>, void, void> {
  const deadline = AbortSignal.timeout(timeoutSeconds * 1000);
  const stopped = new AbortController();
  const until = AbortSignal.any([deadline, stopped.signal]);
  const underWay = new Map<number, Started>();
  let [turn, next, atOnce] = [0, 0, MAX_FETCHES_AT_ONCE];

  function heldEarly(): number {
    let sum = 0;
    for (const [index, { part }] of underWay) if (index !== turn) sum += part.held();
    return sum;
  }

  async function fetchInTime(url: string, part: Part): Promise<Result<Uint8Array>> {
    if (deadline.aborted) return fail({ code: 'url_batch_too_slow', limitSeconds: timeoutSeconds });
    const file = await fetchImage(url, part, until);
    return !file.ok && file.failure.code === 'url_fetch_too_slow' && deadline.aborted
      ? fail({ code: 'url_batch_too_slow', limitSeconds: timeoutSeconds })
      : file;
  }

  function start(index: number, url: string): Started {
    const part = partOf(hold, (more) => index === turn || heldEarly() + more <= EARLY_BYTES);
    const started = { part, file: fetchInTime(url, part), early: index !== turn };
    // It is not awaited before its turn, and a rejection must not count as unhandled until then.
    started.file.catch(() => undefined);
    underWay.set(index, started);
    return started;
  }

  function end(index: number): void {
    underWay.get(index)?.part.release();
    underWay.delete(index);
  }

  try {
    for (const url of urls) {
      for (const one of urls.slice(next, turn + atOnce)) start(next++, one);
      const { file, early } = underWay.get(turn) ?? start(turn, url);
      let fetched = await file;
      if (early && !fetched.ok && fetched.failure.code === 'overloaded') {
        atOnce = 1;
        end(turn);
        fetched = await start(turn, url).file;
      }
      yield fetched;
      end(turn);
      turn++;
    }
  } finally {
    stopped.abort();
    for (const index of underWay.keys()) end(index);
  }
}
