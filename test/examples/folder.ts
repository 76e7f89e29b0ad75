/** Checks of `npm run classify`: its output, and that an interruption, a busy service or a wrong key lose nothing. */
import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { createPacer } from '../../examples/folder/pacer.ts';
import { shrunk } from '../../examples/folder/shrink.ts';
import type { Checks } from '../conformance/report.ts';
import { picture } from '../pictures/encode.ts';
import { DIGITAL_CLOCK } from '../pictures/scenes.ts';
import type { Album } from './album.ts';
import { occupy, untilStatus } from './busy.ts';
import { type Run, type RunOptions, runProgram } from './program.ts';

const PROGRAM = 'examples/folder/classify.ts';

/** Longer than the program takes until its first picture. */
const BUSY_MS = 5_000;

interface Line {
  readonly file: string;
  readonly predictions?: readonly { readonly label: string }[];
  readonly error?: { readonly code: string };
}

/**
 * @param url a Worker that answers everybody.
 * @param busyUrl one that refuses more than a few pictures at a time, and wrong keys.
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
        /^"0\/puzzles\/one, with ""quotes"".png",crossword puzzle,object > document > crossword puzzle,png,640,480,crossword puzzle,0\.\d+,n\d+,\d+,,$/m,
      );
      assert.match(text, /^broken\.jpg,,,,,,,,,,image_format_unsupported,/m);
      assert.equal(text.trimEnd().split('\n').length, album.labels.size + 2);
    },

    'folder: sorted by tags, each picture stays where it is, and a second run changes nothing': async () => {
      const [output, sorted] = [path.join(scratch, 'sorted.ndjson'), path.join(scratch, 'sorted')];
      const before = await filesIn(album.folder);
      const mine = path.join(sorted, 'object/balloon.png');
      await mkdir(path.dirname(mine), { recursive: true });
      await writeFile(mine, 'what somebody keeps there');
      const args = ['--output', output, '--sort-into', sorted];
      const first = await classify(url, args);
      assert.equal(first.code, 0, first.output);
      const places = await filesIn(sorted);
      assert.deepEqual(
        [...places.keys()],
        [
          'object/balloon.png',
          'object/document/crossword puzzle/one, with "quotes".png',
          'object/measuring instrument/clock or watch/digital clock/clock.webp',
          'object/spider web/web.jpg',
          'vehicle/aircraft/balloon/balloon.png',
        ],
      );
      assert.equal(await readFile(mine, 'utf8'), 'what somebody keeps there');
      assert.deepEqual(await filesIn(album.folder), before);
      const second = await classify(url, args);
      assert.equal(second.code, 0, second.output);
      assert.deepEqual(await filesIn(sorted), places);
    },

    'folder: what was classified before is sorted too, from CSV as well, and other pictures of a name beside it':
      async () => {
        const [output, sorted] = [path.join(scratch, 'whole.csv'), path.join(scratch, 'later')];
        const taken = path.join(sorted, 'object/spider web/web.jpg');
        await mkdir(path.dirname(taken), { recursive: true });
        await writeFile(taken, 'another web');
        const { code, output: said } = await classify(url, ['--output', output, '--sort-into', sorted]);
        assert.equal(code, 0, said);
        assert.match(said, new RegExp(`, ${album.labels.size + 1} already in `));
        const places = await filesIn(sorted);
        assert.equal(places.size, 5);
        assert.ok(places.has('object/spider web/web (2).jpg'));
        assert.equal(await readFile(taken, 'utf8'), 'another web');
      },

    'folder: it sorts into no folder that it takes pictures from': async () => {
      const output = path.join(scratch, 'within.csv');
      const args = ['--output', output, '--sort-into', path.join(album.folder, 'sorted')];
      const { code, output: said } = await classify(url, args);
      assert.equal(code, 1);
      assert.match(said, /--sort-into .* lies in /);
      assert.ok(!existsSync(output));
    },

    'folder: killed and started again, it asks only for the rest': async () => {
      const output = path.join(scratch, 'resumed.ndjson');
      const some = () => existsSync(output) && statSync(output).size > 0;
      const broken = await classify(url, ['--output', output, '--batches', '1'], { killWhen: some });
      assert.equal(broken.code, null, `It ended before it could be killed: ${broken.output}`);
      const before = await linesOf(output);
      assert.ok(before.length > 0 && before.length < album.labels.size, `${before.length} lines`);
      // The incomplete line that a power cut leaves.
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
      const running = classify(busyUrl, ['--output', output, '--batches', '8']);
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

    'folder: vectors as NDJSON, of each picture that is one': async () => {
      const output = path.join(scratch, 'vectors.ndjson');
      const { code, output: said } = await classify(url, ['--embed', '--output', output]);
      assert.equal(code, 0, said);
      const lines = (await linesOf(output)) as readonly (Line & { readonly embedding?: string })[];
      assert.equal(lines.length, album.labels.size + 1);
      for (const { file, embedding = '' } of lines) {
        const bytes = Buffer.from(embedding, 'base64').length;
        assert.equal(bytes, file === album.broken ? 0 : 4096);
      }
    },

    'folder: a large picture is made smaller, is seen alike, and is listed with its own size': async () => {
      const size = { width: 2400, height: 1800 };
      const [folder, output] = [path.join(scratch, 'large'), path.join(scratch, 'large.ndjson')];
      await mkdir(folder);
      const bytes = await picture(DIGITAL_CLOCK, 'png-rgb8', size);
      await writeFile(path.join(folder, 'clock.png'), bytes);
      const small = await shrunk(Uint8Array.from(bytes));
      assert.ok(small.bytes.length < bytes.length);
      assert.deepEqual(small.was, { format: 'png', ...size, orientation: 1 });
      const { width, height } = await sharp(small.bytes).metadata();
      assert.deepEqual({ width, height }, { width: 683, height: 512 });
      const args = [PROGRAM, folder, '--url', url, '--shrink', '--output', output];
      const { code, output: said } = await runProgram(process.execPath, args);
      assert.equal(code, 0, said);
      const [line] = (await linesOf(output)) as readonly (Line & { readonly image?: object })[];
      assert.equal(line?.predictions?.[0]?.label, 'digital clock');
      assert.deepEqual(line?.image, { format: 'png', ...size, orientation: 1 });
    },

    'folder: requests keep within the rate limit, and wait no longer than it wants': async () => {
      let now = 0;
      const wait = createPacer({ requests: 3, period_seconds: 10 }, () => now);
      const times: number[] = [];
      for (let i = 0; i < 9; i++) {
        times.push(now + wait());
        now += 100;
      }
      assert.deepEqual(times, [0, 100, 200, 10_000, 10_100, 10_200, 20_000, 20_100, 20_200]);
      assert.equal(createPacer(null)(), 0);
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

/** The contents of the files below a folder, by relative path. */
async function filesIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const found = await Promise.all(
    files.map(
      async (file) => [path.relative(folder, file), (await readFile(file)).toString('base64')] as const,
    ),
  );
  return new Map(found.toSorted());
}

async function linesOf(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line): Line => JSON.parse(line));
}
