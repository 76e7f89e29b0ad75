/** What zlib has deflated, in every way that it can. */
import { constants, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { inflate } from '../../src/image/inflate/inflate.ts';

const NOISE = Uint8Array.from({ length: 200_000 }, (_, i) => ((i * 7919) ^ (i >> 3) ^ ((i * i) >> 5)) & 255);
const TEXT = Uint8Array.from({ length: 200_000 }, (_, i) => ((i % 977) * (i % 13) + (i >> 12)) & 63);
const DATA = {
  nothing: new Uint8Array(),
  'one byte': Uint8Array.of(7),
  zeros: new Uint8Array(300_000),
  noise: NOISE,
  text: TEXT,
  // A match over the whole window, which the window has moved past meanwhile.
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

/** @param needBytes are left for the next time, as a reader of rows does. */
function inflated(stream: Uint8Array, partBytes = stream.length, needBytes = 0): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  const nextRange = () => {
    if (at >= stream.length) return undefined;
    at += partBytes;
    return { start: at - partBytes, end: at };
  };
  let left = 0;
  inflate(stream, nextRange, needBytes, (window, from, to) => {
    const end = Math.max(from, to - needBytes);
    parts.push(window.slice(from, end));
    left = to - end;
    if (left > 0) last = window.slice(end, to);
    return end;
  });
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
    inflate(stream, nextRange, 0, () => {
      calls += 1;
      return -1;
    });
    expect(calls).toBe(1);
  });

  it('never throws or goes on for long, whatever byte is changed', () => {
    const stream = deflateSync(TEXT.subarray(0, 5000));
    for (let at = 0; at < stream.length; at++) inflated(stream.with(at, (stream[at] ?? 0) ^ (1 << (at % 8))));
  });
});
