import { createGzip, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type ContentCoding, inflated } from '../../src/input/content-coding.ts';
import { filledWith } from '../bombs/bomb.ts';
import { EMPTY_BLOCKS } from '../bombs/deflate.ts';

const MOST_BYTES = 2 ** 20;
const SLACK_BYTES = 65_536;
const tooLong = new Error('too long');
const padded = new Error('padded');

/** Nothing of it is shorter when it is compressed. */
const content = new Uint8Array(600_000);
for (let at = 0; at < content.length; at += 60_000) crypto.getRandomValues(content.subarray(at, at + 60_000));

function parts(bytes: number): Uint8Array[] {
  const count = Math.ceil(content.length / bytes);
  return Array.from({ length: count }, (_, i) => content.subarray(i * bytes, (i + 1) * bytes));
}

const joined = (...pieces: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(pieces));

/** @param chunkBytes what comes at once. */
async function inflate(
  bytes: Uint8Array,
  coding: ContentCoding = 'gzip',
  chunkBytes = 40_000,
): Promise<Uint8Array> {
  let [at, isCancelled] = [0, false];
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.slice(at, at + chunkBytes));
      at += chunkBytes;
    },
    cancel() {
      isCancelled = true;
    },
  });
  const result = new Response(inflated(stream, coding, MOST_BYTES, { tooLong, padded })).bytes();
  return result.catch((error: unknown) => {
    // What has been refused is not read on: 64 KiB that are free, and what is in buffers.
    if (error === padded)
      expect([isCancelled, at < 4 * SLACK_BYTES || chunkBytes > SLACK_BYTES]).toEqual([true, true]);
    throw error;
  });
}

/** One member whose compressor is flushed after each part. */
async function flushed(bytes: number): Promise<Uint8Array> {
  const gzip = createGzip();
  const pieces: Uint8Array[] = [];
  gzip.on('data', (piece: Uint8Array) => pieces.push(piece));
  for (const part of parts(bytes)) {
    gzip.write(part);
    await new Promise<void>((resolve) => gzip.flush(() => resolve()));
  }
  await new Promise<void>((resolve) => gzip.end(() => resolve()));
  return joined(...pieces);
}

describe('a compressed body', () => {
  it.each([
    ['of one member', gzipSync(content), 'gzip'],
    ['of one member, stored', gzipSync(content, { level: 0 }), 'gzip'],
    ['of members with 64 KiB', joined(...parts(65_536).map((part) => gzipSync(part))), 'gzip'],
    ['of members with 32 bytes', joined(...parts(32).map((part) => gzipSync(part))), 'gzip'],
    ['of zlib', deflateSync(content), 'deflate'],
    ['of bare deflate', deflateRawSync(content), 'deflate'],
  ] as const)('%s is what was compressed, in chunks of any size', async (_, bytes, coding) => {
    for (const chunkBytes of [1000, 65_536, bytes.length])
      expect(Buffer.from(await inflate(bytes, coding, chunkBytes)).equals(content)).toBe(true);
  });

  it('that was flushed after each 1000 bytes is what was compressed', async () => {
    expect(Buffer.from(await inflate(await flushed(1000))).equals(content)).toBe(true);
  });

  it('may begin with 64 KiB that come to nothing', async () => {
    const nothing = filledWith(gzipSync(new Uint8Array()), SLACK_BYTES);
    expect(Buffer.from(await inflate(joined(nothing, gzipSync(content)))).equals(content)).toBe(true);
  });

  it.each(Object.entries(EMPTY_BLOCKS))('of %s is refused before it has been read', async (_, piece) => {
    const head = gzipSync(new Uint8Array()).subarray(0, 10);
    const blocks = filledWith(piece, MOST_BYTES);
    await expect(inflate(joined(head, blocks))).rejects.toBe(padded);
    await expect(inflate(joined(head, blocks), 'gzip', MOST_BYTES)).rejects.toBe(padded);
    await expect(inflate(blocks, 'deflate')).rejects.toBe(padded);
  });

  it('of empty members is refused before it has been read, also where content follows', async () => {
    const nothing = filledWith(gzipSync(new Uint8Array()), 3 * SLACK_BYTES);
    await expect(inflate(joined(nothing, gzipSync(content)))).rejects.toBe(padded);
  });

  it('whose content allows so many members that hold nothing is refused at the limit', async () => {
    const nothing = filledWith(gzipSync(new Uint8Array()), MOST_BYTES);
    const half = gzipSync(content);
    await expect(inflate(joined(half, nothing))).rejects.toBe(tooLong);
  });
});
