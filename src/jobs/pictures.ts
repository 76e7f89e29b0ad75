/** Reads pictures from the bucket one after the other: the next is fetched while one is classified. */
import { fail, ok, type Result } from '../failure.ts';
import type { InFlight } from '../input/in-flight.ts';
import type { Bucket } from './bucket.ts';
import { isResult } from './inputs.ts';

export interface PictureSource {
  readonly bucket: Bucket;
  /** Counts the bytes together with those of requests to the same isolate. */
  readonly inFlight: InFlight;
  readonly maxBytes: number;
}

export interface Picture {
  readonly key: string;
  /** Size of the file, in bytes. */
  readonly size: number;
  readonly bytes: Result<Uint8Array>;
}

interface Loaded extends Picture {
  /** Called when its bytes are no longer needed. */
  release(): void;
}

/** There is no room yet, because other bodies are being processed. */
const NO_ROOM = 'no room';

/** How often and how long to wait for room: 30 s in all, after which the message is retried. */
const ROOM_MILLISECONDS = 100;
const ROOM_TRIES = 300;

/** @throws if the bucket fails, or there is no room for too long. */
export async function* picturesOf(
  source: PictureSource,
  keys: readonly string[],
): AsyncGenerator<Picture, void, void> {
  let next: Promise<Loaded | typeof NO_ROOM> | undefined;
  let current: Loaded | undefined;
  try {
    for (const [i, key] of keys.entries()) {
      const fetched = await next;
      next = undefined;
      current = fetched === undefined || fetched === NO_ROOM ? await patiently(source, key) : fetched;
      const following = keys[i + 1];
      if (following !== undefined) {
        next = load(source, following);
        // It may fail before it is awaited, which must not count as an unhandled rejection.
        next.catch(() => undefined);
      }
      yield current;
      current.release();
      current = undefined;
    }
  } finally {
    current?.release();
    const left = await next?.catch(() => undefined);
    if (left !== undefined && left !== NO_ROOM) left.release();
  }
}

async function patiently(source: PictureSource, key: string): Promise<Loaded> {
  for (let attempt = 0; attempt < ROOM_TRIES; attempt++) {
    const loaded = await load(source, key);
    if (loaded !== NO_ROOM) return loaded;
    await new Promise((resolve) => setTimeout(resolve, ROOM_MILLISECONDS));
  }
  throw new Error('There was no room for a picture.');
}

async function load(
  { bucket, inFlight, maxBytes }: PictureSource,
  key: string,
): Promise<Loaded | typeof NO_ROOM> {
  const object = await bucket.get(key);
  if (object === null) return refused(key, 0, fail({ code: 'object_gone', key }));
  const { size } = object;
  if (size === 0) return refused(key, 0, fail({ code: 'body_missing' }));
  if (isResult(object) || size > maxBytes) {
    await object.body.cancel();
    const failure = isResult(object)
      ? fail({ code: 'image_format_unsupported' })
      : fail({ code: 'body_too_large', limitBytes: maxBytes });
    return refused(key, size, failure);
  }
  const hold = inFlight.open();
  try {
    if (!hold.take(size)) {
      await object.body.cancel();
      hold.release();
      return NO_ROOM;
    }
    const bytes = new Uint8Array(await object.arrayBuffer());
    return { key, size, bytes: ok(bytes), release: hold.release };
  } catch (error) {
    hold.release();
    throw error;
  }
}

function refused(key: string, size: number, bytes: Result<Uint8Array>): Loaded {
  return { key, size, bytes, release: () => undefined };
}
