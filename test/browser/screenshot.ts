/** Takes the README's picture of the playground: `npm run screenshot`. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { answered } from './visit.ts';

const FILE = path.resolve(import.meta.dirname, '..', '..', 'docs', 'playground.png');

/** A laptop's viewport, filled by one picture. */
const VIEW = { width: 1160, height: 690 };

/** The first one warms up the Worker, so that the round trip of the second is representative. */
const SAMPLES = ['golf ball', 'balloon'];

const { values } = parseArgs({ options: { chromium: { type: 'string' } } });
if (values.chromium === undefined) throw new Error('usage: --chromium FILE');

endChildrenOnSignal();
const browser = await chromium.launch({ executablePath: values.chromium });
const worker = await temporaryWorker();
try {
  const page = await browser.newPage({ viewport: VIEW, colorScheme: 'light', reducedMotion: 'reduce' });
  await page.goto(worker.url);
  for (const what of SAMPLES) {
    if (await page.locator('.card').count()) await page.getByRole('button', { name: 'Remove all' }).click();
    await page.getByRole('button', { name: `Sample: ${what}`, exact: true }).click();
    await page.locator('.card').waitFor();
    await answered(page);
  }
  await page.evaluate(() => scrollTo(0, 0));
  await page.mouse.click(2, 2);
  const png = await page.screenshot();
  const { size } = await sharp(png).png({ palette: true, effort: 10, colours: 128 }).toFile(FILE);
  console.log(`${path.basename(FILE)}: ${size} bytes`);
} finally {
  await browser.close();
  await worker.close();
}
