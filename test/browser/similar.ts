/** Copies and most similar pictures, among the pictures of the tab. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import type { Checks } from '../conformance/report.ts';
import { picture } from '../pictures/encode.ts';
import { DIGITAL_CLOCK, SPIDER_WEB } from '../pictures/scenes.ts';
import { accessible, SCREENS, WATCHED } from './axe.ts';
import { BALL, BALLOON_FILE, CLOCK, HEIC, TEXT, type VisitorsFile } from './files.ts';
import { fits } from './looks.ts';
import { heard, type Site, visit } from './visit.ts';

const SIMILAR = { path: '/#similar' };

const jpeg = (name: string, buffer: Buffer): VisitorsFile => ({ name, mimeType: 'image/jpeg', buffer });

const SMALLER = jpeg(
  'clock-smaller.jpg',
  Buffer.from(await picture(DIGITAL_CLOCK, 'jpeg-420', { width: 240, height: 180 })),
);
const MIRRORED = jpeg('ball-mirrored.jpg', await sharp(BALL.buffer).flop().jpeg({ quality: 60 }).toBuffer());
const BLURRED = jpeg('clock-blurred.jpg', await sharp(CLOCK.buffer).blur(5).jpeg().toBuffer());
const WEB = jpeg('web.jpg', Buffer.from(await picture(SPIDER_WEB, 'jpeg-420', { width: 320, height: 240 })));
const FILES = [CLOCK, BALL, BALLOON_FILE, SMALLER, MIRRORED, WEB];

export const similarChecks = (site: Site): Checks => ({
  'copies are put together, smaller ones and mirrored ones too, and nothing else': () =>
    visit(
      site,
      async (page) => {
        await compared(page, FILES);
        assert.deepEqual(await groups(page), [
          ['ball-mirrored.jpg', 'ball.jpg'],
          ['clock-smaller.jpg', 'clock.jpg'],
        ]);
        await heard(page, /6 pictures compared\. 2 groups of copies\./);
        const largest = page.locator('.group .picture', { hasText: 'largest file' });
        // Several requests are under way at once, so either group may come first.
        const names = await largest.locator('.name').allTextContents();
        assert.deepEqual(names.toSorted(), ['ball.jpg', 'clock.jpg']);
      },
      SIMILAR,
    ),
  'a picture shows those that are most like it, as pictures, and each of them leads on': () =>
    visit(
      site,
      async (page) => {
        await compared(page, [...FILES, BLURRED]);
        await page.getByRole('button', { name: 'clock.jpg', exact: true }).last().click();
        const near = page.getByRole('list', { name: 'Most like clock.jpg' }).getByRole('button');
        const names = await near.locator('.name').allTextContents();
        assert.equal(names[0], 'clock-smaller.jpg');
        const alike = await near
          .locator('.track span')
          .evaluateAll((bars) => bars.map((bar) => Number.parseFloat((bar as HTMLElement).style.width)));
        assert.deepEqual(
          alike,
          alike.toSorted((one, other) => other - one),
        );
        assert.ok((alike[0] ?? 0) > (alike[names.indexOf('clock-blurred.jpg')] ?? 100), `${alike}`);
        const first = near.first();
        assert.match((await first.textContent()) ?? '', /copy$/);
        assert.ok(
          await first.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
        );
        await heard(page, /Most like clock\.jpg: clock-smaller\.jpg, copy\./);
        assert.equal(await page.locator('#nearest table').count(), 0);
        await first.click();
        await page.getByRole('list', { name: 'Most like clock-smaller.jpg' }).waitFor();
        assert.equal(await page.locator('.chosen figcaption').textContent(), 'clock-smaller.jpg');
      },
      SIMILAR,
    ),
  'a file the browser cannot show is compared, one that is none is told, and what is removed is missed by nobody':
    () =>
      visit(
        site,
        async (page) => {
          await compared(page, [CLOCK, HEIC, TEXT, BALL], '4 of 4 compared, 1 failed');
          await page.getByText(/Unsupported image format/).waitFor();
          assert.deepEqual(await groups(page), [['IMG_0001.HEIC', 'clock.jpg']]);
          await page.getByRole('button', { name: 'clock.jpg', exact: true }).last().click();
          await page.getByRole('button', { name: 'Remove clock.jpg' }).click();
          await page.getByText('None: every picture is a photo of its own.').waitFor();
          assert.equal(await page.locator('#pile-pictures li').count(), 2);
          await page.getByRole('button', { name: 'Remove all' }).click();
          assert.ok(await page.locator('#pile').isHidden());
          assert.equal(await page.evaluate(() => document.activeElement?.id), 'similar-choose');
        },
        SIMILAR,
      ),
  'a folder, chosen or dropped: the pictures in it and below, and nothing else': () =>
    inFolder(async (folder) => {
      await visit(
        site,
        async (page) => {
          const chooser = page.waitForEvent('filechooser');
          await page.getByRole('button', { name: 'Choose a folder' }).click();
          await (await chooser).setFiles(folder);
          await page.getByText('3 of 3 compared').waitFor();
        },
        SIMILAR,
      );
      await visit(
        site,
        async (page) => {
          const browser = await page.context().newCDPSession(page);
          const data = { items: [], files: [folder], dragOperationsMask: 1 };
          for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
            await browser.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data });
          await page.getByText('3 of 3 compared').waitFor();
          assert.deepEqual(await groups(page), [['clock-smaller.jpg', 'clock.jpg']]);
        },
        SIMILAR,
      );
    }),
  'by keyboard: arrows go through the pictures, and Enter chooses one': () =>
    visit(
      site,
      async (page) => {
        await compared(page, [CLOCK, BALL, BALLOON_FILE]);
        await page.locator('#pile-pictures button[tabindex="0"]').focus();
        await page.keyboard.press('End');
        await page.keyboard.press('Enter');
        const name = await page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
        assert.equal(await page.locator('.chosen figcaption').textContent(), name);
        assert.equal(await page.locator('#pile-pictures [aria-pressed="true"]').count(), 1);
        await page.keyboard.press('Tab');
        assert.ok(!(await page.evaluate(() => document.activeElement?.closest('#pile-pictures'))));
      },
      SIMILAR,
    ),
  'it asks for embeddings and for nothing else': () =>
    visit(
      site,
      async (page) => {
        const sent = new Set<string>();
        page.on('request', (request) => {
          if (request.method() !== 'GET') sent.add(new URL(request.url()).pathname);
        });
        await compared(page, [CLOCK, BALL]);
        assert.deepEqual([...sent], ['/v1/embed']);
      },
      SIMILAR,
    ),
  ...Object.fromEntries(
    Object.entries(SCREENS).map(([screen, options]) => [
      `${screen}: empty, and with groups, a failure and a long name, axe finds nothing, and nothing sticks out`,
      () =>
        visit(
          site,
          async (page) => {
            await accessible(page);
            const long = { ...WEB, name: `${'holiday'.repeat(30)}.jpg` };
            await compared(page, [...FILES.slice(0, 5), long, HEIC, TEXT], '8 of 8 compared, 1 failed');
            await accessible(page);
            await fits(page, options.viewport.width);
          },
          { ...SIMILAR, ...options, ...WATCHED },
        ),
    ]),
  ),
});

async function compared(
  page: Page,
  files: readonly VisitorsFile[],
  told = `${files.length} of ${files.length} compared`,
): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.locator('#similar-choose').click();
  await (await chooser).setFiles([...files]);
  await page.getByText(told, { exact: true }).waitFor();
  await page.getByRole('region', { name: 'Most alike' }).waitFor();
}

/** Names in each group, sorted, because the network decides which picture comes first. */
async function groups(page: Page): Promise<string[][]> {
  await page.locator('.group').first().waitFor();
  const found = await page
    .locator('.group')
    .evaluateAll((all) =>
      all.map((group) => [...group.querySelectorAll('.name')].map((name) => name.textContent ?? '').sort()),
    );
  return found.sort(([one = ''], [other = '']) => (one < other ? -1 : 1));
}

/** Two pictures, one in a subfolder, and a file that is not a picture. */
async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'pictures-'));
  const folder = path.join(scratch, 'holiday');
  try {
    await mkdir(path.join(folder, 'second'), { recursive: true });
    await writeFile(path.join(folder, CLOCK.name), CLOCK.buffer);
    await writeFile(path.join(folder, BALL.name), BALL.buffer);
    await writeFile(path.join(folder, 'second', SMALLER.name), SMALLER.buffer);
    await writeFile(path.join(folder, TEXT.name), TEXT.buffer);
    await act(folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
