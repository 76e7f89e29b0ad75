import { expect, it } from 'vitest';
import { MAX_SCANS } from '../../src/image/headers/jpeg-scans.ts';
import { sniff } from '../../src/image/sniff.ts';
import { provided } from '../pictures/provided.ts';

/** A JPEG with start-of-scan markers added at its end, where a decoder would go on looking. */
function withScans(name: string, scans: number): Uint8Array {
  const file = provided(name);
  const longer = new Uint8Array(file.byteLength + scans * 2);
  longer.set(file);
  for (let i = 0; i < scans; i++) longer.set([0xff, 0xda], file.byteLength + i * 2);
  return longer;
}

it('refuses a progressive JPEG with more scans than any encoder writes', () => {
  expect(sniff(provided('crossword.jpeg-progressive')).kind).toBe('picture');
  expect(sniff(withScans('crossword.jpeg-progressive', 20)).kind).toBe('picture');
  expect(sniff(withScans('crossword.jpeg-progressive', MAX_SCANS))).toMatchObject({
    kind: 'broken',
    reason: expect.stringContaining(`more than ${MAX_SCANS} scans`),
  });
});

it('does not count in a sequential JPEG, which is decoded once', () => {
  expect(sniff(withScans('crossword.jpeg-420', MAX_SCANS)).kind).toBe('picture');
});
