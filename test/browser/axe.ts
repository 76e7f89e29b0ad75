/** What axe reports for a page. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/**
 * Problems in Swagger UI's own markup that styles and names cannot fix: a link within the button that opens an
 * operation, group titles that skip a level, and a heading outside its `main`.
 */
export const SWAGGER_UI = ['nested-interactive', 'heading-order', 'region'] as const;

export const THEMES = ['light', 'dark'] as const;

/** States in which parts are checked, so that each theme and each kind of screen occurs once. */
export const SCREENS = {
  'a laptop, light': { colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  'a phone, dark': {
    colorScheme: 'dark',
    viewport: { width: 390, height: 664 },
    hasTouch: true,
    isMobile: true,
  },
} as const;

/** Options of the visit: the script that axe injects is not the page's own, and animations would be caught half-way. */
export const WATCHED = { bypassCSP: true, reducedMotion: 'reduce' } as const;

/** @param except names of axe rules. */
export async function accessible(page: Page, except: readonly string[] = []): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: AXE });
  const violations = await page.evaluate(
    async (off) => {
      const { axe: tester } = window as unknown as { axe: typeof axe };
      const found = await tester.run({
        rules: Object.fromEntries(off.map((id) => [id, { enabled: false }])),
      });
      return found.violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
      );
    },
    [...except],
  );
  assert.deepEqual(violations, []);
}
