/**
 * Attacks on the guard of URL input, each used directly and as the target of a redirect.
 *
 * Every host is allowed, so that only the address checks can refuse; and every host answers with a picture, so that
 * only a check can prevent an answer.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import type { FailureCode } from '../../src/failure.ts';
import { createInFlight } from '../../src/input/in-flight.ts';
import { createImageFetch } from '../../src/input/url/fetch.ts';
import { parseHostPattern } from '../../src/input/url/hosts.ts';
import { REFUSED } from './url-attacks.ts';

function hosts(...entries: readonly string[]) {
  return entries.map((entry) => {
    const pattern = parseHostPattern(entry);
    if (pattern === undefined) throw new Error(`${entry} is no host`);
    return pattern;
  });
}

const MAX_BYTES = 1024 * 1024;
const EVERY_PORT = ['*', '*:81', '*:22', '*:8080', '*:8443', '*:8787'];
const anyHost = createImageFetch({
  hosts: hosts(...EVERY_PORT),
  allowHttp: true,
  maxBytes: MAX_BYTES,
  timeoutSeconds: 10,
});

const hold = createInFlight(64 * MAX_BYTES, 60_000).open();

async function outcome(url: string, fetchImage = anyHost): Promise<FailureCode | 'fetched'> {
  const result = await fetchImage(url, hold);
  return result.ok ? 'fetched' : result.failure.code;
}

async function asked(): Promise<string[]> {
  return (await fetch('http://witness.test/asked')).json();
}

beforeEach(asked);

describe('attacks, every host allowed', () => {
  it.each(REFUSED)('%s: %j (%s)', async (code, url) => {
    expect(await outcome(url)).toBe(code);
    expect(await asked()).toEqual([]);
  });

  it.each([
    ['photo.jpg', 'no base to be relative to'],
    ['//photos.test/photo.jpg', 'no scheme'],
    ['', 'nothing'],
    ['https://photos.test/'.padEnd(8001, 'a'), 'more than 8000 characters'],
    [`https://${'a.'.repeat(150)}test/`, 'a longer name than there can be'],
  ])('url_invalid: %.40s (%s)', async (url) => {
    expect(await outcome(url)).toBe('url_invalid');
  });
});

describe('the same, one hop later', () => {
  it.each(REFUSED)('%s: %j (%s)', async (code, url) => {
    const start = `https://photos.test/to/302?${encodeURIComponent(headerText(url))}`;
    const result = await anyHost(start, hold);
    // A redirect to something that is not a URL is the origin's fault, not the caller's.
    const expected = code === 'url_invalid' ? { code: 'url_fetch_failed' } : { code, redirected: true };
    expect(result).toMatchObject({ ok: false, failure: expected });
    expect(await asked()).toEqual([start]);
  });

  it.each([301, 302, 303, 307, 308])('whatever kind of redirect: %d', async (status) => {
    expect(await outcome(`https://photos.test/to/${status}?http://127.0.0.1/photo.jpg`)).toBe(
      'url_address_refused',
    );
  });

  it.each([1, 2, 3])('after %d good hops', async (good) => {
    const chain = nested(good, 'http://169.254.169.254/photo.jpg');
    expect(await outcome(chain)).toBe('url_address_refused');
    expect(await asked()).toHaveLength(good);
  });

  it.each([
    ['//127.0.0.1/photo.jpg', 'url_address_refused'],
    ['\\\\127.0.0.1\\photo.jpg', 'url_address_refused'],
    ['///127.0.0.1/photo.jpg', 'url_address_refused'],
    ['/photo.jpg', 'fetched'],
    ['../../photo.jpg', 'fetched'],
    ['https:/photo.jpg', 'fetched'],
  ])('a relative reference, %j: %s', async (location, expected) => {
    expect(await outcome(`https://photos.test/to/302?${encodeURIComponent(location)}`)).toBe(expected);
  });
});

describe('what is fetched', () => {
  it.each([
    'https://photos.test/photo.jpg',
    'https://PHOTOS.test:443/photo.jpg#part',
    'https://photos.test./photo.jpg',
    'http://photos.test/photo.jpg',
    'https://photos.test:8443/photo.jpg',
    'https://bücher.example/photo.jpg',
    'https://a.b.c.photos.test/photo.jpg',
    'https://localhost.photos.test/photo.jpg',
    'https://internal.example.com/photo.jpg',
    'https://1.1.1.1/photo.jpg',
    'https://9.255.255.255/photo.jpg',
    'https://11.0.0.0/photo.jpg',
    'https://100.63.255.255/photo.jpg',
    'https://100.128.0.0/photo.jpg',
    'https://126.255.255.255/photo.jpg',
    'https://128.0.0.0/photo.jpg',
    'https://169.253.255.255/photo.jpg',
    'https://172.15.255.255/photo.jpg',
    'https://172.32.0.0/photo.jpg',
    'https://192.167.255.255/photo.jpg',
    'https://198.17.255.255/photo.jpg',
    'https://198.20.0.0/photo.jpg',
    'https://223.255.255.255/photo.jpg',
    'https://[2606:4700::1111]/photo.jpg',
    'https://[2001:200::1]/photo.jpg',
    'https://[2001:4860:4860::8888]/photo.jpg',
    'https://[2a00:1450::1]/photo.jpg',
    'https://[3ffe::1]/photo.jpg',
  ])('%s', async (url) => {
    expect(await outcome(url)).toBe('fetched');
  });
});

describe('http', () => {
  const httpsOnly = createImageFetch({
    hosts: hosts('*'),
    allowHttp: false,
    maxBytes: MAX_BYTES,
    timeoutSeconds: 10,
  });

  it('is refused unless it is allowed, also as a hop', async () => {
    expect(await outcome('http://photos.test/photo.jpg', httpsOnly)).toBe('url_scheme_not_allowed');
    const downgrade = 'https://photos.test/to/302?http://photos.test/photo.jpg';
    expect(await outcome(downgrade, httpsOnly)).toBe('url_scheme_not_allowed');
    expect(await outcome('https://photos.test/photo.jpg', httpsOnly)).toBe('fetched');
  });
});

/** A chain of redirects, each in the query of the one before. */
function nested(hops: number, end: string): string {
  return hops === 0 ? end : `https://photos.test/to/302?${encodeURIComponent(nested(hops - 1, end))}`;
}

/**
 * As a header carries it: no line breaks, and other characters as percent-encoded bytes, which the parser reads alike.
 */
function headerText(url: string): string {
  return url
    .replace(/[\t\n]/g, '')
    .replace('\u0000', '%00')
    .replace(/[^ -~]+/gu, (text) => encodeURIComponent(text));
}
