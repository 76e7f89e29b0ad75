/**
 * Answers `--help` for whichever script is run, with the comment at its head: imported first, it needs nothing that is
 * installed, and nothing has been started yet.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const ASKED = ['--help', '-h'];

const program = process.argv[1];
if (program?.endsWith('.mjs') && process.argv.slice(2).some((argument) => ASKED.includes(argument))) {
  console.log(head(program));
  process.exit(0);
}

/**
 * @param {string} file
 * @returns {string} the comment at its head, as text
 */
function head(file) {
  const [, comment] = /^\/\*\*\n(.*?)\n \*\//s.exec(readFileSync(file, 'utf8')) ?? [];
  if (comment === undefined) return `${path.basename(file)} says nothing of itself.`;
  return comment
    .split('\n')
    .map((line) => line.replace(/^ \* ?/, ''))
    .join('\n');
}
