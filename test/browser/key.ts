/** A deployment with keys and small limits. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { encode } from '../pictures/encode.ts';
import { CLOCK, choose, TEXT, type VisitorsFile } from './files.ts';
import { answered, card, firstLabel, type Site, visit } from './visit.ts';

const field = (page: Page) => page.getByLabel('API key');

/** Fills most of the budget for bodies. */
async function large(name: string): Promise<VisitorsFile> {
  const size = { width: 300, height: 280 };
  const file = await encode(new Uint8Array(size.width * size.height * 3), 'bmp-24', size);
  return { name, mimeType: 'image/bmp', buffer: Buffer.from(file) };
}

/** Another caller's picture, whose last byte is withheld until `end`. */
async function halfSent(url: string, key: string, bytes: number): Promise<{ end: () => void }> {
  const headers = { authorization: `Bearer ${key}`, 'content-length': bytes };
  const other = request(`${url}/v1/classify`, { method: 'POST', headers });
  other.on('error', () => {});
  await new Promise((resolve) => other.write(Buffer.alloc(bytes - 1, 'x'), resolve));
  // Written does not mean received.
  await pause(1000);
  return { end: () => other.end('x') };
}

export const keyChecks = (site: Site, key: string, limitBytes: number): Checks => ({
  'without a key: said in words, and the field has the focus; with it the picture goes again': () =>
    visit(site, async (page) => {
      await page.getByText('This deployment answers callers with a key.').waitFor();
      await choose(page, CLOCK);
      await answered(page);
      assert.match((await card(page, CLOCK.name).locator('.failure').textContent()) ?? '', /A key is needed/);
      assert.ok(await hasFocus(page));
      assert.equal(await field(page).getAttribute('aria-invalid'), 'true');
      await page.keyboard.type('wrong');
      await page.keyboard.press('Enter');
      await card(page, CLOCK.name).locator('.failure', { hasText: 'Wrong key' }).waitFor();
      assert.ok(await hasFocus(page));
      await page.keyboard.type(key);
      await page.keyboard.press('Enter');
      await answered(page);
      assert.equal(await firstLabel(page, CLOCK.name), 'digital clock');
      assert.equal(await field(page).getAttribute('aria-invalid'), null);
    }),
  'the key stays in the tab: in no address, no code, no other storage': () =>
    visit(site, async (page) => {
      const addresses: string[] = [];
      page.on('request', (request) => addresses.push(request.url()));
      await field(page).fill(key);
      await choose(page, CLOCK, TEXT);
      await answered(page);
      await page.reload();
      assert.equal(await field(page).inputValue(), key);
      await choose(page, CLOCK, TEXT);
      await answered(page);
      assert.equal(await firstLabel(page, CLOCK.name), 'digital clock');
      const written = await page.locator('pre').allTextContents();
      assert.equal(written.length, 8);
      assert.ok(written.every((text) => !text.includes(key)));
      assert.ok(written.slice(0, 3).every((text) => text.includes('YOUR_KEY')));
      assert.ok(!addresses.join().includes(key));
      const { cookies, origins } = await page.context().storageState();
      assert.deepEqual([cookies, origins], [[], []]);
      await page.getByText('Other ways and settings').click();
      await page.getByRole('button', { name: 'Forget' }).click();
      await page.reload();
      assert.equal(await field(page).inputValue(), '');
    }),
  'a key that no header can hold is not sent': () =>
    visit(site, async (page) => {
      await field(page).fill('schlüssel');
      await page.getByRole('button', { name: 'Use key' }).click();
      await page.getByText('A key has only letters, digits and signs').waitFor();
    }),
  'no address field where no URL is fetched, and a dropped address says so': () =>
    visit(site, async (page) => {
      assert.ok(await page.getByLabel('Picture at a URL').isHidden());
      await page.evaluate(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.setData('text/uri-list', 'https://photos.example/a.jpg');
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      });
      await page.getByText('this service fetches none').first().waitFor();
    }),
  'a file over the limit is not uploaded': () =>
    visit(site, async (page) => {
      await field(page).fill(key);
      let uploads = 0;
      page.on('request', (request) => {
        uploads += request.method() === 'POST' ? 1 : 0;
      });
      await choose(page, { ...CLOCK, buffer: Buffer.alloc(2 * limitBytes) });
      await answered(page);
      const said = await card(page, CLOCK.name).locator('.failure').textContent();
      assert.match(said ?? '', /The file has 586 KiB, and the limit here is 293 KiB\./);
      assert.equal(uploads, 0);
    }),
  '429: waits as long as it is asked to, and every picture gets its answer': () =>
    visit(site, async (page) => {
      await field(page).fill(key);
      const full = await halfSent(site.url, key, limitBytes);
      page.on('response', (response) => {
        if (response.status() === 429) full.end();
      });
      await choose(page, await large('a.bmp'), await large('b.bmp'));
      await page
        .getByText(/The service asks to wait: again in \d s\./)
        .first()
        .waitFor();
      await answered(page);
      assert.equal(await page.locator('#progress-text').textContent(), '2 of 2 done');
    }),
});

function hasFocus(page: Page): Promise<boolean> {
  return field(page).evaluate((element) => element === document.activeElement);
}
