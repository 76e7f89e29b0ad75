import { expect, it } from 'vitest';
import { MAX_SCANS } from '../../src/image/headers/jpeg-scans.ts';
import { sniff } from '../../src/image/sniff.ts';
import { provided } from '../pictures/provided.ts';
import { bytesOf, segment } from './headers.ts';

/** A scan header with one component and no data. */
const SCAN = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
const EOI_BYTES = 2;

/** A JPEG with scans added before its end. */
function withScans(name: string, scans: number): Uint8Array {
  const file = provided(name);
  const end = file.byteLength - EOI_BYTES;
  return bytesOf(file.subarray(0, end), ...Array.from({ length: scans }, () => SCAN), file.subarray(end));
}

it('refuses a progressive JPEG with more scans than any encoder writes', () => {
  expect(sniff(provided('crossword.jpeg-progressive')).kind).toBe('picture');
  expect(sniff(withScans('crossword.jpeg-progressive', 20)).kind).toBe('picture');
  expect(sniff(withScans('crossword.jpeg-progressive', MAX_SCANS))).toMatchObject({
    kind: 'broken',
    reason: expect.stringContaining(`more than ${MAX_SCANS} scans`),
  });
});

it('does not count what is no scan: in a segment, behind the end, or where one scan has everything', () => {
  const file = provided('crossword.jpeg-progressive');
  const profile = segment(0xe2, Array.from({ length: 10_000 }, () => [0xff, 0xda]).flat());
  const [start, rest] = [file.subarray(0, 2), file.subarray(2)];
  expect(sniff(bytesOf(start, profile, rest)).kind).toBe('picture');
  expect(sniff(bytesOf(file, ...Array.from({ length: 10_000 }, () => SCAN))).kind).toBe('picture');
  expect(sniff(withScans('crossword.jpeg-420', MAX_SCANS)).kind).toBe('picture');
});
