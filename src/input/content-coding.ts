/**
 * Decompresses bodies (RFC 9110 §8.4).
 *
 * The platform's DecompressionStream ends after the first member of a gzip file, which may have several (RFC 1952
 * §2.2), and must know whether `deflate` means the zlib format, as the RFC says, or raw deflate, as some clients
 * send. Node's zlib, which Workers also have, reads all members, and the first two bytes tell the formats apart.
 */
/// <reference path="./node-zlib.d.ts" />
import type { Inflater } from 'node:zlib';
import { fail, ok, type Result } from '../failure.ts';
import { chunkReader } from './chunks.ts';

export type ContentCoding = 'gzip' | 'deflate';

/** Names of codings. By RFC 9110 §8.4.1.3, recipients treat `x-gzip` as `gzip`. */
const CODINGS: Readonly<Record<string, ContentCoding>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
};

/** @returns undefined if a body is not compressed; or `body_encoding_unsupported`, also for several codings. */
export function contentCoding(headers: Headers): Result<ContentCoding | undefined> {
  const encoding = headers.get('content-encoding') ?? '';
  const names = encoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  const [name, second] = names;
  if (name === undefined) return ok(undefined);
  const coding = second === undefined ? CODINGS[name] : undefined;
  return coding === undefined ? fail({ code: 'body_encoding_unsupported', encoding }) : ok(coding);
}

/** A compressed body is usually shorter, and at worst longer by a thousandth and some bytes. */
const COMPRESSED_SLACK_BYTES = 65_536;

/**
 * The most compressed bytes per inflated byte so far, in addition to the slack: empty blocks and members cost CPU too.
 * Members with 23 random bytes each reach twice their content; clients that compress lines one by one, or flush after
 * each, have longer ones.
 */
const MOST_TIMES = 2;

/** The failures with which the stream errors. */
export interface Refusals {
  /** It has more bytes than are allowed. */
  readonly tooLong: Error;
  /** It has far more bytes than its content. */
  readonly padded: Error;
}

/**
 * The stream, inflated while it is read: only little of it is in memory, whatever the ratio. It errors if it is broken.
 *
 * @param maxBytes the most output. Input is bounded too, since there are endless streams that inflate to nothing.
 */
export function inflated(
  stream: ReadableStream<Uint8Array>,
  coding: ContentCoding,
  maxBytes: number,
  refusals: Refusals,
): ReadableStream<Uint8Array> {
  const chunks = inflatedChunks(stream, coding, maxBytes + COMPRESSED_SLACK_BYTES, refusals);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}

async function* inflatedChunks(
  stream: ReadableStream<Uint8Array>,
  coding: ContentCoding,
  mostBytes: number,
  { tooLong, padded }: Refusals,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = chunkReader(stream);
  let inflater: Inflater | undefined;
  let made = 0;
  let taken = 0;
  /** The next bytes, if those before them have produced enough output. */
  async function read(): Promise<ReadableStreamReadResult<Uint8Array>> {
    const unread = inflater?.readableLength ?? 0;
    if (taken > MOST_TIMES * (made + unread) + COMPRESSED_SLACK_BYTES) throw padded;
    const next = await reader.read();
    taken += next.value?.byteLength ?? 0;
    if (taken > mostBytes) throw tooLong;
    return next;
  }
  try {
    const begin = await beginning(read, 2);
    inflater = await inflaterFor(coding, begin);
    // It ends with the inflater, whose failure the loop below throws.
    feed(inflater, begin, read).catch(() => undefined);
    // Node's buffers have methods that differ from those of a Uint8Array.
    for await (const { buffer, byteOffset, byteLength } of inflater) {
      made += byteLength;
      yield new Uint8Array(buffer, byteOffset, byteLength);
    }
  } finally {
    inflater?.destroy();
    reader.cancel().catch(() => undefined);
  }
}

/** Imported on first use, because most bodies are not compressed. */
async function inflaterFor(coding: ContentCoding, begin: Uint8Array): Promise<Inflater> {
  const { createGunzip, createInflate, createInflateRaw } = await import('node:zlib');
  if (coding === 'gzip') return createGunzip();
  return isZlib(begin) ? createInflate() : createInflateRaw();
}

/** RFC 1950 §2.2: the method is 8, and the two bytes are a multiple of 31. A raw stream hardly ever begins so. */
function isZlib([method = 0, flags = 0]: Uint8Array): boolean {
  return (method & 0x0f) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0;
}

type Read = () => Promise<ReadableStreamReadResult<Uint8Array>>;

/** The first bytes: at least as many as requested, or all there are. */
async function beginning(read: Read, wanted: number): Promise<Uint8Array> {
  let begin = new Uint8Array();
  while (begin.byteLength < wanted) {
    const { done, value } = await read();
    if (done) break;
    const longer = new Uint8Array(begin.byteLength + value.byteLength);
    longer.set(begin);
    longer.set(value, begin.byteLength);
    begin = longer;
  }
  return begin;
}

async function feed(inflater: Inflater, begin: Uint8Array, read: Read): Promise<void> {
  try {
    await write(inflater, begin);
    for (let next = await read(); !next.done; next = await read()) {
      await write(inflater, next.value);
    }
    inflater.end();
  } catch (error) {
    inflater.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function write(inflater: Inflater, chunk: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    inflater.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
