/**
 * `npm run samples`: draws the playground's sample pictures into `public/playground/samples`. They are committed, so
 * that nothing is drawn when the project is installed.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { HEIC_CLOCK } from './heic.ts';
import { SAMPLES } from './sample-scenes.ts';
import { DIGITAL_CLOCK, SPIDER_WEB, svg } from './scenes.ts';

const FOLDER = path.resolve(import.meta.dirname, '..', '..', 'public', 'playground', 'samples');

/** Enough for a screen and for the network, which looks at 224 × 224. */
const SIZE = { width: 400, height: 300 };
const LARGER = { width: 560, height: 420 };

for (const scene of [DIGITAL_CLOCK, SPIDER_WEB]) await write(scene.label, svg(scene, SIZE));
for (const { label, drawing } of SAMPLES) {
  const square = `<svg viewBox="0 0 100 100" overflow="visible">${drawing}</svg>`;
  await write(
    label,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LARGER.width}" height="${LARGER.height}">${square}</svg>`,
  );
}
await writeFile(path.join(FOLDER, 'digital-clock.heic'), HEIC_CLOCK);

async function write(label: string, drawing: string): Promise<void> {
  const webp = sharp(Buffer.from(drawing)).flatten().webp({ quality: 80, effort: 6 });
  await writeFile(path.join(FOLDER, `${label.replaceAll(' ', '-')}.webp`), await webp.toBuffer());
}
