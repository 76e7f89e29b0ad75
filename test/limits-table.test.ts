/** The README's table of the largest pictures, held to what the code says. */
import { expect, it } from 'vitest';
import readme from '../README.md?raw';
import { areaLimits } from '../src/image/ways/limits.ts';

const TABLE_HEAD = '| in `/v1/limits` |';

/** Kind and megapixels of each row. */
function rows(): (readonly [kind: string, megapixels: string])[] {
  const table = readme.slice(readme.indexOf(TABLE_HEAD)).split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| `([a-z0-9_]+)` \| .+? \| (.+?) \|$/gm)].map(([, kind = '', shown = '']) => [
    kind,
    shown,
  ]);
}

/** Rounded down: what the README promises must fit. */
function megapixels(pixels: number): string {
  return (Math.floor(pixels / 1e5) / 10).toFixed(1);
}

it('lists every kind with its limit, in order, and no other', () => {
  const limits = Object.entries(areaLimits()).map(([kind, pixels]) => [kind, megapixels(pixels)]);
  const advice = 'The table under "Limits" in README.md must have these kinds and megapixels, rounded down:';
  const wanted = limits.map(([kind, shown]) => `${kind} ${shown}`).join(', ');
  expect(rows(), `${advice} ${wanted}.`).toEqual(limits);
});
