/** The heat map shows where the network sees the class. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { Checks } from '../conformance/report.ts';
import { DIGITAL_CLOCK, svg } from '../pictures/scenes.ts';
import { CLOCK, choose, HEIC, type VisitorsFile } from './files.ts';
import { answered, card, heard, type Site, visit } from './visit.ts';

/** A small clock in a corner of the crop. */
async function inTheCorner(): Promise<VisitorsFile> {
  const clock = await sharp(Buffer.from(svg(DIGITAL_CLOCK, { width: 300, height: 170 })))
    .png()
    .toBuffer();
  const buffer = await sharp({ create: { width: 480, height: 480, channels: 3, background: '#777' } })
    .composite([{ input: clock, left: 35, top: 35 }])
    .jpeg()
    .toBuffer();
  return { name: 'corner.jpg', mimeType: 'image/jpeg', buffer };
}

const CORNER = await inTheCorner();

export const heatChecks = (site: Site): Checks => ({
  'what is in the corner is bright there, dark elsewhere, and told in words': () =>
    visit(site, async (page) => {
      await choose(page, CORNER);
      await answered(page);
      const button = card(page, CORNER.name).getByRole('button', { name: 'Heat map: corner.jpg' });
      assert.equal(await button.getAttribute('aria-pressed'), 'false');
      await button.click();
      await heard(page, /corner\.jpg: Bright parts matter most\. With the top/);
      assert.equal(await button.getAttribute('aria-pressed'), 'true');
      const light = await brightness(page);
      assert.equal(light.length, 49);
      const brightest = light.indexOf(Math.max(...light));
      assert.ok(brightest < 28 && brightest % 7 < 5, `the brightest is at ${brightest}`);
      const last = light.at(-1) ?? Number.NaN;
      assert.ok(last < Math.max(...light) / 2, `the far corner has ${last} of ${Math.max(...light)}`);
    }),
  'it lies over the marked square, goes and comes back without a request': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK);
      await answered(page);
      const shown = card(page, CLOCK.name);
      const button = shown.getByRole('button', { name: 'Heat map: clock.jpg' });
      await button.click();
      await shown.locator('.heat').waitFor();
      const [map, mark] = await Promise.all(
        ['.heat', '.crop'].map((what) => shown.locator(what).boundingBox()),
      );
      assert.ok(map && mark && Math.abs(map.width - mark.width) < 1 && Math.abs(map.x - mark.x) < 1);
      let sent = 0;
      page.on('request', () => sent++);
      await button.click();
      assert.ok(await shown.locator('.heat').isHidden());
      await button.click();
      assert.ok(await shown.locator('.heat').isVisible());
      assert.equal(sent, 0);
    }),
  'no more pictures in a request than a batch may have': () =>
    visit(site, async (page) => {
      await page.route('**/v1/limits', async (route) => {
        const response = await route.fetch();
        const limits = await response.json();
        await route.fulfill({ response, json: { ...limits, batch: { ...limits.batch, max_items: 12 } } });
      });
      await page.reload({ waitUntil: 'networkidle' });
      await choose(page, CLOCK);
      await answered(page);
      const counts: Promise<number>[] = [];
      page.on('response', (response) => {
        if (!response.url().includes('/v1/batch')) return;
        counts.push(response.json().then(({ results }) => results.length));
      });
      await page.getByRole('button', { name: 'Heat map: clock.jpg' }).click();
      await page.locator('.heat').waitFor();
      // Several are under way at once, so the smallest need not be answered last.
      const answeredCounts = await Promise.all(counts);
      assert.deepEqual(
        answeredCounts.sort((a, b) => b - a),
        [12, 12, 12, 12, 2],
      );
    }),
  'a failure is told, and the button works again': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK);
      await answered(page);
      await page.context().setOffline(true);
      const button = page.getByRole('button', { name: 'Heat map: clock.jpg' });
      await button.click();
      await card(page, CLOCK.name)
        .getByText(/The service was not reached/)
        .waitFor();
      await page.context().setOffline(false);
      await button.click();
      await page.locator('.heat').waitFor();
    }),
  'none is offered of a picture that the browser cannot show': () =>
    visit(site, async (page) => {
      await choose(page, HEIC);
      await answered(page);
      assert.equal(await page.getByRole('button', { name: /^Heat map/ }).count(), 0);
    }),
});

/** The brightness of each cell, row by row: 0 is black. */
function brightness(page: Page): Promise<number[]> {
  return page.locator('.heat').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    return Array.from({ length: data.length / 4 }, (_, i) => (data[4 * i] ?? 0) + (data[4 * i + 1] ?? 0));
  });
}
