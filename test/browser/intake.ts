/** Every way to give the page a picture. */
import assert from 'node:assert/strict';
import type { Checks } from '../conformance/report.ts';
import { SAMPLES } from '../pictures/sample-scenes.ts';
import { BALL, BALLOON_FILE, CLOCK, carried, choose, drop, dropData, paste, TEXT } from './files.ts';
import { answered, card, firstLabel, heard, type Site, visit } from './visit.ts';

const PHONE = { hasTouch: true, isMobile: true, viewport: { width: 375, height: 800 } };

export const intakeChecks = (site: Site): Checks => ({
  'a picture that is dropped anywhere is named, with scores, and said to a screen reader': () =>
    visit(site, async (page) => {
      await drop(page, CLOCK);
      await answered(page);
      const bars = card(page, 'clock.jpg').locator('.predictions li');
      assert.equal(await bars.count(), 5);
      assert.match((await bars.first().textContent()) ?? '', /^digital clock\s*\d\d\.\d %$/);
      // The bars grow for half a second, and have their final widths only then.
      const widths = await bars.locator('.track span').evaluateAll(async (all) => {
        await Promise.all(all.flatMap((bar) => bar.getAnimations()).map(({ finished }) => finished));
        return all.map((bar) => bar.clientWidth);
      });
      assert.deepEqual(
        widths,
        widths.toSorted((a, b) => b - a),
      );
      assert.ok((widths[0] ?? 0) > 50, `bars of ${widths} pixels`);
      await heard(page, /clock\.jpg: digital clock, \d/);
      const facts = await card(page, 'clock.jpg').locator('.facts').textContent();
      assert.match(facts ?? '', /^JPEG · 320 × 240 · \d KiB · \d+ ms round trip(, cached)?$/);
    }),
  'a picture that is pasted': () =>
    visit(site, async (page) => {
      await paste(page, await carried(page, [{ ...BALL, name: 'image.png' }]));
      await answered(page);
      assert.equal(await firstLabel(page, 'image.png'), 'golf ball');
    }),
  'a paste into a field stays in the field': () =>
    visit(site, async (page) => {
      await page.getByLabel('Picture at a URL').focus();
      await paste(page, await carried(page, [], { 'text/plain': 'https://photos.example/a.jpg' }));
      assert.equal(await page.locator('.card').count(), 0);
    }),
  'several files that are chosen, one of them no picture: progress, and each its own answer': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK, TEXT, BALL, BALLOON_FILE);
      await page.getByText(/^\d of 4 done/).waitFor();
      await answered(page);
      assert.equal(await page.locator('#progress-text').textContent(), '4 of 4 done, 1 failed');
      const names = await page.locator('.card h3').allTextContents();
      assert.deepEqual(names, ['clock.jpg', 'notes.txt', 'ball.jpg', 'balloon.jpg']);
      assert.equal(await firstLabel(page, 'balloon.jpg'), 'balloon');
      assert.equal(await card(page, 'notes.txt').locator('.predictions').count(), 0);
    }),
  'the same file may be chosen twice': () =>
    visit(site, async (page) => {
      await choose(page, BALL);
      await choose(page, BALL);
      await answered(page);
      assert.equal(await page.locator('.card').count(), 2);
    }),
  'a camera is offered on touch screens only': async () => {
    const button = { name: 'Take a photo' };
    await visit(site, async (page) => assert.equal(await page.getByRole('button', button).count(), 0));
    await visit(
      site,
      async (page) => {
        const chooser = page.waitForEvent('filechooser');
        await page.getByRole('button', button).tap();
        const opened = await chooser;
        assert.equal(await opened.element().getAttribute('capture'), 'environment');
        assert.equal(await opened.element().getAttribute('accept'), 'image/*');
        await opened.setFiles([BALL]);
        await answered(page);
        assert.equal(await firstLabel(page, 'ball.jpg'), 'golf ball');
      },
      PHONE,
    );
  },
  'the samples, each named as it was drawn': () =>
    visit(site, async (page) => {
      const samples = page.locator('#samples button');
      const labels = [...SAMPLES.map(({ label }) => label), 'digital clock', 'spider web'];
      assert.equal(await samples.count(), labels.length + 1);
      for (const sample of await samples.all()) await sample.click();
      await page.getByText(`of ${labels.length + 1} done`).waitFor();
      await answered(page);
      for (const label of labels) {
        assert.equal(await firstLabel(page, `${label.replaceAll(' ', '-')}.webp`), label);
      }
      assert.equal(await firstLabel(page, 'digital-clock.heic'), 'digital clock');
    }),
  'a text that is dropped says what is wrong': () =>
    visit(site, async (page) => {
      await dropData(page, await carried(page, [], { 'text/plain': 'a word' }));
      await page.getByText('What was dropped has no picture in it.').first().waitFor();
    }),
  'an address, typed or dropped, is asked of the service': () =>
    visit(site, async (page) => {
      const sent: string[] = [];
      page.on('request', (request) => {
        if (request.method() === 'POST') sent.push(request.postData() ?? '');
      });
      const field = page.getByLabel('Picture at a URL');
      await field.fill('https://elsewhere.example/pretty%20cat.jpg');
      await field.press('Enter');
      await dropData(page, await carried(page, [], { 'text/uri-list': 'https://elsewhere.example/b.jpg' }));
      await answered(page);
      const asked = sent.map((text) => JSON.parse(text).url);
      assert.deepEqual(asked, [
        'https://elsewhere.example/pretty%20cat.jpg',
        'https://elsewhere.example/b.jpg',
      ]);
      const said = await card(page, 'pretty cat.jpg').locator('.failure').textContent();
      assert.match(said ?? '', /Host not allowed.*elsewhere\.example.*\/v1\/limits/);
      assert.match((await card(page, 'b.jpg').textContent()) ?? '', /none from other hosts/);
    }),
});
