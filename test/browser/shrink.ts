/** Large photos are shrunk in the browser, unless that is turned off. */
import assert from 'node:assert/strict';
import type { Request } from 'playwright-core';
import sharp from 'sharp';
import type { Checks } from '../conformance/report.ts';
import { DIGITAL_CLOCK, svg } from '../pictures/scenes.ts';
import { CLOCK, choose, type VisitorsFile } from './files.ts';
import { answered, card, firstLabel, type Site, visit } from './visit.ts';

/** As a phone stores it: landscape with a rotation of 90°. Noise makes it large. */
async function photo(): Promise<VisitorsFile> {
  const [width, height] = [1600, 1200];
  const noise = await sharp({
    create: {
      width,
      height,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 12, sigma: 9 },
    },
  })
    .png()
    .toBuffer();
  const drawn = sharp(Buffer.from(svg(DIGITAL_CLOCK, { width, height }))).flatten();
  const upright = await drawn
    .composite([{ input: noise, blend: 'add' }])
    .png()
    .toBuffer();
  const buffer = await sharp(upright)
    .rotate(-90)
    .jpeg({ quality: 96 })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  return { name: 'photo.jpg', mimeType: 'image/jpeg', buffer };
}

const PHOTO = await photo();

/** Bytes of a request's body. */
async function length(request: Request): Promise<number> {
  return Number(await request.headerValue('content-length'));
}

export const shrinkChecks = (site: Site): Checks => ({
  'a photo is sent upright with a short side of 512 pixels, and both sizes are told': () =>
    visit(site, async (page) => {
      const [request] = await Promise.all([
        page.waitForRequest((sent) => sent.method() === 'POST'),
        choose(page, PHOTO),
      ]);
      await answered(page);
      assert.equal(await firstLabel(page, PHOTO.name), 'digital clock');
      const facts = await card(page, PHOTO.name).locator('.facts').textContent();
      assert.match(
        facts ?? '',
        /^Photo · 1600 × 1200 · [\d.]+ (KiB|MiB) · sent as 683 × 512, \d+ KiB · \d+ ms round trip/,
      );
      const bytes = await length(request);
      assert.ok(bytes > 1000 && bytes < PHOTO.buffer.length / 3, `${bytes} of ${PHOTO.buffer.length} bytes`);
    }),
  'with the switch off it is sent as it is': () =>
    visit(site, async (page) => {
      await page.getByLabel('Make large photos small').uncheck();
      const [request] = await Promise.all([
        page.waitForRequest((sent) => sent.method() === 'POST'),
        choose(page, PHOTO),
      ]);
      await answered(page);
      assert.equal(await length(request), PHOTO.buffer.length);
      const facts = await card(page, PHOTO.name).locator('.facts').textContent();
      assert.match(facts ?? '', /^JPEG · 1600 × 1200 · .* · turned upright · /);
    }),
  'a small file is sent as it is': () =>
    visit(site, async (page) => {
      const [request] = await Promise.all([
        page.waitForRequest((sent) => sent.method() === 'POST'),
        choose(page, CLOCK),
      ]);
      await answered(page);
      assert.equal(await length(request), CLOCK.buffer.length);
    }),
  'how much is sent is shown while it is': () =>
    visit(site, async (page) => {
      await page.getByLabel('Make large photos small').uncheck();
      const network = await page.context().newCDPSession(page);
      await network.send('Network.enable');
      await network.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: PHOTO.buffer.length / 2,
      });
      await choose(page, PHOTO);
      await card(page, PHOTO.name)
        .getByText(/^Sending… [1-9][\d.]* %$/)
        .waitFor();
      const bar = card(page, PHOTO.name).getByRole('progressbar', { name: 'Upload of photo.jpg' });
      const share = await bar.evaluate((element) => (element as HTMLProgressElement).value);
      assert.ok(share > 0 && share <= 1, `${share}`);
      await answered(page);
    }),
});
