/** WebP decoded row by row, compared with libwebp's pixels of the same files. */
import { describe, expect, it } from 'vitest';
import type { WebpHeader } from '../../src/image/header.ts';
import { fourCC, viewOf } from '../../src/image/headers/bytes.ts';
import type { Shrink } from '../../src/image/shrink.ts';
import { atOnce } from '../../src/image/turns.ts';
import { decodeWebp } from '../../src/image/webp/decode.ts';
import { hasTooManyGroups } from '../../src/image/webp/groups.ts';
import { decodeVp8l } from '../../src/image/webp/lossless/vp8l.ts';
import { WEBP_BOMBS } from '../bombs/webp.ts';
import { provided, providedNames } from '../pictures/provided.ts';
import { headerOf } from './stills.ts';
import { planesOf, upsampled } from './webp-planes.ts';

const FILES = providedNames().filter((name) => name.startsWith('webp ') && !name.endsWith(', decoded'));
const LOSSY = FILES.filter((name) => name.startsWith('webp lossy'));
const ALPHA = FILES.filter((name) => name.startsWith('webp alpha'));
const LOSSLESS = FILES.filter((name) => name.startsWith('webp lossless'));

function webpHeaderOf(bytes: Uint8Array): WebpHeader {
  const header = headerOf(bytes);
  if (header.format !== 'webp') throw new Error(header.format);
  return header;
}

function payloadOf(bytes: Uint8Array, name: string): Uint8Array {
  const view = viewOf(bytes);
  let at = 12;
  while (view.getUint32(at) !== fourCC(name))
    at += 8 + view.getUint32(at + 4, true) + (view.getUint32(at + 4, true) % 2);
  return bytes.subarray(at + 8, at + 8 + view.getUint32(at + 4, true));
}

/** libwebp's pixels on white, as means of squares, not rounded. */
function reference(name: string, by: Shrink): { width: number; height: number; data: number[] } {
  const { width, height } = webpHeaderOf(provided(name));
  const rgba = provided(`${name}, decoded`);
  const small = { width: Math.ceil(width / by), height: Math.ceil(height / by) };
  const data: number[] = [];
  for (let i = 0; i < small.width * small.height; i++) {
    const [left, top] = [(i % small.width) * by, Math.floor(i / small.width) * by];
    const [right, bottom] = [Math.min(left + by, width), Math.min(top + by, height)];
    for (let c = 0; c < 3; c++) {
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) {
          const at = (y * width + x) * 4;
          const alpha = (rgba[at + 3] ?? 0) / 255;
          sum += (rgba[at + c] ?? 0) * alpha + 255 * (1 - alpha);
        }
      }
      data.push(sum / ((right - left) * (bottom - top)));
    }
  }
  return { ...small, data };
}

/** Index of the first byte that differs; -1 if none. */
function firstDifference(one: Uint8Array, other: Uint8Array): number {
  return one.length === other.length ? one.findIndex((byte, i) => byte !== other[i]) : 0;
}

/** Mean and largest difference of the colours, 0–255. */
function differences(name: string, by: Shrink): { mean: number; most: number } {
  const bytes = provided(name);
  const header = webpHeaderOf(bytes);
  const pixels = atOnce(decodeWebp(bytes, header, by));
  if (pixels === undefined) throw new Error('not decoded');
  const { data, ...size } = reference(name, by);
  const extent = { width: header.width / by, height: header.height / by };
  expect(pixels).toMatchObject({ ...size, extent, layout: { bytesPerPixel: 3 } });
  expect(pixels.data.length).toBe(data.length);
  const misses = data.map((value, i) => Math.abs(value - (pixels.data[i] ?? 0)));
  return {
    mean: misses.reduce((sum, miss) => sum + miss, 0) / misses.length,
    most: misses.reduce((most, miss) => Math.max(most, miss), 0),
  };
}

