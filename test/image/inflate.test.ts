/** Streams that zlib has deflated in all its ways. */
import { constants, deflateSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import type { ByteRange } from '../../src/image/header.ts';
import { inflate } from '../../src/image/inflate/inflate.ts';
import { windowBytes } from '../../src/image/inflate/window.ts';
import { atOnce } from '../../src/image/turns.ts';
import { EMPTY_BLOCKS, zlibAfter } from '../bombs/deflate.ts';

const NOISE = Uint8Array.from({ length: 200_000 }, (_, i) => ((i * 7919) ^ (i >> 3) ^ ((i * i) >> 5)) & 255);
const TEXT = Uint8Array.from({ length: 200_000 }, (_, i) => ((i % 977) * (i % 13) + (i >> 12)) & 63);
const DATA = {
  nothing: new Uint8Array(),
  'one byte': Uint8Array.of(7),
  zeros: new Uint8Array(300_000),
  noise: NOISE,
  text: TEXT,
  // A match across the whole window, which has moved past it meanwhile.
  'far matches': Uint8Array.from([...NOISE.subarray(0, 32_768), ...NOISE.subarray(0, 32_768), ...TEXT]),
};
const OPTIONS = {
  stored: { level: 0 },
  fast: { level: 1 },
  best: { level: 9 },
  'fixed codes': { strategy: constants.Z_FIXED },
  'codes only': { strategy: constants.Z_HUFFMAN_ONLY },
  'runs only': { strategy: constants.Z_RLE },
};
const CASES = Object.entries(DATA).flatMap(([name, data]) =>
  Object.entries(OPTIONS).map(([how, options]) => [`${name}, ${how}`, data, options] as const),
);

/** @param needBytes left for the next call, as a reader of rows does. */
function inflated(stream: Uint8Array, partBytes = stream.length, needBytes = 0): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  const nextRange = () => {
    if (at >= stream.length) return undefined;
    at += partBytes;
    return { start: at - partBytes, end: at };
  };
  let left = 0;
  atOnce(
    inflate(stream, nextRange, needBytes, (window, from, to) => {
      const end = Math.max(from, to - needBytes);
      parts.push(window.slice(from, end));
      left = to - end;
      if (left > 0) last = window.slice(end, to);
      return end;
    }),
  );
  return new Uint8Array(Buffer.concat(left > 0 ? [...parts, last] : parts));
}
let last = new Uint8Array();

function lastLengths({ length }: Uint8Array): number[] {
  return Array.from({ length: Math.min(25, length) }, (_, i) => length - 1 - i);
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

describe('an inflater', () => {
  it.each(CASES)('gives back what was deflated: %s', (_, data, options) => {
    const stream = deflateSync(data, options);
    expect(isSame(inflated(stream), data)).toBe(true);
    expect(isSame(inflated(stream, 3), data)).toBe(true);
    expect(isSame(inflated(stream, 1000, 5000), data)).toBe(true);
  });

  it.each(CASES)('gives what comes before an end that is too early: %s', (_, data, options) => {
    const stream = deflateSync(data, options);
    for (const length of [0, 1, 2, 3, stream.length >> 1, ...lastLengths(stream)]) {
      const part = inflated(stream.subarray(0, Math.max(0, length)));
      expect(part.length).toBeLessThanOrEqual(data.length);
      expect(isSame(part, data.subarray(0, part.length))).toBe(true);
    }
    if (data.length > 100) expect(inflated(stream.subarray(0, -8)).length).toBeGreaterThan(data.length / 2);
  });

  it('stops when its reader wants no more', () => {
    let calls = 0;
    const stream = deflateSync(new Uint8Array(10_000_000));
    let isOpen = true;
    const nextRange = () => {
      const range = isOpen ? { start: 0, end: stream.length } : undefined;
      isOpen = false;
      return range;
    };
    atOnce(
      inflate(stream, nextRange, 0, () => {
        calls += 1;
        return -1;
      }),
    );
    expect(calls).toBe(1);
  });

  it('makes its window once for streams that come one after the other', () => {
    const stream = deflateSync(Uint8Array.of(7));
    let made = 0;
    const counted = new Proxy(Uint8Array, {
      construct(target, args) {
        if (typeof args[0] === 'number') made += args[0];
        return Reflect.construct(target, args);
      },
    });
    vi.stubGlobal('Uint8Array', counted);
    const once = () => {
      let next: ByteRange | undefined = { start: 0, end: stream.length };
      const nextRange = () => {
        const only = next;
        next = undefined;
        return only;
      };
      atOnce(inflate(stream, nextRange, 1, () => -1));
    };
    for (let i = 0; i < 100; i++) once();
    vi.unstubAllGlobals();
    expect(made).toBeLessThan(2 * windowBytes(1));
  });

  it('has nothing of the stream before in one that reaches back too far', () => {
    inflated(deflateSync(NOISE));
    // Fixed codes: the letter a, then four bytes from eight back.
    const stream = Uint8Array.of(0x78, 0x01, 0x4b, 0x04, 0xd1, 0x00);
    expect(isSame(inflated(stream), Uint8Array.of(0x61))).toBe(true);
  });

  it.each(Object.entries(EMPTY_BLOCKS))('gives up on %s, without end', (_, piece) => {
    const picture = Uint8Array.of(1, 2, 3);
    expect(isSame(inflated(zlibAfter(piece, 20_000, picture)), picture)).toBe(true);
    expect(inflated(zlibAfter(piece, 8_000_000, picture)).length).toBe(0);
  });

  it('never throws or goes on for long, whatever byte is changed', () => {
    const stream = deflateSync(TEXT.subarray(0, 5000));
    for (let at = 0; at < stream.length; at++) inflated(stream.with(at, (stream[at] ?? 0) ^ (1 << (at % 8))));
  });
});
