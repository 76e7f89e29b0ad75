/** What axe finds on a page. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

export const THEMES = ['light', 'dark'] as const;

/** How a page is visited for it: the script that looks is not the page's own, and motion would be caught half-way. */
export const WATCHED = { bypassCSP: true, reducedMotion: 'reduce' } as const;

export async function accessible(page: Page): Promise<void> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: AXE });
  const violations = await page.evaluate(async () => {
    const { axe: tester } = window as unknown as { axe: typeof axe };
    const found = await tester.run();
    return found.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
    );
  });
  assert.deepEqual(violations, []);
}
