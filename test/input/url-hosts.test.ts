/** The valid entries of the URL_HOSTS setting. What an entry allows is in `test/http/url.test.ts`. */
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/settings.ts';

describe('URL_HOSTS', () => {
  it.each([
    'https://example.com',
    'example.com/path',
    'user@example.com',
    'example.com:port',
    'example.com:65536',
    'example.com:',
    'example.*',
    'example.*:443',
    '*.*',
    '*bücher.example',
    'exa mple.com',
    '[::1',
    'example.com?',
    'example.com#',
    'example.com\\',
    '256.1.1.1',
  ])('refuses "%s" with what it should be', (entry) => {
    expect(() => readSettings({ URL_HOSTS: `photos.test,${entry}` })).toThrow(
      'URL_HOSTS must be hosts separated by commas',
    );
  });

  it.each([
    ['EXAMPLE.com.', 'example.com'],
    ['*.example.com', '*.example.com'],
    ['img-*.example.com', 'img-*.example.com'],
    ['*', '*'],
    ['*:8443', '*:8443'],
    ['*.bücher.example', '*.xn--bcher-kva.example'],
    ['[2606:4700:0::1111]:8443', '[2606:4700::1111]:8443'],
    ['1.1.1.1', '1.1.1.1'],
    ['example.com:443', 'example.com:443'],
  ])('reads "%s" as %s', (entry, text) => {
    expect(readSettings({ URL_HOSTS: entry }).URL_HOSTS.map((pattern) => pattern.text)).toEqual([text]);
  });

  it.each(['0', '61', 'ten'])('URL_TIMEOUT_SECONDS is not %s', (value) => {
    expect(() => readSettings({ URL_TIMEOUT_SECONDS: value })).toThrow(
      'URL_TIMEOUT_SECONDS must be a whole number of seconds from 1 to 60',
    );
  });
});

describe('a pattern', () => {
  function matches(pattern: string, host: string): boolean {
    const [parsed] = readSettings({ URL_HOSTS: pattern }).URL_HOSTS;
    return parsed?.matches(host) ?? false;
  }

  it.each([
    ['example.com', 'example.com', true],
    ['example.com', 'www.example.com', false],
    ['*.example.com', 'a.b.example.com', true],
    ['*.example.com', 'example.com', false],
    ['*.example.com', '.example.com', true],
    ['a*b*.example.com', 'ab.example.com', true],
    ['a*b*.example.com', 'a-b-c.example.com', true],
    ['a*b*.example.com', 'a-c.example.com', false],
    // The parts may not overlap: a single a cannot be both.
    ['a*a.example.com', 'a.example.com', false],
    ['a*a.example.com', 'aa.example.com', true],
    ['*b*b*.example.com', 'b.example.com', false],
    ['*', 'anything.at.all', true],
  ])('%s and %s: %s', (pattern, host, expected) => {
    expect(matches(pattern, host)).toBe(expected);
  });

  it('of many stars is compared without going back', () => {
    const pattern = `${'*a'.repeat(60)}.example.com`;
    expect(matches(pattern, `${'a'.repeat(200)}b.example.com`)).toBe(false);
    expect(matches(pattern, `${'a'.repeat(59)}.example.com`)).toBe(false);
    expect(matches(pattern, `${'a'.repeat(60)}.example.com`)).toBe(true);
  });
});
