/** What the content security policy allows the pages, and that a visit reports violations. */
import assert from 'node:assert/strict';
import type { Checks } from '../conformance/report.ts';
import { complaintsOf, type Site, visit } from './visit.ts';

/** Actions that a page without the policy would allow. */
const BREACHES: Readonly<Record<string, () => void>> = {
  'a script in the page': () => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "taken"';
    document.body.append(script);
  },
  'a style in the page': () => document.body.insertAdjacentHTML('beforeend', '<p style="color: red">red</p>'),
  'a picture from elsewhere': () => {
    new Image().src = 'https://elsewhere.example/pixel.gif';
  },
  'a call elsewhere': () => void fetch('https://elsewhere.example/').catch(() => {}),
  eval: () => void setTimeout('document.title = "taken"'),
};

export const policyChecks = (site: Site): Checks => ({
  ...Object.fromEntries(
    Object.entries(BREACHES).map(([what, breach]) => [
      `${what} is refused by the policy, and noticed`,
      async () => {
        const context = await site.browser.newContext();
        try {
          const page = await context.newPage();
          const complaints = complaintsOf(page, site.url);
          await page.goto(site.url, { waitUntil: 'networkidle' });
          assert.deepEqual(complaints, []);
          await page.evaluate(breach);
          await page.waitForTimeout(300);
          assert.ok(
            complaints.some((text) => /Content Security Policy/.test(text)),
            `complaints: ${complaints}`,
          );
          assert.notEqual(await page.title(), 'taken');
        } finally {
          await context.close();
        }
      },
    ]),
  ),
  'no site may frame the page, and nothing is guessed about its files': async () => {
    const { headers } = await fetch(site.url);
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/);
    assert.doesNotMatch(headers.get('content-security-policy') ?? '', /unsafe|\*|http/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  },
  'a path that is no file is the Worker’s to answer': async () => {
    const response = await fetch(`${site.url}/playground/nothing.js`);
    assert.equal(response.status, 404);
    assert.equal(response.headers.get('content-type'), 'application/problem+json');
  },
  'the page and the reference lead to each other': () =>
    visit(site, async (page) => {
      await page.getByRole('link', { name: 'API reference' }).click();
      await page.waitForURL('**/docs');
      await page.getByRole('link', { name: 'mobilenet-edge' }).first().click();
      await page.getByRole('heading', { name: 'What is in the picture?' }).waitFor();
    }),
});
