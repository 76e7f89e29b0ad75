/** The examples in .dev.vars.example must be valid settings. */
import { expect, it } from 'vitest';
import example from '../.dev.vars.example?raw';
import { readSettings, settingsSchema } from '../src/settings.ts';

it('has settings that there are, with values that fit', () => {
  const lines = [...example.matchAll(/^# ([A-Z_]+)="(.*)"$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  expect(lines.length).toBeGreaterThan(0);
  for (const [name] of lines) expect(Object.keys(settingsSchema.shape)).toContain(name);
  expect(() => readSettings(Object.fromEntries(lines))).not.toThrow();
});
