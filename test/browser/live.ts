/** Live classification from the camera. Chromium's fake camera shows a pattern. */
import assert from 'node:assert/strict';
import type { Checks } from '../conformance/report.ts';
import { answered, card, heard, type Site, visit } from './visit.ts';

const ALLOWED = { permissions: ['camera'] };

const LEAST_FRAMES = 6;
/** From one to the next: 300, less what a first frame may take longer to be drawn, shared by all. */
const LEAST_MS = 200;

export const liveChecks = (site: Site): Checks => ({
  'frames are classified one after the other, small, until it is stopped': () =>
    visit(
      site,
      async (page) => {
        const sent: string[] = [];
        page.on('request', (request) => {
          if (request.method() === 'POST') sent.push(request.url());
        });
        await page.getByRole('button', { name: 'Live camera' }).click();
        const live = page.getByRole('region', { name: 'Live camera' });
        await live.locator('.predictions li').nth(4).waitFor();
        await heard(page, /^Camera: /);
        assert.match((await live.locator('.facts').textContent()) ?? '', /^\d+ ms round trip$/);
        const playing = () =>
          live.locator('video').evaluate((video) => {
            const { videoWidth, srcObject } = video as HTMLVideoElement;
            return videoWidth > 0 && srcObject instanceof MediaStream && srcObject.active;
          });
        assert.ok(await playing());
        const before = sent.length;
        await page.waitForRequest((request) => request.method() === 'POST');
        assert.ok(sent.length > before);
        await live.getByRole('button', { name: 'Stop' }).click();
        assert.ok(await live.isHidden());
        assert.ok(!(await page.locator('#video').evaluate((video) => (video as HTMLVideoElement).srcObject)));
        await page.waitForTimeout(600);
        const after = sent.length;
        await page.waitForTimeout(1200);
        assert.equal(sent.length, after);
        assert.equal(await page.evaluate(() => document.activeElement?.id), 'open-live');
      },
      ALLOWED,
    ),
  'the next is sent when the one before has been answered, and not before it is its turn': () =>
    visit(
      site,
      async (page) => {
        await page.getByRole('button', { name: 'Live camera' }).click();
        const asked = () =>
          page.evaluate(() =>
            performance
              .getEntriesByType('resource')
              .filter(({ name }) => new URL(name).pathname === '/v1/classify')
              .map((entry) => entry.toJSON() as { startTime: number; responseEnd: number }),
          );
        let frames = await asked();
        for (; frames.length < LEAST_FRAMES; frames = await asked()) await page.waitForTimeout(100);
        for (const [i, { startTime }] of frames.slice(1).entries())
          assert.ok(startTime >= (frames[i]?.responseEnd ?? 0), `frame ${i + 1}`);
        const took = (frames.at(-1)?.startTime ?? 0) - (frames[0]?.startTime ?? 0);
        assert.ok(took / (frames.length - 1) >= LEAST_MS, `${frames.length} frames in ${took} ms`);
      },
      ALLOWED,
    ),
  'a frame that is kept becomes a picture of the page': () =>
    visit(
      site,
      async (page) => {
        await page.getByRole('button', { name: 'Live camera' }).click();
        await page.locator('#live .predictions li').first().waitFor();
        await page.getByRole('button', { name: 'Keep this picture' }).click();
        await card(page, 'camera-1.jpg').waitFor();
        await page.getByRole('button', { name: 'Stop' }).click();
        await answered(page);
        assert.match((await card(page, 'camera-1.jpg').locator('.facts').textContent()) ?? '', /round trip/);
      },
      ALLOWED,
    ),
  'without leave it says what to do': () =>
    visit(site, async (page) => {
      await page.getByRole('button', { name: 'Live camera' }).click();
      await page
        .getByText(/not allowed to use the camera\. Allow it/)
        .first()
        .waitFor();
      assert.ok(await page.locator('#live').isHidden());
    }),
});
