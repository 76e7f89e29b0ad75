import { expect, it } from 'vitest';
import { withCallersAddress } from '../../src/self-hosting/callers-address.ts';

/** @param peer the other end of the connection, as workerd writes it. */
function addressOf(
  peer: string | undefined,
  headers: Record<string, string>,
  header?: string,
): string | null {
  const cf = peer === undefined ? {} : { clientIp: peer };
  const request = new Request('http://localhost/', { headers, cf });
  return withCallersAddress(request, header).headers.get('cf-connecting-ip');
}

it.each([
  ['192.0.2.1:53394', '192.0.2.1'],
  ['[2001:db8::1]:53394', '2001:db8::1'],
  ['[::ffff:192.0.2.1]:53394', '::ffff:192.0.2.1'],
])('takes %s for %s', (peer, address) => {
  expect(addressOf(peer, {})).toBe(address);
});

it('believes no caller', () => {
  const made = { 'cf-connecting-ip': '203.0.113.1', 'x-forwarded-for': '203.0.113.2' };
  expect(addressOf('192.0.2.1:53394', made)).toBe('192.0.2.1');
  expect(addressOf(undefined, made)).toBe(null);
});

it('believes the last that the proxy says, and only in its header', () => {
  const headers = { 'x-forwarded-for': '203.0.113.2, 192.0.2.7', 'x-real-ip': '2001:db8::2' };
  expect(addressOf('127.0.0.1:53394', headers, 'x-forwarded-for')).toBe('192.0.2.7');
  expect(addressOf('127.0.0.1:53394', headers, 'x-real-ip')).toBe('2001:db8::2');
  expect(addressOf('127.0.0.1:53394', { 'cf-connecting-ip': '203.0.113.1' }, 'x-real-ip')).toBe(null);
});

it('leaves the rest of a request as it is', async () => {
  const given = new Request('http://localhost/a?b=c', { method: 'POST', body: 'd', headers: { e: 'f' } });
  const made = withCallersAddress(given, undefined);
  const found = [made.method, made.url, made.headers.get('e'), await made.text()];
  expect(found).toEqual(['POST', 'http://localhost/a?b=c', 'f', 'd']);
});
