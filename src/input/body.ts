/** Reads a request's body, within the limits of bytes and time. */
import { type Failure, fail, ok, type Result } from '../failure.ts';
import { chunkReader, joined } from './chunks.ts';
import { contentCoding, inflated } from './content-coding.ts';
import type { Hold } from './in-flight.ts';
import { isMangled } from './mangled.ts';

export interface BodyLimits {
  /** Largest body, in bytes, after decompression. */
  readonly maxBytes: number;
  /** Time for the whole body to arrive, in seconds. */
  readonly timeoutSeconds: number;
  /** Where the bytes are counted as they arrive. */
  readonly hold: Hold;
}

/** The reason with which a bounded stream is aborted: the failure that ended it. */
export class BodyError extends Error {
  override name = 'BodyError';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.code);
    this.failure = failure;
  }
}

/**
 * Bytes of a request's body that are read and dropped beyond its limit, before the answer. Of Node's clients that send
 * 30 MiB without a declared length, every third lost the answer to a connection reset if the rest was left unread. A
 * body that is refused before it is read needs no such care: workerd handles it, and `test/wire/` checks that it still
 * does.
 */
const DRAIN_BYTES = 32 * 2 ** 20;
/** A sender that has stopped and waits for the answer is not kept waiting longer than this. */
const DRAIN_MILLISECONDS = 2000;

/**
 * A body in more pieces goes into a buffer that grows, because a slow one has few bytes in each piece, but as large a
 * buffer.
 */
const MOST_PIECES = 8;

/** A request's decompressed body, and what ends it. */
interface Decoded {
  readonly stream: ReadableStream<Uint8Array>;
  readonly ends: Ends;
  /** The announced length of the stream; 0 if unknown. */
  readonly expectedBytes: number;
}

/** A declared length over the limit is refused before a byte is read. */
function decodedBody({ body, headers }: Request, { maxBytes }: BodyLimits): Result<Decoded> {
  if (body === null) return fail({ code: 'body_missing' });
  const declared = Number(headers.get('content-length') ?? 0);
  if (declared > maxBytes) return fail({ code: 'body_too_large', limitBytes: maxBytes });
  const coding = contentCoding(headers);
  if (!coding.ok) return coding;
  const encoding = coding.value;
  if (encoding === undefined) {
    return ok({ stream: body, ends: { drainBytes: DRAIN_BYTES }, expectedBytes: declared });
  }
  const ends: Ends = { broken: { code: 'body_undecodable', encoding }, drainBytes: DRAIN_BYTES };
  const refusals = {
    tooLong: new BodyError({ code: 'body_too_large', limitBytes: maxBytes }),
    padded: new BodyError({ code: 'body_undecodable', encoding, isPadded: true }),
  };
  return ok({ stream: inflated(body, encoding, maxBytes, refusals), ends, expectedBytes: 0 });
}

/**
 * Opens a request's body as a bounded stream.
 *
 * `gzip` and `deflate` bodies are inflated while they are read, so the limit applies to the output.
 *
 * @returns the stream, which errors with a BodyError; or `body_missing`, `body_too_large` or
 * `body_encoding_unsupported`.
 */
export function openBody(request: Request, limits: BodyLimits): Result<ReadableStream<Uint8Array>> {
  const decoded = decodedBody(request, limits);
  return decoded.ok ? ok(bounded(decoded.value.stream, limits, decoded.value.ends)) : decoded;
}

/** Reads the chunks of a stream, within limits. */
interface BoundedChunks {
  /**
   * @param spent the previous chunk, if it is no longer used.
   * @returns undefined at the end. @throws BodyError at the limit of bytes or time, or when the isolate holds too much.
   */
  next(spent?: Uint8Array): Promise<Uint8Array | undefined>;
  /** Called when no more will be read. */
  stop(reason?: unknown): void;
}

/**
 * How a stream ends: `broken` is the failure if it errors by itself, `drainBytes` how much of the rest is read and
 * dropped, within the time, when the limit is exceeded. Otherwise the rest is cancelled.
 */
interface Ends {
  readonly broken?: Failure;
  readonly drainBytes?: number;
}

