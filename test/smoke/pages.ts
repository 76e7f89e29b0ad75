/** The pages exist, and their policy allows nothing from other hosts. */
import assert from 'node:assert/strict';
import type { Checks } from '../conformance/report.ts';

const PAGES = ['/', '/docs'];

export function pageChecks(url: string): Checks {
  return {
    ...Object.fromEntries(
      PAGES.map((page) => [
        `the page ${page} is there, under a strict policy`,
        async () => {
          const { status, headers, body } = await fetch(url + page);
          await body?.cancel();
          assert.equal(status, 200);
          const policy = headers.get('content-security-policy') ?? '';
          assert.match(policy, /default-src/);
          assert.doesNotMatch(policy, /unsafe|https?:/);
          assert.equal(headers.get('x-content-type-options'), 'nosniff');
        },
      ]),
    ),
    'the client is there as a module, for pages of any origin': async () => {
      const { status, headers, body } = await fetchText(`${url}/client.js`);
      assert.equal(status, 200);
      assert.match(headers.get('content-type') ?? '', /^text\/javascript/);
      assert.equal(headers.get('access-control-allow-origin'), '*');
      assert.equal(headers.get('cross-origin-resource-policy'), 'cross-origin');
      assert.match(body, /export \{[^}]*createClient/);
    },
    'the OpenAPI document describes it': async () => {
      const document: { openapi?: string } = JSON.parse(await (await fetch(`${url}/openapi.json`)).text());
      assert.match(document.openapi ?? '', /^3\.1/);
    },
  };
}

async function fetchText(url: string) {
  const response = await fetch(url);
  return { status: response.status, headers: response.headers, body: await response.text() };
}
