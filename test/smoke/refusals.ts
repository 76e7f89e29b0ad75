/** What must be refused, and how. */
import assert from 'node:assert/strict';
import type { Limits } from '../../client/client.ts';
import type { Checks } from '../conformance/report.ts';

/** URLs that a Worker must never fetch: itself, its neighbours, and the metadata services of clouds. */
const FORBIDDEN = [
  'https://127.0.0.1/',
  'https://[::1]/',
  'https://169.254.169.254/latest/meta-data',
  'https://0x7f000001/',
];

export function refusalChecks(url: string, key: string | undefined, limits: Limits): Checks {
  const headers: Record<string, string> = key === undefined ? {} : { 'x-api-key': key };
  const post = (route: string, body: string, more: Record<string, string> = {}) =>
    fetch(url + route, { method: 'POST', body, headers: { ...headers, ...more } });

  return {
    [limits.anonymous ? 'callers without a key are answered, as set' : 'callers without a key are refused']:
      async () => {
        const response = await fetch(`${url}/v1/classify`, { method: 'POST', body: 'no picture' });
        await (limits.anonymous
          ? expectProblem(response, 415, 'image_format_unsupported')
          : expectProblem(response, 401, 'anonymous_refused'));
      },
    'a wrong key is refused': async () => {
      const response = await post('/v1/classify', 'no picture', { 'x-api-key': 'wrong' });
      // Without stored keys, and with anonymous use allowed, no key is wrong.
      if (limits.anonymous && response.status === 415) return;
      await expectProblem(response, 401, 'key_wrong');
    },
    'what is no picture is told what would be': async () => {
      const response = await post('/v1/classify', 'no picture');
      const { detail } = await expectProblem(response, 415, 'image_format_unsupported');
      assert.match(detail, /JPEG, PNG/);
    },
    'an unknown route and a wrong method are problems too': async () => {
      await expectProblem(await fetch(`${url}/no/such/route`), 404, 'route_unknown');
      const response = await fetch(`${url}/v1/labels`, { method: 'DELETE' });
      assert.match(response.headers.get('allow') ?? '', /GET/);
      await expectProblem(response, 405, 'method_not_allowed');
    },
    'the request id goes in and out': async () => {
      const response = await fetch(`${url}/healthz`, { headers: { 'x-request-id': 'smoke-1' } });
      assert.equal(response.headers.get('x-request-id'), 'smoke-1');
    },
    [limits.url.enabled ? 'forbidden addresses are not fetched' : 'pictures by URL are off']: async () => {
      for (const forbidden of FORBIDDEN) {
        const response = await post('/v1/classify', JSON.stringify({ url: forbidden }), {
          'content-type': 'application/json',
        });
        assert.equal(Math.floor(response.status / 100), 4, `${forbidden}: ${response.status}`);
        await response.body?.cancel();
      }
    },
  };
}

async function expectProblem(response: Response, status: number, code: string): Promise<{ detail: string }> {
  const problem: { code?: string; detail: string } = JSON.parse(await response.text());
  assert.deepEqual([response.status, problem.code], [status, code], problem.detail);
  assert.equal(response.headers.get('content-type')?.split(';')[0], 'application/problem+json');
  return problem;
}
