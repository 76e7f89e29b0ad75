import { describe, expect, it } from 'vitest';
import { readSettings, SettingsError } from '../src/settings.ts';

describe('settings', () => {
  it('are safe by default', () => {
    expect(readSettings({})).toMatchObject({ ALLOW_ANONYMOUS: false, MAX_IMAGE_BYTES: 20 * 1024 * 1024 });
  });

  it('are read from text, as the platform gives them', () => {
    const settings = readSettings({ ALLOW_ANONYMOUS: 'true', MAX_IMAGE_BYTES: '4096', OTHER: {} });
    expect(settings).toMatchObject({ ALLOW_ANONYMOUS: true, MAX_IMAGE_BYTES: 4096 });
  });

  it.each([
    ['ALLOW_ANONYMOUS', 'yes', 'true or false'],
    ['MAX_IMAGE_BYTES', '20MB', 'a whole number of bytes from 1024 to 33554432'],
    ['MAX_IMAGE_BYTES', '', 'a whole number of bytes'],
    ['MAX_IMAGE_BYTES', '0', 'a whole number of bytes'],
    ['MAX_BATCH_ITEMS', '1.5', 'a whole number of pictures'],
    ['WORKERS_AI_MODELS', '@cf/x, @me/parts', 'names of models separated by commas'],
    ['BODY_TIMEOUT_SECONDS', '-1', 'a whole number of seconds from 1 to 300'],
  ])('%s = "%s" is refused with its name and what it should be', (name, value, expected) => {
    expect(() => readSettings({ [name]: value })).toThrow(SettingsError);
    expect(() => readSettings({ [name]: value })).toThrow(`${name} must be ${expected}`);
  });

  it('are all named when several are wrong', () => {
    expect(() => readSettings({ ALLOW_ANONYMOUS: 1, MAX_JSON_BYTES: 'x' })).toThrow(
      /ALLOW_ANONYMOUS.*MAX_JSON_BYTES/,
    );
  });
});
