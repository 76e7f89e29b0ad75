/**
 * Answers `--help` for any script: prints the comment at its head, and the options of the program named there by a line
 * `@usage FILE`. It must be imported first: it needs nothing that is installed, and nothing has been started yet.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { PROJECT } from './toolchain.mjs';

const ASKED = ['--help', '-h'];

const program = process.argv[1];
if (program?.endsWith('.mjs') && process.argv.slice(2).some((argument) => ASKED.includes(argument))) {
  console.log(head(program));
  process.exit(0);
}

/**
 * @param {string} file
 * @returns {string} its help
 */
function head(file) {
  const [, comment] = /^\/\*\*\n(.*?)\n \*\//s.exec(readFileSync(file, 'utf8')) ?? [];
  if (comment === undefined) return `${path.basename(file)} has no help.`;
  return comment
    .split('\n')
    .map((line) => line.replace(/^ \* ?/, ''))
    .map((line) => (line.startsWith('@usage ') ? usage(line.slice('@usage '.length)) : line))
    .join('\n');
}

/**
 * @param {string} program a file of the project
 * @returns {string} the usage text of that program
 */
function usage(program) {
  const text = readFileSync(path.join(PROJECT, program), 'utf8');
  const [, found] = /const USAGE = `(.*?)`;/s.exec(text) ?? [];
  if (found === undefined) throw new Error(`${program} has no USAGE`);
  return `${found}\n`;
}