describe('a lossy WebP', () => {
  it.each(LOSSY)('has the very samples that libwebp has: %s', (name) => {
    const bytes = provided(name);
    const rgba = provided(`${name}, decoded`);
    const planes = planesOf(payloadOf(bytes, 'VP8 '), webpHeaderOf(bytes));
    const rgb = rgba.filter((_, i) => i % 4 !== 3);
    expect(firstDifference(upsampled(planes), rgb)).toBe(-1);
  });

  it.each(LOSSY)('is made smaller as its pixels would be: %s', (name) => {
    expect(differences(name, 1).mean).toBeLessThan(0.5);
    // libwebp rounds the chroma before it computes colours.
    expect(differences(name, 1).most).toBeLessThan(2.5);
    for (const by of [2, 4, 8] as const) {
      expect(differences(name, by).mean).toBeLessThan(1);
    }
  });

  it.each(ALPHA)('is put on white where it is transparent: %s', (name) => {
    for (const by of [1, 2, 4, 8] as const) expect(differences(name, by).mean).toBeLessThan(1);
    expect(differences(name, 1).most).toBeLessThan(3);
  });
});

describe('a lossless WebP', () => {
  it.each(LOSSLESS)('has the very pixels that libwebp has: %s', (name) => {
    const bytes = provided(name);
    const header = webpHeaderOf(bytes);
    const rgba = provided(`${name}, decoded`);
    const rows = decodeVp8l(payloadOf(bytes, 'VP8L'), header);
    const decoded = new Uint8Array(rgba.length);
    const view = viewOf(decoded);
    for (let at = 0; at < rgba.length; ) {
      const row = rows?.next();
      if (row === undefined) throw new Error('not decoded');
      for (const argb of row) {
        view.setUint32(at, (argb << 8) | (argb >>> 24));
        at += 4;
      }
    }
    expect(firstDifference(decoded, rgba)).toBe(-1);
  });

  it.each(LOSSLESS)('is made smaller as its pixels would be: %s', (name) => {
    // Only the rounding of each mean remains.
    for (const by of [1, 2, 4, 8] as const) expect(differences(name, by).most).toBeLessThanOrEqual(0.5001);
  });
});

describe('a broken WebP', () => {
  const SMALL = ['crossword.webp-lossy', 'crossword.webp-alpha', 'crossword.webp-lossless'];

  it.each(SMALL)('is not taken where it ends early: %s', (name) => {
    const bytes = provided(name);
    const header = webpHeaderOf(bytes);
    for (let length = 12; length < bytes.length - 8; length += 101) {
      expect(atOnce(decodeWebp(bytes.subarray(0, length), header, 1))).toBeUndefined();
    }
  });

  it.each(SMALL)('is not taken for a picture of another size than the account has seen: %s', (name) => {
    const bytes = provided(name);
    const header = webpHeaderOf(bytes);
    expect(atOnce(decodeWebp(bytes, { ...header, width: header.width - 1 }, 1))).toBeUndefined();
    expect(atOnce(decodeWebp(bytes, { ...header, height: header.height + 1 }, 1))).toBeUndefined();
  });

  it.each(SMALL)('never makes it throw or go on for long, whatever byte is changed: %s', (name) => {
    const bytes = provided(name);
    const header = webpHeaderOf(bytes);
    for (let i = 0; i < 200; i++) {
      // Each of the first bytes, because everything depends on them, then some of all others.
      const at = i < 120 ? 20 + i : 140 + Math.floor(((bytes.length - 140) * (i - 120)) / 80);
      const pixels = atOnce(decodeWebp(bytes.with(at, (bytes[at] ?? 0) ^ (1 << (i % 8))), header, 2));
      if (pixels !== undefined) expect(pixels).toMatchObject({ width: 160, height: 120 });
    }
  });
});

describe('groups of prefix codes', () => {
  it.each(['crossword.webp-lossless', 'crossword.webp-lossy'])('are few in %s', (name) => {
    const bytes = provided(name);
    expect(hasTooManyGroups(bytes, webpHeaderOf(bytes))).toBe(false);
  });

  it.each([4096, 65_536])('are counted without their codes: %i', async (count) => {
    const bomb = WEBP_BOMBS.find(({ name }) => name === 'WebP: groups of one symbol');
    const bytes = await bomb?.make(count);
    if (bytes === undefined) expect.fail('there is no such bomb');
    expect(hasTooManyGroups(bytes, webpHeaderOf(bytes))).toBe(count > 4096);
  });
});
