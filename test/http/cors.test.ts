import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { crossOrigin } from '../../src/http/cross-origin.ts';
import { readSettings } from '../../src/settings.ts';
import { post, service } from '../service.ts';

const HERE = 'https://app.example.com';
const OTHER = 'https://other.example.com';

const preflight = (origin: string): RequestInit => ({
  method: 'OPTIONS',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization, content-type',
  },
});

describe('pages of other origins', () => {
  it.each([
    { setting: '', origin: HERE, allowed: null },
    { setting: HERE, origin: HERE, allowed: HERE },
    { setting: HERE, origin: OTHER, allowed: null },
    { setting: `${HERE}, ${OTHER}`, origin: OTHER, allowed: OTHER },
    { setting: '*', origin: OTHER, allowed: '*' },
  ])('"$setting" answers $origin with $allowed', async ({ setting, origin, allowed }) => {
    const app = service({ CORS_ORIGINS: setting, ALLOW_ANONYMOUS: 'false' });
    const asked = await app.request('/v1/classify', preflight(origin));
    // The refusal too, because a page must be able to read the reason.
    const refused = await app.request('/v1/classify', post('', { origin }));
    const answered = await app.request('/v1/labels', { headers: { origin } });
    expect([asked.status, refused.status, answered.status]).toEqual([204, 401, 200]);
    for (const { headers } of [asked, refused, answered]) {
      expect(headers.get('access-control-allow-origin')).toBe(allowed);
      expect(headers.has('access-control-allow-credentials')).toBe(false);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
    if (allowed !== null) {
      expect(asked.headers.get('access-control-allow-methods')).toContain('POST');
      expect(asked.headers.get('access-control-allow-headers')).toContain('authorization');
      expect(refused.headers.get('access-control-expose-headers')).toContain('retry-after');
    }
    if (setting === HERE) expect(answered.headers.get('vary')).toContain('Origin');
  });

  it('are let in by an empty list no more than by none', async () => {
    const app = new Hono().use(crossOrigin([])).get('/', (c) => c.text('answer'));
    for (const init of [preflight(HERE), { headers: { origin: HERE } }]) {
      expect((await app.request('/', init)).headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it.each(['example.com', 'https://example.com/', 'https://*.example.com', 'null', 'https://a.example, x'])(
    'refuses the setting "%s"',
    (value) => {
      expect(() => readSettings({ CORS_ORIGINS: value })).toThrow('CORS_ORIGINS must be * or origins');
    },
  );
});
