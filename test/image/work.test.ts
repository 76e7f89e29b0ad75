/** Pictures that are decoded row by row can be interrupted often, so that other requests are answered meanwhile. */
import { describe, expect, it } from 'vitest';
import { decodeBmp } from '../../src/image/bmp/decode.ts';
import { decodeGif } from '../../src/image/gif/decode.ts';
import type { Pixels } from '../../src/image/pixels.ts';
import { decodePng } from '../../src/image/png/decode.ts';
import type { Work } from '../../src/image/turns.ts';
import { decodeWebp } from '../../src/image/webp/decode.ts';
import { provided } from '../pictures/provided.ts';
import { headerOf } from './stills.ts';

/** The first window of a deflated stream is some 96 KiB, which is 0.43 of the drawn picture's 320×240 in RGB. */
const MOST_PART = 0.45;

function workOn(name: string): Work<Pixels | undefined> {
  const bytes = provided(name);
  const header = headerOf(bytes);
  switch (header.format) {
    case 'png':
      return decodePng(bytes, header, 2);
    case 'gif':
      return decodeGif(bytes, header, 2);
    case 'bmp':
      return decodeBmp(bytes, header, 2);
    case 'webp':
      return decodeWebp(bytes, header, 2);
    default:
      throw new Error(header.format);
  }
}

describe('a decode by rows', () => {
  it.each([
    'crossword.png-rgb8',
    'crossword.gif',
    'crossword.bmp-24',
    'crossword.webp-lossy',
    'crossword.webp-lossless',
  ])('yields parts that make up the whole, none of them large: %s', (name) => {
    const work = workOn(name);
    const parts: number[] = [];
    let next = work.next();
    for (; !next.done; next = work.next()) parts.push(next.value);
    expect(next.value).toBeDefined();
    const sum = parts.reduce((all, part) => all + part, 0);
    expect(sum).toBeLessThanOrEqual(1 + 1e-9);
    // The last part is followed by the return value.
    expect(sum).toBeGreaterThan(1 - MOST_PART);
    expect(Math.max(...parts)).toBeLessThanOrEqual(MOST_PART);
  });
});
