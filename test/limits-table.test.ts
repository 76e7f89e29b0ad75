/** The table of kinds in docs/pictures.md must agree with the table of ways. */
import { expect, it } from 'vitest';
import pictures from '../docs/pictures.md?raw';
import { areaLimits, waysByKind } from '../src/image/ways/limits.ts';

const TABLE_HEAD = '| in `/v1/limits` |';

/** Kind, megapixels and ways of each row. */
function rows(): (readonly [kind: string, megapixels: string, ways: string])[] {
  const table = pictures.slice(pictures.indexOf(TABLE_HEAD)).split('\n\n')[0] ?? '';
  return [...table.matchAll(/^\| `([a-z0-9_]+)` \| .+? \| (.+?) \| (.+?) \|$/gm)].map(
    ([, kind = '', shown = '', ways = '']) => [kind, shown, ways],
  );
}

/** Rounded down, because what is promised must fit. */
function megapixels(pixels: number): string {
  return (Math.floor(pixels / 1e5) / 10).toFixed(1);
}

it('lists every kind with its limit and its ways, in order, and no other', () => {
  const ways = waysByKind();
  const wanted = Object.entries(areaLimits()).map(([kind, pixels]) => [
    kind,
    megapixels(pixels),
    (ways[kind] ?? []).map((way) => `\`${way}\``).join(', '),
  ]);
  const lines = wanted.map((row) => row.join(' | ')).join('\n');
  expect(rows(), `The table "How large" in docs/pictures.md must have these:\n${lines}\n`).toEqual(wanted);
});
