import { describe, expect, it } from 'vitest';
import { decodeBase64 } from '../../src/input/base64.ts';

/** More than is decoded at a time, with every byte value. */
const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31 + (i >> 8)) % 256);
const base64 = bytes.toBase64();

describe('base64 that has to be translated', () => {
  it.each([
    ['of the URL alphabet', bytes.toBase64({ alphabet: 'base64url' })],
    ['without padding', bytes.toBase64({ alphabet: 'base64url', omitPadding: true })],
    ['in lines', base64.replaceAll('/', '_').replace(/.{75}/g, '$&\r\n')],
    ['percent-encoded', `data:image/png;base64,${encodeURIComponent(base64)}`],
    ['percent-encoded to the last letter', `data:;base64,${base64.replace(/./g, escaped)}`],
    ['percent-encoded without base64', `data:,${bytes.toHex().replace(/../g, '%$&')}`],
  ])('%s', (_, text) => {
    expect(decodeBase64(text, 'image')).toEqual({ ok: true, value: bytes });
  });

  it.each([
    '',
    '=',
    'A',
    'AAAA=AAA',
    'AA-A!',
    'data:;base64,',
    'data:;base64,%2',
    'data:;base64,%FF%FE',
    'data:,%2',
    'data:,%zz',
    'data:,ü€',
    '-'.repeat(65_537),
    `${'-A'.repeat(40_000)}=AAAA`,
  ])('refuses what is none (case %#)', (text) => {
    expect(decodeBase64(text, 'image')).toEqual({
      ok: false,
      failure: { code: 'base64_invalid', field: 'image' },
    });
  });
});

function escaped(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
