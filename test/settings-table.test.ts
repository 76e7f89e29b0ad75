/** The table of docs/settings.md must agree with the settings. */
import { expect, it } from 'vitest';
import page from '../docs/settings.md?raw';
import { readSettings, settingsSchema } from '../src/settings.ts';

/** Name and default of each row whose first cell looks like a setting. */
const rows = [...page.matchAll(/^\| `([A-Z][A-Z_]+)` \| (.+?) \|/gm)].map(([, name, shown]) => [name, shown]);

const defaults: Readonly<Record<string, unknown>> = readSettings({});

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : `\`${value.join(',')}\``;
  return typeof value === 'number' ? String(value) : `\`${value}\``;
}

it('lists every setting with its default, in order, and no other', () => {
  expect(rows).toEqual(Object.keys(settingsSchema.shape).map((name) => [name, shown(defaults[name])]));
});
