/** A folder of drawn pictures, and the label of each. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Encoding, picture } from '../pictures/encode.ts';
import { BALLOON, CROSSWORD, DIGITAL_CLOCK, type Scene, SPIDER_WEB } from '../pictures/scenes.ts';

const SIZE = { width: 640, height: 480 };

const PICTURES: readonly [file: string, label: string, scene: Scene, encoding: Encoding][] = [
  ['balloon.png', 'balloon', BALLOON, 'png-rgb8'],
  ['clock.webp', 'digital clock', DIGITAL_CLOCK, 'webp-lossy'],
  ['web.jpg', 'spider web', SPIDER_WEB, 'jpeg-420'],
  ['puzzles/one, with "quotes".png', 'crossword puzzle', CROSSWORD, 'png-rgb8'],
];

export interface Album {
  readonly folder: string;
  /** By file, the label that the network must put first. */
  readonly labels: ReadonlyMap<string, string>;
  /** A file that is not a picture, despite its name. */
  readonly broken: string;
}

/** @param copies how many of each picture, so that the run takes a while. */
export async function drawAlbum(folder: string, copies: number): Promise<Album> {
  const labels = new Map<string, string>();
  for (const [file, label, scene, encoding] of PICTURES) {
    const bytes = await picture(scene, encoding, SIZE);
    for (let copy = 0; copy < copies; copy++) {
      const name = path.posix.join(String(copy), file);
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), bytes);
      labels.set(name, label);
    }
  }
  const broken = 'broken.jpg';
  await writeFile(path.join(folder, broken), 'not a picture');
  await writeFile(path.join(folder, 'notes.txt'), 'not even by its name');
  return { folder, labels, broken };
}
