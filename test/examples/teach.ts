/** Checks of `npm run teach`: what it adds, that it resumes where it stopped, and its summary. */
import assert from 'node:assert/strict';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '../../client/client.ts';
import type { Checks } from '../conformance/report.ts';
import { type Run, runProgram } from './program.ts';
import { drawSeries } from './series.ts';

const PROGRAM = 'examples/folder/teach.ts';
const EACH = 6;

/** @param url a Worker that lets every caller teach. */
export function teachChecks(url: string, scratch: string): Checks {
  const folder = path.join(scratch, 'parts');
  const name = `taught-${Math.random().toString(36).slice(2, 10)}`;
  const collection = createClient({ url }).collection(name);
  const teach = (...args: readonly string[]): Promise<Run> =>
    runProgram(process.execPath, [PROGRAM, folder, '--name', name, '--url', url, ...args]);

  return {
    'teach: a folder of folders becomes a collection that answers': async () => {
      await drawSeries(folder, EACH);
      const { code, output } = await teach();
      assert.equal(code, 0, output);
      assert.match(output, /18 pictures in .*, 0 of them already in taught-/);
      assert.match(output, /balloon +6 pictures +[\d.]+ %/);
      assert.match(output, /[\d.]+ % of 18 pictures get their label when they are left out/);
      assert.match(output, /Taken for another label|No label is taken for another/);
      const [, address = ''] = output.match(/curl --data-binary @photo\.jpg '(.*)'/) ?? [];
      const body = Uint8Array.from(await readFile(path.join(folder, 'balloon', '0.png')));
      const answer = (await (await fetch(address, { method: 'POST', body })).json()) as {
        readonly predictions: readonly { readonly label: string }[];
        readonly nearest: readonly { readonly similarity: number }[];
      };
      assert.equal(answer.predictions[0]?.label, 'balloon');
      assert.ok((answer.nearest[0]?.similarity ?? 0) > 0.999);
    },

    'teach: started again it adds what is new, moves what has another label, and says which files are wrong':
      async () => {
        await mkdir(path.join(folder, 'wrong'));
        await cp(path.join(folder, 'balloon', '0.png'), path.join(folder, 'web', 'moved.png'));
        await rm(path.join(folder, 'balloon', '0.png'));
        await writeFile(path.join(folder, 'wrong', 'none.jpg'), 'no picture');
        await writeFile(path.join(folder, 'alone.jpg'), 'no folder');
        const { code, output } = await teach();
        assert.equal(code, 1, output);
        assert.match(output, /19 pictures in .*, 17 of them already in/);
        assert.match(output, /wrong\/none\.jpg: /);
        assert.match(output, /alone\.jpg is in no folder of its own/);
        assert.match(output, /web for balloon: 1\n\s+web\/moved\.png/);
        const { labels } = await collection.status();
        assert.deepEqual(
          labels.map(({ label, count }) => [label, count]),
          [
            ['balloon', EACH - 1],
            ['clock', EACH],
            ['web', EACH + 1],
          ],
        );
      },

    'teach: says what is wrong with the name, the folder, and a service that is not there': async () => {
      const wrongName = await runProgram(process.execPath, [
        PROGRAM,
        folder,
        '--name',
        'Parts',
        '--url',
        url,
      ]);
      assert.equal(wrongName.code, 1);
      assert.match(wrongName.output, /1 to 63 characters/);
      const nothing = await runProgram(process.execPath, [PROGRAM, path.join(folder, 'web'), '--name', name]);
      assert.match(nothing.output, /has no folders with pictures/);
      const nobody = ['--name', name, '--url', 'http://127.0.0.1:9'];
      assert.match(
        (await runProgram(process.execPath, [PROGRAM, folder, ...nobody])).output,
        /npm start runs it/,
      );
      await collection.delete();
    },
  };
}
