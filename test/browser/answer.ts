/** After a file is chosen, the answer is visible without scrolling or clicking. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { BALL, BALLOON_FILE, CLOCK, choose, type VisitorsFile } from './files.ts';
import { answered, card, type Site, visit } from './visit.ts';

/** The viewports of two phones and two laptops, in CSS pixels. */
const SCREENS = [
  { width: 390, height: 664, touch: true },
  { width: 412, height: 839, touch: true },
  { width: 1280, height: 800, touch: false },
  { width: 1366, height: 657, touch: false },
];

/** The parts of a card that must be visible. */
const SEEN = ['.subject strong', '.predictions li:first-child', '.preview img'];

export const answerChecks = (site: Site): Checks => ({
  ...Object.fromEntries(
    SCREENS.flatMap(({ width, height, touch }) =>
      Object.entries({ 'one picture': [CLOCK], 'three pictures': [CLOCK, BALL, BALLOON_FILE] }).map(
        ([what, files]) => [
          `${width} × ${height}, ${what}: tag, picture and first prediction are on the screen`,
          () =>
            visit(site, (page) => onScreen(page, files), {
              viewport: { width, height },
              hasTouch: touch,
              isMobile: touch,
            }),
        ],
      ),
    ),
  ),
  'the key form is there only where a key is needed': () =>
    visit(site, async (page) => {
      assert.ok(await page.getByLabel('Picture at a URL').isVisible());
      assert.ok(await page.getByLabel('API key').isHidden());
    }),
  'the part that the network looks at is marked: the middle, seven eighths of the short side': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK);
      await answered(page);
      const shown = card(page, CLOCK.name);
      const picture = await shown.locator('.preview img').boundingBox();
      const mark = await shown.locator('.crop').boundingBox();
      assert.ok(picture && mark);
      const side = (7 / 8) * picture.height;
      const off = [
        mark.width - side,
        mark.height - side,
        mark.x + side / 2 - (picture.x + picture.width / 2),
        mark.y + side / 2 - (picture.y + picture.height / 2),
      ];
      assert.ok(Math.max(...off.map(Math.abs)) < 1.5, `off by ${off} pixels`);
    }),
  'progress is drawn in the colour of the page': () =>
    visit(site, async (page) => {
      const colours = await page.evaluate(() => {
        const bar = document.createElement('progress');
        document.body.append(bar);
        // No script can read the style of this pseudo-element, so its rule is looked up among the style sheets.
        const kept = [...document.styleSheets]
          .flatMap((sheet) => [...sheet.cssRules])
          .some(
            (rule) =>
              rule instanceof CSSStyleRule &&
              rule.selectorText.includes('progress::-webkit-progress-value') &&
              rule.style.background === 'var(--fill)',
          );
        return { kept, appearance: getComputedStyle(bar).appearance };
      });
      assert.deepEqual(colours, { kept: true, appearance: 'none' });
    }),
});

async function onScreen(page: Page, files: readonly VisitorsFile[]): Promise<void> {
  await choose(page, ...files);
  await answered(page);
  // The page may still be scrolling there.
  await page.waitForFunction(
    () => {
      const last = Number(document.body.dataset.last ?? -1);
      document.body.dataset.last = String(scrollY);
      return last === scrollY;
    },
    undefined,
    { polling: 250 },
  );
  for (const what of SEEN) {
    const [top, bottom, high] = await card(page, files[0]?.name ?? '')
      .locator(what)
      .first()
      .evaluate((element) => {
        const box = element.getBoundingClientRect();
        return [box.top, box.bottom, innerHeight] as const;
      });
    assert.ok(top >= 0 && bottom <= high, `${what} is from ${top} to ${bottom} of ${high}`);
  }
}