function boundedChunks(
  stream: ReadableStream<Uint8Array>,
  { maxBytes, timeoutSeconds, hold }: BodyLimits,
  { broken = { code: 'body_interrupted' }, drainBytes = 0 }: Ends,
  expectedBytes = 0,
): BoundedChunks {
  const reader = chunkReader(stream, expectedBytes);
  const late = Promise.withResolvers<never>();
  // It is not awaited while the consumer is busy, and must not count as an unhandled rejection.
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

  const read = (spent?: Uint8Array) => Promise.race([reader.read(spent), late.promise]);

  async function drain(): Promise<void> {
    const enough = Promise.withResolvers<undefined>();
    const patience = setTimeout(enough.resolve, DRAIN_MILLISECONDS, undefined);
    try {
      for (let left = drainBytes; left > 0; ) {
        const chunk = (await Promise.race([read(), enough.promise]))?.value;
        if (chunk === undefined) break;
        left -= chunk.byteLength;
      }
    } catch {
      // Too slow, or broken off: there is nothing to drain.
    }
    clearTimeout(patience);
  }

  return {
    async next(spent) {
      try {
        const { done, value } = await read(spent);
        if (done) {
          clearTimeout(timer);
          return undefined;
        }
        total += value.byteLength;
        if (total > maxBytes) throw new BodyError({ code: 'body_too_large', limitBytes: maxBytes });
        if (!hold.take(value.byteLength)) {
          throw new BodyError({ code: 'overloaded', limitBytes: hold.limitBytes });
        }
        return value;
      } catch (error) {
        if (error instanceof BodyError && error.failure.code !== 'body_too_slow') await drain();
        stop(error);
        throw error instanceof BodyError ? error : new BodyError(broken);
      }
    },
    stop,
  };
}

/** The stream itself, aborted with a BodyError at the limit of bytes or time, or when the isolate holds too much. */
function bounded(
  stream: ReadableStream<Uint8Array>,
  limits: BodyLimits,
  ends: Ends,
): ReadableStream<Uint8Array> {
  const chunks = boundedChunks(stream, limits, ends);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const chunk = await chunks.next();
        if (chunk === undefined) controller.close();
        else controller.enqueue(chunk);
      } catch (error) {
        controller.error(error);
      }
    },
    cancel: chunks.stop,
  });
}

/**
 * Reads a stream to its end, within the limits.
 *
 * A large body's buffer grows in place as the bytes arrive, so a caller that declares much and sends little takes
 * little, and chunks need not be joined by copying. Address space is reserved for the largest body, but not memory.
 */
export async function collect(
  stream: ReadableStream<Uint8Array>,
  limits: BodyLimits,
  ends: Ends = {},
  expectedBytes = 0,
): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const chunks = boundedChunks(stream, limits, ends, expectedBytes);
  const pieces: Uint8Array[] = [];
  try {
    let chunk = await chunks.next();
    for (; chunk !== undefined && pieces.length < MOST_PIECES; chunk = await chunks.next())
      pieces.push(chunk);
    // A growable buffer costs more than joining a small body.
    const whole = chunk === undefined ? joined(pieces) : await grown(pieces, chunk, chunks, limits);
    return whole.byteLength === 0 ? fail({ code: 'body_missing' }) : ok(whole);
  } catch (error) {
    if (error instanceof BodyError) return fail(error.failure);
    throw error;
  }
}

/** A large body, of which `chunk` is not the last. */
async function grown(
  pieces: readonly Uint8Array[],
  chunk: Uint8Array,
  chunks: BoundedChunks,
  { maxBytes }: BodyLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = new ArrayBuffer(0, { maxByteLength: maxBytes });
  function add(piece: Uint8Array): void {
    const at = buffer.byteLength;
    buffer.resize(at + piece.byteLength);
    new Uint8Array(buffer, at).set(piece);
  }
  for (const piece of pieces) add(piece);
  for (let next: Uint8Array | undefined = chunk; next !== undefined; next = await chunks.next(next))
    add(next);
  return new Uint8Array(buffer);
}

/**
 * Reads a whole body. One that announces more than there is room for is refused before a byte is read.
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
  const decoded = decodedBody(request, limits);
  if (!decoded.ok) return decoded;
  const { stream, ends, expectedBytes } = decoded.value;
  const body = await collect(stream, limits, ends, expectedBytes);
  return body.ok && isMangled(request.headers, body.value) ? fail({ code: 'body_mangled' }) : body;
}
