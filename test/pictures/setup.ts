/**
 * Draws the tests' pictures in Node before vitest starts, because workerd cannot. Tests get them by name from
 * `provided.ts`.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import type {} from './context.ts';
import { draw, ENCODINGS, encode, picture } from './encode.ts';
import { ordinaryJpegs } from './jpegs.ts';
import { largePictures } from './large.ts';
import { ORIENTED_ENCODINGS, orientedFile } from './oriented.ts';
import { BALLOON, CROSSWORD, DIGITAL_CLOCK, GOLF_BALL, SPIDER_WEB } from './scenes.ts';
import { picturesInSpaces } from './spaces.ts';
import { storedPictures } from './stored.ts';
import { tiffPictures } from './tiffs.ts';
import { ORIENTATIONS } from './turned.ts';
import { webpPictures } from './webp.ts';

const SIZE = { width: 320, height: 240 };

/** So high that the crop cuts off an odd number of rows: half a pixel more at one end than at the other. */
const TALL = { width: 320, height: 336 };

/** Not a whole number of blocks. */
const ODD = { width: 329, height: 241 };

/** Large enough that its files have megabytes. */
const NOISE = { width: 1200, height: 900 };

/** Files that never change, because their vectors are stored. */
const KEPT = ['balloon.webp', 'computer-keyboard.webp', 'digital-clock.heic', 'golf-ball.webp'];
const KEPT_FOLDER = path.resolve(import.meta.dirname, 'kept');

/** RGB bytes from a linear congruential generator: the same on every run, and hardly compressible. */
function noise({ width, height }: typeof NOISE): Buffer {
  const rgb = Buffer.alloc(width * height * 3);
  for (let i = 0, state = 1; i < rgb.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    rgb[i] = state >>> 24;
  }
  return rgb;
}

export default async function setup(project: TestProject): Promise<void> {
  const pictures: Record<string, string> = {};
  const add = async (name: string, drawn: Promise<Uint8Array>) => {
    pictures[name] = Buffer.from(await drawn).toString('base64');
  };
  for (const encoding of ENCODINGS) await add(`crossword.${encoding}`, picture(CROSSWORD, encoding, SIZE));
  for (const [name, scene] of Object.entries({
    'digital-clock': DIGITAL_CLOCK,
    'golf-ball': GOLF_BALL,
    'spider-web': SPIDER_WEB,
  })) {
    await add(`${name}.jpeg-420`, picture(scene, 'jpeg-420', SIZE));
  }
  await add('large.jpeg-420', picture(SPIDER_WEB, 'jpeg-420', { width: 2400, height: 1600 }));
  await add('portrait.jpeg-420', picture(SPIDER_WEB, 'jpeg-420', { width: 240, height: 640 }));
  for (const encoding of ['jpeg-420', 'png-rgb8', 'bmp-24'] as const) {
    await add(`noise.${encoding}`, encode(noise(NOISE), encoding, NOISE));
  }
  await add('odd.jpeg-progressive', picture(CROSSWORD, 'jpeg-progressive', ODD));
  const balloon = await draw(BALLOON, TALL);
  for (const encoding of ORIENTED_ENCODINGS) {
    for (const orientation of ORIENTATIONS) {
      await add(`balloon-${orientation}.${encoding}`, orientedFile(balloon, TALL, encoding, orientation));
    }
  }
  for await (const [name, file] of picturesInSpaces(balloon, TALL)) {
    await add(`balloon-in-${name}`, Promise.resolve(file));
  }
  const large = { width: TALL.width * 4, height: TALL.height * 4 };
  const largeBalloon = await draw(BALLOON, large);
  for (const orientation of [1, 6]) {
    await add(`large-balloon-${orientation}.jpeg`, orientedFile(largeBalloon, large, 'jpeg', orientation));
  }
  for await (const [name, file] of largePictures()) await add(name, Promise.resolve(file));
  for await (const [name, file] of tiffPictures()) await add(name, Promise.resolve(file));
  for await (const [name, file] of webpPictures()) await add(name, Promise.resolve(file));
  for await (const [name, file] of ordinaryJpegs()) await add(name, Promise.resolve(file));
  for await (const [name, file] of storedPictures()) await add(name, Promise.resolve(file));
  for (const name of KEPT) await add(`kept-${name}`, readFile(path.join(KEPT_FOLDER, name)));
  project.provide('pictures', pictures);
}
