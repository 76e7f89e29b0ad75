import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { files } from './files.mjs';
import { PROJECT } from './toolchain.mjs';

/** A path in backticks is one of ours if it is below one of these. */
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
/** Created there by installs and builds. */
const MADE = ['public/vendor', 'public/client.js'];
const LINK = /\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g;
const HEADING = /^#+ (.*)$/gm;

/** Whether every file that a page or comment names exists, and every heading that a link names. */
export function checkLinks() {
  const broken = files()
    .filter((file) => /\.(md|ts|mjs|js|py|toml|html)$/.test(file))
    .flatMap((file) => {
      const named = [...text(file).matchAll(PATH)].map(([, place = '']) => place);
      const links = file.endsWith('.md') ? linksOf(file) : [];
      return [...named, ...links.map(({ place }) => place)]
        .filter((place) => !isMade(place) && !existsSync(path.join(PROJECT, place)))
        .map((place) => `${file} names ${place}, which is not there`)
        .concat(
          links
            .filter(({ place, anchor }) => anchor !== undefined && place.endsWith('.md'))
            .filter(({ place, anchor = '' }) => !anchorsOf(place).includes(anchor))
            .map(({ place, anchor }) => `${file} links to #${anchor}, which is no heading of ${place}`),
        );
    });
  for (const line of broken) console.error(line);
  return broken.length === 0;
}

/** @param {string} file a page @returns {{ place: string, anchor: string | undefined }[]} */
function linksOf(file) {
  return [...text(file).matchAll(LINK)].map(([, to = '', anchor]) => ({
    place: to === '' ? file : path.posix.join(path.posix.dirname(file), to),
    anchor,
  }));
}

/** Anchors as GitHub makes them from headings. @param {string} file a page @returns {string[]} */
function anchorsOf(file) {
  if (!existsSync(path.join(PROJECT, file))) return [];
  return [...text(file).matchAll(HEADING)].map(([, heading = '']) =>
    heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** @param {string} place */
function isMade(place) {
  return MADE.some((made) => place.startsWith(made));
}

/** @param {string} file */
function text(file) {
  return readFileSync(path.join(PROJECT, file), 'utf8');
}
