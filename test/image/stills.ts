/** Tests that hold for every header, whatever the format. */
import { expect, it } from 'vitest';
import type { ImageHeader } from '../../src/image/header.ts';
import { sniff } from '../../src/image/sniff.ts';
import { bytesOf } from './headers.ts';

/** A picture whose last byte is the last that its header needs, and the expected header. */
export type Still = readonly [name: string, bytes: Uint8Array, expected: Readonly<Record<string, unknown>>];

export function headerOf(bytes: Uint8Array): ImageHeader {
  const sniffed = sniff(bytes);
  if (sniffed.kind !== 'picture') throw new Error(JSON.stringify(sniffed));
  return sniffed.header;
}

/** Adds the tests that every format must pass. */
export function checkStills(stills: readonly Still[]): void {
  it.each(stills)('reads the header: %s', (_, bytes, expected) => {
    expect(headerOf(bytes)).toMatchObject({ animated: false, orientation: 1, ...expected });
  });

  it.each(stills)('never takes a part of a header for a picture: %s', (_, bytes) => {
    for (let length = 0; length < bytes.length; length++) {
      expect(sniff(bytes.slice(0, length)).kind).not.toBe('picture');
    }
  });

  it.each(stills)('reads in place, anywhere in a buffer: %s', (_, bytes) => {
    const padded = bytesOf([0xff, 0xd8, 0xff], bytes, [0x2c, 0xff]);
    expect(sniff(padded.subarray(3, 3 + bytes.length))).toEqual(sniff(bytes));
  });

  it.each(stills)(
    'never throws, and never reports an empty picture, whatever byte is changed: %s',
    (_, bytes) => {
      for (let at = 0; at < bytes.length; at++) {
        for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
          const sniffed = sniff(bytes.with(at, value));
          if (sniffed.kind !== 'picture') continue;
          expect(Math.min(sniffed.header.width, sniffed.header.height)).toBeGreaterThan(0);
        }
      }
    },
  );
}
