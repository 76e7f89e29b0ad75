/** The parts of a file that a decoder gets: enough to decode it, and nothing else. */
import { describe, expect, it } from 'vitest';
import { partsOf } from '../../src/image/parts/parts.ts';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { sniff } from '../../src/image/sniff.ts';
import { provided, providedNames } from '../pictures/provided.ts';
import { decoder } from '../service.ts';
import { bytesOf } from './headers.ts';
import { headerOf } from './stills.ts';

function joined(bytes: Uint8Array): Uint8Array {
  return bytesOf(...partsOf(bytes, headerOf(bytes)));
}

const FORMATS = ['jpeg', 'png', 'gif', 'webp'];
const names = providedNames().filter(
  (name) =>
    FORMATS.some((format) => name.includes(format)) &&
    !name.endsWith(', decoded') &&
    !name.startsWith('tiff'),
);

describe('the parts of a file', () => {
  it.each(names)('make the same picture: %s', (name) => {
    const bytes = provided(name);
    const { space: _, ...stated } = headerOf(bytes);
    const { space, ...made } = headerOf(joined(bytes));
    expect(space).toBeUndefined();
    // EXIF and previews are read before, and are not included.
    const same = { orientation: 1, previews: [], animated: false, entries: 0, scans: undefined };
    expect({ ...made, ...same }).toEqual({ ...stated, ...same });
  });

  it.each(names)('of its parts are all of them: %s', (name) => {
    const bytes = joined(provided(name));
    expect(joined(bytes)).toEqual(bytes);
  });

  it('have a size where the file has none: a GIF without a screen', async () => {
    const file = provided('crossword.gif').slice();
    file.fill(0, 6, 10);
    const plan = planFor(file);
    if (!plan.ok) throw new Error(plan.failure.code);
    expect(await prepare(plan.value, decoder)).toMatchObject({ value: { decoder: 'photon' } });
    expect(joined(file)).toEqual(joined(provided('crossword.gif')));
  });

  it('are few where a file alternates between what is kept and what is not', () => {
    const comment = [0xff, 0xfe, 0, 2];
    const table = [0xff, 0xdd, 0, 4, 0, 0];
    const file = provided('crossword.jpeg-420');
    const pairs = Array.from({ length: 100_000 }, () => [...comment, ...table]).flat();
    const long = bytesOf(file.subarray(0, 2), pairs, file.subarray(2));
    expect(sniff(long).kind).toBe('broken');
    expect(partsOf(long, headerOf(file)).length).toBeLessThan(10_010);
  });
});
