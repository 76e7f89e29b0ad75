/** Both themes, all widths, and axe. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { accessible, THEMES, WATCHED } from './axe.ts';
import { BALL, CLOCK, choose, HEIC, TEXT } from './files.ts';
import { answered, type Site, visit } from './visit.ts';

const WIDTHS = [320, 375, 768, 1280];

export const looksChecks = (site: Site): Checks => ({
  ...Object.fromEntries(
    THEMES.map((colorScheme) => [
      `axe finds nothing, ${colorScheme}: empty, with answers and with an error`,
      () =>
        visit(
          site,
          async (page) => {
            await accessible(page);
            await fill(page);
            await accessible(page);
          },
          { colorScheme, ...WATCHED },
        ),
    ]),
  ),
  'the themes differ as they should': async () => {
    const light: number[] = [];
    for (const colorScheme of THEMES) {
      const act = async (page: Page) => {
        const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        light.push(Number(/\d+/.exec(colour)?.[0]));
      };
      await visit(site, act, { colorScheme });
    }
    assert.ok((light[0] ?? 0) > 200 && (light[1] ?? 255) < 50, `${light}`);
  },
  ...Object.fromEntries(
    WIDTHS.map((width) => [
      `${width} pixels wide, empty and full: nothing sticks out`,
      () =>
        visit(
          site,
          async (page) => {
            await fits(page, width);
            await fill(page);
            await fits(page, width);
          },
          { viewport: { width, height: 800 }, hasTouch: width < 700, isMobile: width < 700 },
        ),
    ]),
  ),
  'nothing moves for who wants no motion': async () => {
    const moving = new Map<string, number>();
    for (const reducedMotion of ['reduce', 'no-preference'] as const) {
      const act = async (page: Page) => {
        await choose(page, CLOCK);
        await answered(page);
        moving.set(reducedMotion, await page.evaluate(() => document.getAnimations().length));
      };
      await visit(site, act, { reducedMotion });
    }
    assert.equal(moving.get('reduce'), 0);
    assert.ok((moving.get('no-preference') ?? 0) > 0);
  },
  'a long name takes no room from others': () =>
    visit(
      site,
      async (page) => {
        await choose(page, { ...CLOCK, name: `${'holiday'.repeat(30)}.jpg` }, BALL);
        await answered(page);
        await fits(page, 320);
      },
      { viewport: { width: 320, height: 700 } },
    ),
});

/** Everything that the page can show at once. */
async function fill(page: Page): Promise<void> {
  await choose(page, CLOCK, BALL, HEIC, TEXT);
  await answered(page);
  for (const summary of await page.locator('summary').all()) await summary.click();
  await page.getByRole('button', { name: 'Heat map: clock.jpg' }).click();
  await page.locator('.heat').waitFor();
}

export async function fits(page: Page, width: number): Promise<void> {
  const [wide, out] = await page.evaluate(() => {
    const past = [...document.body.querySelectorAll('*')].filter(
      (element) =>
        element.getBoundingClientRect().right > document.documentElement.clientWidth + 1 &&
        !element.closest('.scrolls, #chips, #samples, pre, .unseen'),
    );
    return [
      document.documentElement.scrollWidth,
      past.map((element) => element.outerHTML.slice(0, 80)),
    ] as const;
  });
  assert.deepEqual(out, []);
  assert.ok(wide <= width, `the page is ${wide} wide`);
}
