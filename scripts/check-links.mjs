import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { files } from './files.mjs';
import { PROJECT } from './toolchain.mjs';

/** Where a path in backticks is one of ours: below one of these. */
const FOLDERS = [
  'bench',
  'client',
  'docs',
  'examples',
  'model',
  'public',
  'scripts',
  'self-hosting',
  'src',
  'test',
];
const PATH = new RegExp(`\`((?:${FOLDERS.join('|')})/[\\w./-]*)\``, 'g');
/** What installs and builds leave there. */
const MADE = ['public/vendor', 'public/client.js'];
const LINK = /\]\((?!https?:|#|mailto:)([^)#\s]+)/g;

/** Whether every file that a page or a comment of ours names is there. */
export function checkLinks() {
  const broken = files()
    .filter((file) => /\.(md|ts|mjs|js|py|toml|html)$/.test(file))
    .flatMap((file) => {
      const text = readFileSync(path.join(PROJECT, file), 'utf8');
      const named = [...text.matchAll(PATH)].map(([, place = '']) => place);
      const linked = file.endsWith('.md')
        ? [...text.matchAll(LINK)].map(([, place = '']) => path.posix.join(path.posix.dirname(file), place))
        : [];
      return [...named, ...linked]
        .filter(
          (place) => !MADE.some((made) => place.startsWith(made)) && !existsSync(path.join(PROJECT, place)),
        )
        .map((place) => `${file} names ${place}, which is not there`);
    });
  for (const line of broken) console.error(line);
  return broken.length === 0;
}
