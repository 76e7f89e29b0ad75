/** A folder of drawn pictures for each of three classes. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { picture } from '../pictures/encode.ts';
import { BALLOON, DIGITAL_CLOCK, SPIDER_WEB } from '../pictures/scenes.ts';

const SCENES = { balloon: BALLOON, clock: DIGITAL_CLOCK, web: SPIDER_WEB };

/** @param each pictures of each class, of different widths, so that they are similar but not equal. */
export async function drawSeries(folder: string, each: number): Promise<void> {
  for (const [label, scene] of Object.entries(SCENES)) {
    await mkdir(path.join(folder, label), { recursive: true });
    for (let i = 0; i < each; i++) {
      const bytes = await picture(scene, 'png-rgb8', { width: 260 + 30 * i, height: 280 });
      await writeFile(path.join(folder, label, `${i}.png`), bytes);
    }
  }
}
