/** Everything works without a mouse. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { BALL, CLOCK, choose } from './files.ts';
import { answered, card, type Site, visit } from './visit.ts';

export const keyboardChecks = (site: Site): Checks => ({
  'Tab goes through the page in the order it is read, and shows where it is': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK);
      await answered(page);
      await page.getByText('Other ways and settings').click();
      // Tab continues from where the last click was.
      await page.evaluate(() => scrollTo(0, 0));
      await page.mouse.click(2, 2);
      const stops: string[] = [];
      for (;;) {
        await page.keyboard.press('Tab');
        const stop = await focused(page);
        if (stop === undefined) break;
        assert.ok(stop.visible, `${stop.name} has the focus and does not show it`);
        stops.push(stop.name);
      }
      assert.deepEqual(
        stops.filter((stop) => !stop.startsWith('Sample: ')),
        [
          'mobilenet-edge',
          'Classify',
          'Teach',
          'Similar',
          'API reference',
          'OpenAPI',
          'Choose pictures',
          'Live camera',
          'Other ways and settings',
          'Picture at a URL',
          'Fetch',
          'Make large photos small before they are sent',
          'Download as CSV',
          'Download as JSON',
          'Remove all',
          'Remove clock.jpg',
          'Heat map: clock.jpg',
          'Code and JSON',
        ],
      );
      assert.equal(stops.indexOf('Sample: balloon'), stops.indexOf('Live camera') + 1);
    }),
  'Enter and Space choose a file, and a sample': () =>
    visit(site, async (page) => {
      for (const key of ['Enter', 'Space']) {
        const chooser = page.waitForEvent('filechooser');
        await page.getByRole('button', { name: 'Choose pictures' }).press(key);
        await (await chooser).setFiles([CLOCK]);
      }
      await page.getByRole('button', { name: 'Sample: golf ball' }).press('Enter');
      await card(page, 'golf-ball.webp').waitFor();
      await answered(page);
      assert.equal(await page.locator('.card').count(), 3);
    }),
  'arrows go through the tabs, and one stop leads past them': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK);
      await answered(page);
      await card(page, 'clock.jpg').locator('summary').focus();
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      assert.equal((await focused(page))?.name, 'curl');
      for (const [key, tab] of [
        ['ArrowRight', 'JavaScript'],
        ['ArrowLeft', 'curl'],
        ['ArrowLeft', 'JSON'],
      ] as const) {
        await page.keyboard.press(key);
        assert.equal((await focused(page))?.name, tab);
        const panel = page.getByRole('tabpanel');
        assert.equal(await panel.count(), 1);
        assert.equal(
          await panel.getAttribute('aria-labelledby'),
          await page.evaluate(() => document.activeElement?.id),
        );
      }
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      assert.equal((await focused(page))?.name, 'Copy JSON');
    }),
  'after a picture is removed the focus is on the next, then where pictures come in': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK, BALL);
      await answered(page);
      await page.getByRole('button', { name: 'Remove clock.jpg' }).press('Enter');
      assert.equal((await focused(page))?.name, 'Remove ball.jpg');
      await page.keyboard.press('Enter');
      assert.equal((await focused(page))?.name, 'Choose pictures');
      assert.ok(await page.locator('#gallery').isHidden());
    }),
});

/**
 * The accessible name of the focused element, and whether its focus is visible; undefined if the focus has left the page.
 */
async function focused(page: Page): Promise<{ name: string; visible: boolean } | undefined> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return undefined;
    const label =
      element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element.textContent;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      name: (element.getAttribute('aria-label') ?? label ?? '').trim(),
      visible: outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2,
    };
  });
}
