/** Tags on cards, and the buttons that filter pictures by group. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { BALL, BALLOON_FILE, CLOCK, choose, TEXT } from './files.ts';
import { answered, card, heard, type Site, visit } from './visit.ts';

const chips = (page: Page) => page.getByRole('group', { name: 'Show only pictures of' }).getByRole('button');

async function shown(page: Page): Promise<string[]> {
  return page.locator('.card:visible h3').allTextContents();
}

async function pressed(page: Page): Promise<string[]> {
  return page.locator('#chips [aria-pressed="true"]').allTextContents();
}

/** Three answers with different groups, and a refusal. */
async function several(page: Page): Promise<void> {
  await choose(page, CLOCK, BALL, BALLOON_FILE, TEXT);
  await answered(page);
}

export const tagChecks = (site: Site): Checks => ({
  'a card has the tag large, its score, and the groups it is in': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK);
      await answered(page);
      const subject = card(page, 'clock.jpg').locator('.subject');
      assert.equal(await subject.locator('strong').textContent(), 'digital clock');
      assert.match((await subject.locator('.score').textContent()) ?? '', /^\d\d\.\d %$/);
      const groups = subject.getByRole('list', { name: 'Groups it is in' }).getByRole('listitem');
      assert.deepEqual(await groups.allTextContents(), ['measuring instrument', 'clock or watch']);
      const sizes = await subject
        .locator('strong, li')
        .evaluateAll((all) => all.map((element) => Number.parseFloat(getComputedStyle(element).fontSize)));
      assert.ok((sizes[0] ?? 0) > 1.4 * (sizes[1] ?? 0), `${sizes}`);
    }),
  'a picture that may be anything has none, and says so': () =>
    visit(site, async (page) => {
      await page.route('**/v1/classify*', async (route) => {
        const response = await route.fetch();
        const answer = await response.json();
        await route.fulfill({ response, json: { ...answer, tags: [], tag: null } });
      });
      await choose(page, CLOCK, BALL);
      await answered(page);
      const said = await card(page, 'clock.jpg').locator('.subject').textContent();
      assert.match(said ?? '', /^No tag/);
      // All have the same group, so there is nothing to choose.
      assert.equal(await page.locator('#chips').isHidden(), true);
    }),
  'one picture has no buttons; several have one for each group, and how many pictures are in it': () =>
    visit(site, async (page) => {
      await choose(page, BALL);
      await answered(page);
      const few = await chips(page).allTextContents();
      await choose(page, CLOCK, BALLOON_FILE, TEXT);
      await answered(page);
      assert.deepEqual(few, []);
      assert.deepEqual(await chips(page).allTextContents(), [
        'All 4',
        'measuring instrument 1',
        'vehicle 1',
        'aircraft 1',
        'sport or game 1',
      ]);
      assert.deepEqual(await pressed(page), ['All 4']);
    }),
  'a button shows only its pictures, says how many, and all again when it is pressed once more': () =>
    visit(site, async (page) => {
      await several(page);
      await page.getByRole('button', { name: 'vehicle 1' }).click();
      assert.deepEqual(await shown(page), ['balloon.jpg']);
      assert.deepEqual(await pressed(page), ['vehicle 1']);
      await heard(page, /1 of 4 pictures shown\./);
      await page.getByRole('button', { name: 'vehicle 1' }).click();
      assert.equal((await shown(page)).length, 4);
      assert.deepEqual(await pressed(page), ['All 4']);
    }),
  'it keeps the focus, by keyboard': () =>
    visit(site, async (page) => {
      await several(page);
      const button = page.getByRole('button', { name: 'sport or game 1' });
      await button.focus();
      await page.keyboard.press('Enter');
      assert.deepEqual(await shown(page), ['ball.jpg']);
      assert.ok(await button.evaluate((element) => element === document.activeElement));
    }),
  'new pictures are seen whatever was chosen, and a group whose last picture goes is not missed': () =>
    visit(site, async (page) => {
      await several(page);
      await page.getByRole('button', { name: 'vehicle 1' }).click();
      await choose(page, { ...CLOCK, name: 'second.jpg' });
      await answered(page);
      assert.equal((await shown(page)).length, 5);
      await page.getByRole('button', { name: 'vehicle 1' }).click();
      await page.getByRole('button', { name: 'Remove balloon.jpg' }).click();
      assert.equal((await shown(page)).length, 4);
      assert.ok(!(await chips(page).allTextContents()).some((text) => text.startsWith('vehicle')));
    }),
});
