import { readFileSync } from 'node:fs';
import path from 'node:path';
import { files } from './files.mjs';
import { PROJECT } from './toolchain.mjs';

const PAGE = 'docs/architecture.md';
const TABLE_HEAD = '| module |';
const ROW = /^\| (`src\/.*?) \|/gm;
/** Type imports count too: a module that names another's types depends on it. */
const IMPORT = /(?:\bfrom|\bimport) '(\.[^']+\.ts)'/g;

/** Whether each file of `src/` imports only from modules below its own in the table of docs/architecture.md. */
export function checkModules() {
  const page = text(PAGE);
  const table = page.slice(page.indexOf(TABLE_HEAD)).split('\n\n')[0] ?? '';
  const rows = [...table.matchAll(ROW)].map(([, cell = '']) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, module = '']) => module),
  );
  /** @param {string} file */
  const rowOf = (file) => {
    // A file with its own row in the table does not belong to its folder's row.
    const alone = rows.findIndex((modules) => modules.includes(file));
    if (alone !== -1) return alone;
    return rows.findIndex((modules) =>
      modules.some((module) => module.endsWith('/') && file.startsWith(module)),
    );
  };

  const faults = files('src')
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const row = rowOf(file);
      if (row === -1) return [`${file} is in no row of the table of modules in ${PAGE}`];
      return importsOf(file)
        .filter((imported) => imported.startsWith('src/') && rowOf(imported) < row)
        .map((imported) => `${file} imports ${imported}, which is above it in the table of ${PAGE}`);
    });
  for (const line of faults) console.error(line);
  return faults.length === 0;
}

/** @param {string} file @returns {string[]} from the root of the project */
function importsOf(file) {
  return [...text(file).matchAll(IMPORT)].map(([, specifier = '']) =>
    path.posix.join(path.posix.dirname(file), specifier),
  );
}

/** @param {string} file */
function text(file) {
  return readFileSync(path.join(PROJECT, file), 'utf8');
}
