/** A request's body: never more bytes than the limit, never later than the time-out. */
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { chunkReader } from './chunks.ts';
import type { Hold } from './in-flight.ts';

export interface BodyLimits {
  /** Largest body, in bytes, after any content encoding is undone. */
  readonly maxBytes: number;
  /** Time for the whole body to arrive, in seconds. */
  readonly timeoutSeconds: number;
  /** Where the bytes are counted as they arrive. */
  readonly hold: Hold;
}

/** What a bounded stream is aborted with: the failure that ended it. */
export class BodyError extends Error {
  override name = 'BodyError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

/**
 * What is read and dropped of a request's body after its limit, before the answer. Of Node's clients that send 30 MiB
 * without saying so, every third lost the answer to a connection reset when the rest was left unread. A body that is
 * refused before it is touched needs no such care: workerd sees to it, and `test/wire/` that it goes on doing so.
 */
const DRAIN_BYTES = 32 * 2 ** 20;
/** One who has stopped sending, and waits, is not kept waiting. */
const DRAIN_MILLISECONDS = 2000;

/**
 * Opens a request's body as a stream that keeps the limits.
 *
 * A declared length over the limit is refused before a byte is read. `gzip` and `deflate` bodies are
 * inflated on the way, so the limit holds for what comes out of them.
 *
 * @returns the stream, which errors with a BodyError; or `body_missing`, `body_too_large` or
 * `body_encoding_unsupported`.
 */
export function openBody(request: Request, limits: BodyLimits): Result<ReadableStream<Uint8Array>> {
  if (request.body === null) return fail({ code: 'body_missing' });
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > limits.maxBytes) return fail({ code: 'body_too_large', limitBytes: limits.maxBytes });
  const encoding = (request.headers.get('content-encoding') ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') {
    return ok(bounded(request.body, limits, { drainBytes: DRAIN_BYTES }));
  }
  if (encoding !== 'gzip' && encoding !== 'deflate') {
    return fail({ code: 'body_encoding_unsupported', encoding });
  }
  const inflated = request.body.pipeThrough(new DecompressionStream(encoding));
  return ok(
    bounded(inflated, limits, { broken: { code: 'body_undecodable', encoding }, drainBytes: DRAIN_BYTES }),
  );
}

/**
 * The stream itself, cut off with a BodyError at the limit of bytes or time, or when the isolate holds too much.
 *
 * @param ends `broken` is what it means when the stream fails by itself, `drainBytes` how much of the rest is read and
 * dropped, within the time, when the limit is passed. Otherwise the rest is cancelled.
 */
export function bounded(
  stream: ReadableStream<Uint8Array>,
  { maxBytes, timeoutSeconds, hold }: BodyLimits,
  {
    broken = { code: 'body_interrupted' },
    drainBytes = 0,
  }: { readonly broken?: Failure; readonly drainBytes?: number } = {},
): ReadableStream<Uint8Array> {
  const reader = chunkReader(stream);
  const late = Promise.withResolvers<never>();
  // Nobody waits on it while the consumer is busy, and that must not count as an unhandled rejection.
  late.promise.catch(() => undefined);
  const timer = setTimeout(
    () => late.reject(new BodyError({ code: 'body_too_slow', limitSeconds: timeoutSeconds })),
    timeoutSeconds * 1000,
  );
  let total = 0;

  function stop(reason?: unknown): void {
    clearTimeout(timer);
    reader.cancel(reason).catch(() => undefined);
  }

  const next = () => Promise.race([reader.read(), late.promise]);

  async function drain(): Promise<void> {
    const enough = Promise.withResolvers<undefined>();
    const patience = setTimeout(enough.resolve, DRAIN_MILLISECONDS, undefined);
    try {
      for (let left = drainBytes; left > 0; ) {
        const chunk = (await Promise.race([next(), enough.promise]))?.value;
        if (chunk === undefined) break;
        left -= chunk.byteLength;
      }
    } catch {
      // Too slow, or broken off: there is nothing more to wait for.
    }
    clearTimeout(patience);
  }

  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await next();
        if (done) {
          clearTimeout(timer);
          controller.close();
          return;
        }
        total += value.byteLength;
        if (total > maxBytes) throw new BodyError({ code: 'body_too_large', limitBytes: maxBytes });
        if (!hold.take(value.byteLength)) {
          throw new BodyError({ code: 'overloaded', limitBytes: hold.limitBytes });
        }
        controller.enqueue(value);
      } catch (error) {
        if (error instanceof BodyError && error.failure.code !== 'body_too_slow') await drain();
        stop(error);
        controller.error(error instanceof BodyError ? error : new BodyError(broken));
      }
    },
    cancel: stop,
  });
}

/**
 * Reads a bounded stream to its end.
 *
 * The buffer grows in place as the bytes arrive, so a caller who declares much and sends little takes up
 * little, and nothing is copied to join the chunks.
 *
 * @param maxBytes as the stream was bounded with: address space is reserved for it, memory is not.
 */
export async function collect(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const buffer = new ArrayBuffer(0, { maxByteLength: maxBytes });
  try {
    for await (const chunk of stream) {
      const at = buffer.byteLength;
      buffer.resize(at + chunk.byteLength);
      new Uint8Array(buffer, at).set(chunk);
    }
  } catch (error) {
    if (error instanceof BodyError) return fail(error.failure);
    throw error;
  }
  return buffer.byteLength === 0 ? fail({ code: 'body_missing' }) : ok(new Uint8Array(buffer));
}

/**
 * Reads a whole body. One that says it is larger than there is room for is refused before a byte is read.
 *
 * @returns the bytes, or what ended it.
 */
export async function readBody(
  request: Request,
  limits: BodyLimits,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const { maxBytes, hold } = limits;
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared <= maxBytes && !hold.fits(declared)) {
    return fail({ code: 'overloaded', limitBytes: hold.limitBytes });
  }
  const opened = openBody(request, limits);
  return opened.ok ? collect(opened.value, maxBytes) : opened;
}
