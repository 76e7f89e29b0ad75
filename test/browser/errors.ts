/** Errors are explained in words, with a remedy. */
import assert from 'node:assert/strict';
import type { Checks } from '../conformance/report.ts';
import { CLOCK, choose, TEXT } from './files.ts';
import { answered, card, firstLabel, heard, type Site, visit } from './visit.ts';

export const errorChecks = (site: Site): Checks => ({
  'no picture: the detail of the problem, the JSON, and once more': () =>
    visit(site, async (page) => {
      await choose(page, TEXT);
      await answered(page);
      const failed = card(page, TEXT.name);
      assert.match(
        (await failed.locator('.failure').textContent()) ?? '',
        /^Unsupported image format.*JPEG, PNG/,
      );
      await heard(page, /notes\.txt: Unsupported image format\..*It reads JPEG/);
      await failed.getByText('Code and JSON').click();
      await failed.getByRole('tab', { name: 'JSON' }).click();
      const problem = JSON.parse((await failed.locator('pre:visible').textContent()) ?? '');
      assert.equal(problem.code, 'image_format_unsupported');
      const sent = page.waitForRequest((request) => request.method() === 'POST');
      await failed.getByRole('button', { name: 'Try again: notes.txt' }).click();
      await sent;
      await answered(page);
    }),
  'half a picture': () =>
    visit(site, async (page) => {
      await choose(page, { ...CLOCK, buffer: CLOCK.buffer.subarray(0, 2000) });
      await answered(page);
      const said = await card(page, CLOCK.name).locator('.failure').textContent();
      assert.match(said ?? '', /looks like a JPEG.*Save it again/);
    }),
  'offline, and then again': () =>
    visit(site, async (page) => {
      await page.context().setOffline(true);
      await choose(page, CLOCK);
      await answered(page);
      const said = card(page, CLOCK.name).locator('.failure');
      assert.match((await said.textContent()) ?? '', /not reached.*offline/);
      await page.context().setOffline(false);
      await card(page, CLOCK.name).getByRole('button', { name: 'Try again: clock.jpg' }).click();
      await said.waitFor({ state: 'detached' });
      await answered(page);
      assert.equal(await firstLabel(page, CLOCK.name), 'digital clock');
    }),
  'a folder': () =>
    visit(site, async (page) => {
      // The browser's representation of a dropped folder: it has a name, and reading it fails.
      await page.evaluate(() => {
        const folder = new File([], 'holiday');
        folder.slice = () => {
          const slice = new Blob();
          slice.arrayBuffer = () => Promise.reject(new DOMException('', 'NotReadableError'));
          return slice;
        };
        const data = new DataTransfer();
        Object.defineProperty(data, 'files', { value: [folder] });
        document.body.dispatchEvent(
          new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
        );
      });
      await answered(page);
      assert.match((await card(page, 'holiday').locator('.failure').textContent()) ?? '', /it is a folder/);
    }),
});
