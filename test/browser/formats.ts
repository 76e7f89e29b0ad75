/** Pictures are shown upright, and those that the browser cannot show are handled. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { ORIENTATIONS } from '../pictures/turned.ts';
import { choose, HEIC, turnedBalloon } from './files.ts';
import { answered, card, firstLabel, type Site, visit } from './visit.ts';

/** Colours of the balloon's upright drawing, by position as shares of its width and height. */
const UPRIGHT = { 'the balloon': [0.5, 0.3, '#f5c518'], 'its basket': [0.5, 0.87, '#7a4a20'] } as const;

/** Tolerance of a colour after compression, 0–255. */
const TOLERANCE = 24;

export const formatChecks = (site: Site): Checks => ({
  ...Object.fromEntries(
    (['jpeg', 'png', 'webp', 'avif'] as const).map((encoding) => [
      `${encoding} in every orientation is shown upright`,
      () =>
        visit(site, async (page) => {
          const files = await Promise.all(ORIENTATIONS.map((turn) => turnedBalloon(encoding, turn)));
          await choose(page, ...files);
          await answered(page);
          for (const { name } of files) {
            assert.equal(await firstLabel(page, name), 'balloon', name);
            await isUpright(page, name);
          }
          const facts = await card(page, `balloon-6.${encoding}`).locator('.facts').textContent();
          assert.match(facts ?? '', /320 × 336.*turned upright/);
        }),
    ]),
  ),
  'HEIC without a preview says so, and is classified': () =>
    visit(site, async (page) => {
      await choose(page, HEIC);
      await answered(page);
      assert.equal(await firstLabel(page, HEIC.name), 'digital clock');
      await card(page, HEIC.name)
        .getByText('This browser cannot show HEIC. The picture was classified nevertheless.')
        .waitFor();
      assert.equal(await card(page, HEIC.name).locator('img').count(), 0);
    }),
  'TIFF likewise': () =>
    visit(site, async (page) => {
      const file = await turnedBalloon('tiff', 6);
      await choose(page, file);
      await answered(page);
      assert.equal(await firstLabel(page, file.name), 'balloon');
      await card(page, file.name).getByText('This browser cannot show TIFF.').waitFor();
    }),
});

async function isUpright(page: Page, name: string): Promise<void> {
  const image = card(page, name).locator('.preview img');
  for (const [what, [x, y, colour]] of Object.entries(UPRIGHT)) {
    const seen = await image.evaluate(
      (element, [across, down]) => {
        const shown = element as HTMLImageElement;
        const canvas = document.createElement('canvas');
        canvas.width = shown.naturalWidth;
        canvas.height = shown.naturalHeight;
        const context = canvas.getContext('2d');
        context?.drawImage(shown, 0, 0);
        return [...(context?.getImageData(canvas.width * across, canvas.height * down, 1, 1).data ?? [])];
      },
      [x, y] as const,
    );
    const wanted = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
    const off = Math.max(...wanted.map((value, at) => Math.abs(value - (seen[at] ?? -255))));
    assert.ok(off <= TOLERANCE, `${name}: ${what} has the colour ${seen}, not ${wanted}`);
  }
}
