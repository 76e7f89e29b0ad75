import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { clientNetwork } from '../../src/http/address.ts';
import { KEY_FAILURES_SECONDS } from '../../src/http/auth.ts';
import { readSettings } from '../../src/settings.ts';
import wrangler from '../../wrangler.toml?raw';
import { bearer, stored } from '../keys.ts';
import { service } from '../service.ts';

const KEY = 'mne_a-key';
const app = service({ API_KEYS: await stored('partner', KEY) });

/** Costs nothing: the guarded route answers 400 to a request without a body. */
function ask(headers: Record<string, string>, bindings: object = env) {
  return app.request('/v1/classify', { method: 'POST', headers }, bindings);
}

/** Repeats the request until it is refused; a period may end meanwhile, so at most twice the limit. */
async function askUntilRefused(headers: Record<string, string>): Promise<Response> {
  const { RATE_LIMIT_REQUESTS } = readSettings({});
  for (let asked = 0; asked <= 2 * RATE_LIMIT_REQUESTS; asked++) {
    const response = await ask(headers);
    if (response.status === 429) return response;
    expect(response.status).toBe(400);
  }
  throw new Error('never refused');
}

describe('the rate limit', () => {
  it('refuses callers over the limit, by address, and no others', async () => {
    const refused = await askUntilRefused({ 'cf-connecting-ip': '2001:db8:1:2::7' });
    expect(refused.headers.get('retry-after')).toBe('60');
    const { code, detail } = await refused.json<{ code: string; detail: string }>();
    expect(code).toBe('rate_limited');
    expect(detail).toContain('100 requests in 60 seconds');
    expect((await ask({ 'cf-connecting-ip': '2001:db8:1:2:ffff::1' })).status).toBe(429);
    expect((await ask({ 'cf-connecting-ip': '2001:db8:1:3::7' })).status).toBe(400);
    expect((await ask({ 'cf-connecting-ip': '2001:db8:1:2::7', ...bearer(KEY) })).status).toBe(400);
  });

  it('goes by key wherever the key is used', async () => {
    const asked: string[] = [];
    const counting = {
      RATE_LIMIT: {
        limit: async ({ key }: { key: string }) => {
          asked.push(key);
          return { success: true };
        },
      },
    };
    await ask({ ...bearer(KEY), 'cf-connecting-ip': '192.0.2.1' }, counting);
    await ask({ ...bearer(KEY), 'cf-connecting-ip': '192.0.2.2' }, counting);
    await ask({ 'cf-connecting-ip': '192.0.2.2' }, counting);
    await ask({}, counting);
    expect(asked).toEqual(['key:partner', 'key:partner', 'address:192.0.2.2', 'address:unknown']);
  });

  it('is not there without its binding, and that is said once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const fresh = service();
    for (let i = 0; i < 3; i++) {
      expect((await fresh.request('/v1/classify', { method: 'POST' }, {})).status).toBe(400);
    }
    expect(warn.mock.calls.map(String)).toEqual([expect.stringContaining('RATE_LIMIT')]);
    warn.mockRestore();
  });

  it('is off at 0', async () => {
    const off = service({ RATE_LIMIT_REQUESTS: '0' });
    const refusing = { RATE_LIMIT: { limit: async () => ({ success: false }) } };
    expect((await off.request('/v1/classify', { method: 'POST' }, refusing)).status).toBe(400);
    expect(await (await off.request('/v1/limits', {}, env)).json()).toMatchObject({ rate: null });
  });
});

describe('addresses', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::6', '2001:db8:0:0::/64'],
    ['2001:db8:1::5:6:7', '2001:db8:1:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
  ])('%s counts as %s', (address, network) => {
    expect(clientNetwork(new Headers({ 'cf-connecting-ip': address }))).toBe(network);
  });
});

describe('wrangler.toml', () => {
  /** Every binding of a name, at the top level and in each environment. */
  function bindings(name: string): { limit: number; period: number }[] {
    const pattern = new RegExp(
      `ratelimits\\]\\]\\s*name = "${name}"\\s*namespace_id = "\\d+"\\s*simple = \\{ limit = (\\d+), period = (\\d+) \\}`,
      'g',
    );
    return [...wrangler.matchAll(pattern)].map(([, limit, period]) => ({
      limit: Number(limit),
      period: Number(period),
    }));
  }

  it('has the limit that is published, in every environment', async () => {
    const { rate } = await (await app.request('/v1/limits', {}, env)).json<{
      rate: { requests: number; period_seconds: number };
    }>();
    const published = { limit: rate.requests, period: rate.period_seconds };
    // The default, free and local.
    expect(bindings('RATE_LIMIT')).toEqual([published, published, published]);
    // A setting there would override what is published.
    expect(wrangler).not.toMatch(/^[^#]*RATE_LIMIT_(REQUESTS|SECONDS)/m);
  });

  it('has the period after which wrong keys are told to come back', () => {
    const periods = bindings('KEY_FAILURES').map(({ period }) => period);
    expect(periods).toEqual([KEY_FAILURES_SECONDS, KEY_FAILURES_SECONDS, KEY_FAILURES_SECONDS]);
  });
});
