/** Every seed truncated at each twentieth of its length, and the expected answers. */
import type { Broken } from './broken.ts';
import type { Seed } from './seeds.ts';

const STEP_PERCENT = 5;

/**
 * From which part of the file on there is an answer; files that are not listed get none before the last byte. An
 * animation is complete as soon as its first frame is.
 */
const ANSWERED_FROM_PERCENT: Readonly<Record<string, number>> = {
  'gif-animated': 60,
  // Its directory is before the pixels, and EXIF after them.
  'tiff-turned': 95,
};

export function truncatedFiles(seeds: readonly Seed[]): readonly Broken[] {
  return seeds.flatMap((seed) => {
    const from = ANSWERED_FROM_PERCENT[seed.name] ?? 100;
    return Array.from({ length: 100 / STEP_PERCENT - 1 }, (_, i): Broken => {
      const percent = (i + 1) * STEP_PERCENT;
      const bytes = seed.bytes.slice(0, Math.floor((seed.bytes.length * percent) / 100));
      const expected = percent >= from ? 'answered' : 'image_unreadable';
      return { name: `${percent} % of ${seed.name}`, bytes, expected };
    });
  });
}
