/** The parts of a file that a decoder gets: enough to decode it, and nothing else. */
import { describe, expect, it } from 'vitest';
import { partsOf } from '../../src/image/parts/parts.ts';
import { planFor, prepare } from '../../src/image/prepare.ts';
import { sniff } from '../../src/image/sniff.ts';
import { provided, providedNames } from '../pictures/provided.ts';
import { decoder } from '../service.ts';
import { bytesOf, frame, SOI, segment } from './headers.ts';
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

/** A grey JPEG of 20×30 pixels, 12 blocks, whose scan has a byte before each of so many restart markers. */
function withRestarts(count: number): Uint8Array {
  const pieces = Array.from({ length: count }, (_, i) => [0, 0xff, 0xd0 + (i & 7)]).flat();
  const [head, table] = [
    frame({ width: 20, height: 30, factors: [0x11], marker: 0xc9 }),
    segment(0xdd, [0, 1]),
  ];
  return bytesOf(SOI, head, table, segment(0xda, [1, 1, 0, 0, 63, 0]), pieces, [5, 0xff, 0xd9]);
}

/** Of a picture of 20 pixels by 30: it has more rows than blocks, and a lossless scan may restart after each. */
const MOST_RESTARTS = 30;

describe('the parts of a file', () => {
  it.each([0, 1, MOST_RESTARTS])('have all restart markers that a scan can have: %i', (count) => {
    const file = withRestarts(count);
    expect(joined(file)).toEqual(file);
  });

  it('end before a restart marker that a scan cannot have', () => {
    const end = Uint8Array.of(0xff, 0xd9);
    const whole = withRestarts(MOST_RESTARTS);
    const most = whole.subarray(0, whole.length - 3);
    for (const count of [MOST_RESTARTS + 1, 10_000])
      expect(joined(withRestarts(count))).toEqual(bytesOf(most, [0], end));
  });

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
