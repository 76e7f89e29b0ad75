/** `node test/pictures/draw.ts FILE`: draws a spider web as a JPEG, for a program that needs a file. */
import { writeFile } from 'node:fs/promises';
import { picture } from './encode.ts';
import { SPIDER_WEB } from './scenes.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: node test/pictures/draw.ts FILE');
await writeFile(file, await picture(SPIDER_WEB, 'jpeg-420', { width: 640, height: 480 }));
