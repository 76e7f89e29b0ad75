/** Checks of `npm run classify`: what it writes, and that a break, a busy service or a wrong key lose nothing. */
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { appendFile, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Checks } from '../conformance/report.ts';
import type { Album } from './album.ts';
import { occupy, untilStatus } from './busy.ts';
import { type Run, type RunOptions, runProgram } from './program.ts';

const PROGRAM = 'examples/folder/classify.ts';

/** Longer than the program takes to its first picture. */
const BUSY_MS = 5_000;

interface Line {
  readonly file: string;
  readonly predictions?: readonly { readonly label: string }[];
  readonly error?: { readonly code: string };
}

/**
 * @param url of a Worker that answers everybody.
 * @param busyUrl of one that refuses more than a few pictures at a time, and wrong keys.
 */
export function folderChecks(url: string, busyUrl: string, album: Album, scratch: string): Checks {
  const classify = (to: string, args: readonly string[], options?: RunOptions): Promise<Run> =>
    runProgram(process.execPath, [PROGRAM, album.folder, '--url', to, ...args], options);

  return {
    'folder: NDJSON has a line for each picture': async () => {
      const output = path.join(scratch, 'whole.ndjson');
      const { code, output: said } = await classify(url, ['--output', output]);
      assert.equal(code, 0, said);
      expectWhole(await linesOf(output), album);
    },

    'folder: CSV has the same, and quotes where it must': async () => {
      const output = path.join(scratch, 'whole.csv');
      const { code, output: said } = await classify(url, ['--output', output]);
      assert.equal(code, 0, said);
      const text = await readFile(output, 'utf8');
      assert.match(
        text,
        /^"0\/puzzles\/one, with ""quotes"".png",png,640,480,crossword puzzle,0\.\d+,n\d+,\d+,,$/m,
      );
      assert.match(text, /^broken\.jpg,,,,,,,,image_format_unsupported,/m);
      assert.equal(text.trimEnd().split('\n').length, album.labels.size + 2);
    },

    'folder: killed and started again, it asks only for the rest': async () => {
      const output = path.join(scratch, 'resumed.ndjson');
      const some = () => existsSync(output) && statSync(output).size > 0;
      const broken = await classify(url, ['--output', output, '--connections', '1'], { killWhen: some });
      assert.equal(broken.code, null, `It ended before it could be killed: ${broken.output}`);
      const before = await linesOf(output);
      assert.ok(before.length > 0 && before.length < album.labels.size, `${before.length} lines`);
      // What a power cut leaves of the next line.
      await appendFile(output, '{"file":"0/bal');
      const { code, output: said } = await classify(url, ['--output', output]);
      assert.equal(code, 0, said);
      assert.match(said, new RegExp(`, ${before.length} already in `));
      expectWhole(await linesOf(output), album);
    },

    'folder: a busy service is asked again': async () => {
      const output = path.join(scratch, 'busy.ndjson');
      const release = await occupy(busyUrl, 2);
      const picture = new Uint8Array(await readFile(path.join(album.folder, '0/balloon.png')));
      await untilStatus(busyUrl, picture, 429);
      const running = classify(busyUrl, ['--output', output, '--connections', '8']);
      setTimeout(release, BUSY_MS);
      const { code, output: said } = await running;
      assert.equal(code, 0, said);
      expectWhole(await linesOf(output), album);
    },

    'folder: a wrong key ends it, with the reason, before anything is written': async () => {
      const output = path.join(scratch, 'refused.csv');
      const options = { env: { MOBILENET_EDGE_KEY: 'wrong' } };
      const { code, output: said } = await classify(busyUrl, ['--output', output], options);
      assert.equal(code, 1);
      assert.match(said, /key/i);
      assert.equal((await readFile(output, 'utf8')).split('\n').length, 2);
    },

    'folder: other columns than the file has are not mixed in': async () => {
      const output = path.join(scratch, 'whole.csv');
      const { size } = await stat(output);
      const { code, output: said } = await classify(url, ['--output', output, '--top-k', '3']);
      assert.equal(code, 1);
      assert.match(said, /--top-k/);
      assert.equal((await stat(output)).size, size);
    },
  };
}

function expectWhole(lines: readonly Line[], { labels, broken }: Album): void {
  const found = lines.map(({ file, predictions, error }) => [file, predictions?.[0]?.label ?? error?.code]);
  const wanted = [...labels, [broken, 'image_format_unsupported']];
  assert.deepEqual(found.toSorted(), wanted.toSorted());
}

async function linesOf(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line): Line => JSON.parse(line));
}
