/** A deployment with keys and small limits. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { encode } from '../pictures/encode.ts';
import { CLOCK, choose, TEXT } from './files.ts';
import { answered, card, firstLabel, type Site, visit } from './visit.ts';

const field = (page: Page) => page.getByLabel('API key');

/** Hardly compressible, so that it takes room. */
async function noise(name: string) {
  const size = { width: 300, height: 280 };
  const rgb = Uint8Array.from({ length: size.width * size.height * 3 }, (_, i) => (i * i * 31 + i * 7) >> 3);
  return { name, mimeType: 'image/bmp', buffer: Buffer.from(await encode(rgb, 'bmp-24', size)) };
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
      await card(page, CLOCK.name).locator('.predictions').waitFor();
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
      const statuses: number[] = [];
      page.on('response', (response) => statuses.push(response.status()));
      await choose(
        page,
        ...(await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => noise(`${name}.bmp`)))),
      );
      await answered(page);
      assert.equal(await page.locator('#progress-text').textContent(), '6 of 6 done');
      assert.ok(statuses.includes(429), `nobody was told to wait: ${statuses}`);
    }),
});

function hasFocus(page: Page): Promise<boolean> {
  return field(page).evaluate((element) => element === document.activeElement);
}
