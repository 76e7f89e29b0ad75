/** The reference page. */
import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { accessible, SWAGGER_UI, THEMES, WATCHED } from './axe.ts';
import { type Site, visit } from './visit.ts';

const DOCS = { path: '/docs' };

export const docsChecks = (site: Site): Checks => ({
  ...Object.fromEntries(
    [320, 375, 1280].map((width) => [
      `the reference, ${width} pixels wide, closed and open: nothing sticks out`,
      () =>
        visit(
          site,
          async (page) => {
            await drawn(page);
            await fits(page, width);
            for (const path of ['/v1/classify', '/v1/batch', '/hf']) await open(page, path);
            await fits(page, width);
          },
          { ...DOCS, viewport: { width, height: 800 }, hasTouch: width < 700, isMobile: width < 700 },
        ),
    ]),
  ),
  ...Object.fromEntries(
    THEMES.map((colorScheme) => [
      `axe finds nothing on the reference that is ours to mend, ${colorScheme}, closed, open and answered`,
      () =>
        visit(
          site,
          async (page) => {
            await drawn(page);
            await accessible(page, SWAGGER_UI);
            await open(page, '/hf');
            const operation = await open(page, '/v1/classify');
            await operation.getByRole('button', { name: 'Execute' }).click();
            await operation.locator('.live-responses-table').waitFor();
            await accessible(page, SWAGGER_UI);
          },
          { ...DOCS, ...WATCHED, colorScheme },
        ),
    ]),
  ),
  'it has the colours of the playground, light and dark, and follows a change': () =>
    visit(
      site,
      async (page) => {
        await drawn(page);
        const colours = () =>
          page.evaluate(() => {
            const seen = (selector: string) => {
              const element = document.querySelector(selector);
              return element ? getComputedStyle(element).backgroundColor : '';
            };
            return [seen('html'), seen('.opblock'), seen('.opblock-post .opblock-summary-method')];
          });
        assert.deepEqual(await colours(), ['rgb(246, 244, 238)', 'rgb(255, 253, 249)', 'rgb(15, 107, 79)']);
        await page.emulateMedia({ colorScheme: 'dark' });
        assert.deepEqual(await colours(), ['rgb(17, 21, 19)', 'rgb(25, 31, 28)', 'rgb(134, 214, 177)']);
      },
      { ...DOCS, colorScheme: 'light' },
    ),
  'an error is found by its address': () =>
    visit(
      site,
      async (page) => {
        await drawn(page);
        await page.waitForFunction(() => {
          const { top } = document.getElementById('rate_limited')?.getBoundingClientRect() ?? { top: -1 };
          return top >= 0 && top < innerHeight;
        });
      },
      { path: '/docs#rate_limited' },
    ),
  'a request is made from the page, and its answer shown': () =>
    visit(
      site,
      async (page) => {
        await drawn(page);
        const operation = await open(page, '/v1/limits');
        await operation.getByRole('button', { name: 'Execute' }).click();
        await operation.locator('.live-responses-table').getByText('max_side_pixels').first().waitFor();
      },
      DOCS,
    ),
  'every operation is executed as it stands, in each of its forms': () =>
    visit(
      site,
      async (page) => {
        await drawn(page);
        const refused = [];
        for (const operation of await page.locator('.opblock').all()) {
          // One of the operations deletes it.
          await page.request.put(`${site.url}/v1/collections/parts`);
          refused.push(...(await executed(operation)));
        }
        assert.deepEqual(refused, REFUSED);
      },
      DOCS,
    ),
});

/** Requests that are refused as they stand, and why. */
const REFUSED = [
  // The host of the example URL is not listed.
  'GET /v1/classify: 403',
  // It has no labelled item.
  'POST /v1/collections/{name}/train: 409',
  // Ids are made by the service or the caller, so the example ids do not exist.
  'GET /v1/collections/{name}/items/{id}: 404',
  'PATCH /v1/collections/{name}/items/{id}: 404, application/json',
  'DELETE /v1/collections/{name}/items/{id}: 404',
  // An example head is not a valid one, and version numbers depend on earlier changes.
  'POST /v1/collections/{name}/import: 400, application/json',
  'DELETE /v1/collections/{name}/versions/{version}: 404',
  // The bucket of a Worker that has just started is empty.
  'POST /v1/jobs: 400, application/json',
  'GET /v1/jobs/{id}: 404',
  'POST /v1/jobs/{id}/cancel: 404',
  'POST /v1/jobs/{id}/retry: 404',
  'GET /v1/jobs/{id}/results: 404',
];

/** Sends each form of an operation as the page has filled it in. @returns the refused requests. */
async function executed(operation: Locator): Promise<string[]> {
  const refused = [];
  const page = operation.page();
  await operation.locator('.opblock-summary-control').click();
  const execute = operation.getByRole('button', { name: 'Execute' });
  await execute.waitFor();
  const types = operation.locator('.opblock-section-request-body select.content-type');
  const names = (await types.count()) > 0 ? await types.locator('option').allTextContents() : [undefined];
  for (const name of names) {
    if (name !== undefined) await types.selectOption(name);
    const file = operation.locator('input[type="file"]').first();
    const wantsFile = name === 'multipart/form-data' || name === 'application/octet-stream';
    if (wantsFile) await file.and(page.locator('[data-sample="filled"]')).waitFor();
    const method = await operation.locator('.opblock-summary-method').innerText();
    const answered = page.waitForResponse((response) => response.request().method() === method);
    await execute.click();
    const path = await operation.locator('.opblock-summary-path').getAttribute('data-path');
    const status = (await answered).status();
    if (status >= 300) refused.push([`${method} ${path}: ${status}`, name ?? []].flat().join(', '));
  }
  await operation.locator('.opblock-summary-control').click();
  return refused;
}

async function drawn(page: Page): Promise<void> {
  await page.locator('.opblock').first().waitFor();
}

async function open(page: Page, path: string) {
  const operation = page.locator('.opblock', { has: page.locator(`[data-path="${path}"]`) }).first();
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.opblock-body').waitFor();
  return operation;
}

async function fits(page: Page, width: number): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `the page is ${wide} wide`);
}
