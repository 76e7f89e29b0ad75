/**
 * `npm run samples`: draws the pictures of the playground's strip into `public/playground/samples`. They are
 * committed, so that nothing is drawn when the project is installed.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { HEIC_CLOCK } from './heic.ts';
import { SCENES, svg } from './scenes.ts';

const FOLDER = path.resolve(import.meta.dirname, '..', '..', 'public', 'playground', 'samples');

/** Enough for a screen and for the network, which looks at 224 × 224. */
const SIZE = { width: 400, height: 300 };

for (const scene of SCENES) {
  const image = sharp(Buffer.from(svg(scene, SIZE))).flatten();
  const file = path.join(FOLDER, `${scene.label.replaceAll(' ', '-')}.webp`);
  await writeFile(file, await image.webp({ quality: 80, effort: 6 }).toBuffer());
}
await writeFile(path.join(FOLDER, 'digital-clock.heic'), HEIC_CLOCK);
