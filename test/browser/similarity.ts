/** The matrix of cosines. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { BALL, CLOCK, choose, HEIC, TEXT, type VisitorsFile } from './files.ts';
import { answered, heard, type Site, visit } from './visit.ts';

export const similarityChecks = (site: Site): Checks => ({
  'one picture is compared with nothing': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK, TEXT);
      await answered(page);
      assert.ok(await page.locator('#similarity').isHidden());
    }),
  'three are compared each with each, and the most alike named': () =>
    visit(site, async (page) => {
      const files = [CLOCK, BALL, HEIC];
      await choose(page, ...files);
      await answered(page);
      await page.getByRole('button', { name: 'Compare 3 pictures' }).click();
      const rows = page.getByRole('table', { name: 'Cosine of each two pictures' }).locator('tbody tr');
      await rows.first().waitFor();
      const vectors = await Promise.all(files.map((file) => embedding(site, file)));
      const wanted = vectors.map((a) => vectors.map((b) => cosine(a, b)));
      const shown = await cells(page);
      assert.equal(shown.length, 3);
      for (const [i, row] of shown.entries()) {
        for (const [j, value] of row.entries()) {
          assert.ok(Math.abs(value - (wanted[i]?.[j] ?? Number.NaN)) <= 0.0051, `${i}, ${j}: ${value}`);
        }
      }
      assert.ok((shown[0]?.[2] ?? 0) > 0.9 && (shown[0]?.[1] ?? 1) < 0.5, JSON.stringify(shown));
      await heard(page, /Most alike: clock\.jpg and IMG_0001\.HEIC, 0\.9\d\./);
      for (const name of ['clock.jpg', 'ball.jpg', 'IMG_0001.HEIC']) {
        await page.getByRole('rowheader', { name }).waitFor();
        await page.getByRole('columnheader', { name }).waitFor();
      }
      const [hot, cold] = await page
        .locator('tbody tr:first-child td')
        .evaluateAll((all) => all.slice(0, 2).map((cell) => getComputedStyle(cell).backgroundColor));
      assert.notEqual(hot, cold);
    }),
  'it follows what comes and goes': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK, BALL);
      await answered(page);
      await page.getByRole('button', { name: 'Compare 2 pictures' }).click();
      await page.locator('table').waitFor();
      const compare = page.getByRole('button', { name: /^Compare/ });
      assert.equal(await compare.count(), 0);
      await choose(page, HEIC);
      await answered(page);
      await compare.click();
      await page.locator('tbody tr:nth-child(3)').waitFor();
      await page.getByRole('button', { name: 'Remove clock.jpg' }).click();
      assert.equal((await cells(page)).length, 2);
      await page.getByRole('button', { name: 'Remove ball.jpg' }).click();
      assert.ok(await page.locator('#similarity').isHidden());
    }),
  'a failure is said, and the button stays': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK, BALL);
      await answered(page);
      await page.context().setOffline(true);
      const compare = page.getByRole('button', { name: 'Compare 2 pictures' });
      await compare.click();
      await page.locator('#matrix .failure').waitFor();
      await page.context().setOffline(false);
      await compare.click();
      await page.locator('table').waitFor();
    }),
});

async function cells(page: Page): Promise<number[][]> {
  const texts = await page
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent ?? '')),
    );
  return texts.map((row) => row.map((text) => Number(text.replace('−', '-'))));
}

async function embedding({ url }: Site, { buffer }: VisitorsFile): Promise<number[]> {
  const response = await fetch(`${url}/v1/embed`, { method: 'POST', body: new Uint8Array(buffer) });
  return ((await response.json()) as { embedding: number[] }).embedding;
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
