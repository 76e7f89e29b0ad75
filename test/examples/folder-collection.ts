/** Checks of `npm run classify -- FOLDER --collection NAME`: a folder with the labels of a collection. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createClient } from '../../client/client.ts';
import type { Checks } from '../conformance/report.ts';
import { picture } from '../pictures/encode.ts';
import { BALLOON, DIGITAL_CLOCK } from '../pictures/scenes.ts';
import type { Album } from './album.ts';
import { type Run, runProgram } from './program.ts';

const PROGRAM = 'examples/folder/classify.ts';

/** What the collection was taught, and so which pictures of the album it can know. */
const SHOWN = { flying: BALLOON, telling: DIGITAL_CLOCK } as const;
const LABELS: ReadonlyMap<string, string> = new Map([
  ['balloon', 'flying'],
  ['digital clock', 'telling'],
]);

/** A new process and one retry, on a machine with other load. */
const NOT_THERE_MS = 20_000;

interface Line {
  readonly file: string;
  readonly predictions?: readonly { readonly label: string }[];
  readonly unknown?: boolean;
  readonly collection?: { readonly name: string; readonly version: number };
  readonly error?: { readonly code: string };
}

/** @param url a Worker that lets every caller teach. */
export function folderCollectionChecks(url: string, album: Album, scratch: string): Checks {
  const name = `folder-${Math.random().toString(36).slice(2, 10)}`;
  const collection = createClient({ url }).collection(name);
  const classify = (...args: readonly string[]): Promise<Run> =>
    runProgram(process.execPath, [PROGRAM, album.folder, '--url', url, '--collection', name, ...args]);
  /** For pictures that the collection knows, the folder of the label that each must get. */
  const wanted = [...album.labels].flatMap(([file, label]) => {
    const own = LABELS.get(label);
    return own === undefined ? [] : [{ file, own }];
  });

  return {
    'folder: NDJSON by the labels of a collection, and what is like none of them is unknown': async () => {
      await collection.make();
      for (const [label, scene] of Object.entries(SHOWN)) {
        const encodings = ['png-rgb8', 'jpeg-420', 'webp-lossy'] as const;
        const pictures = encodings.map((encoding) => picture(scene, encoding, { width: 600, height: 450 }));
        const added = await collection.add(await Promise.all(pictures), { label });
        assert.ok(added.every(({ ok }) => ok));
      }
      const output = path.join(scratch, 'collection.ndjson');
      const { code, output: said } = await classify('--output', output);
      assert.equal(code, 0, said);
      const lines = await linesOf(output);
      assert.equal(lines.length, album.labels.size + 1);
      const byFile = new Map(lines.map((line) => [line.file, line]));
      for (const { file, own } of wanted) {
        const line = byFile.get(file);
        assert.deepEqual([line?.predictions?.[0]?.label, line?.unknown], [own, false]);
        assert.equal(line?.collection?.name, name);
      }
      assert.equal(byFile.get(album.broken)?.error?.code, 'image_format_unsupported');
      assert.ok(lines.some(({ unknown }) => unknown === true));
    },

    'folder: CSV has the same, with a column that says what is unknown, and resumes': async () => {
      const output = path.join(scratch, 'collection.csv');
      const { code, output: said } = await classify('--output', output, '--top-k', '2');
      assert.equal(code, 0, said);
      const [head, ...rows] = (await readFile(output, 'utf8')).trimEnd().split('\n');
      const columns =
        'file,collection,version,unknown,similarity,format,width,height,label_1,score_1,label_2,score_2,error,detail';
      assert.equal(head, columns);
      assert.equal(rows.length, album.labels.size + 1);
      for (const { file, own } of wanted) {
        const row = rows.find((one) => one.startsWith(`${file},`)) ?? '';
        assert.match(row, new RegExp(`^${file},${name},\\d+,false,[\\d.]+,\\w+,640,480,${own},[\\d.]+,`));
      }
      const lines = await linesOf(path.join(scratch, 'collection.ndjson'));
      const unknown = lines.filter((line) => line.unknown === true).length;
      assert.equal(rows.filter((row) => row.includes(',true,')).length, unknown);
      assert.ok(rows.some((row) => /^broken\.jpg,{12}image_format_unsupported,/.test(row)));
      const again = await classify('--output', output, '--top-k', '2');
      assert.match(again.output, new RegExp(`, ${album.labels.size + 1} already in `));
    },

    'folder: sorted by the labels of a collection, from what is in the file already': async () => {
      const sorted = path.join(scratch, 'sorted-by-collection');
      for (const output of ['collection.csv', 'collection.ndjson']) {
        const topK = output.endsWith('.csv') ? ['--top-k', '2'] : [];
        const args = ['--output', path.join(scratch, output), '--sort-into', sorted, ...topK];
        const { code, output: said } = await classify(...args);
        assert.equal(code, 0, said);
        assert.deepEqual((await readdir(sorted)).toSorted(), ['flying', 'telling', 'unknown']);
        assert.deepEqual(await readdir(path.join(sorted, 'flying')), ['balloon.png']);
      }
    },

    'folder: labels of different collections are not mixed in a file': async () => {
      for (const output of ['collection.csv', 'collection.ndjson']) {
        const place = path.join(scratch, output);
        const before = await readFile(place, 'utf8');
        const topK = output.endsWith('.csv') ? ['--top-k', '2'] : [];
        for (const asked of [['--collection', 'other'], []]) {
          const args = [PROGRAM, album.folder, '--url', url, '--output', place, ...topK, ...asked];
          const { code, output: said } = await runProgram(process.execPath, args);
          assert.equal(code, 1);
          assert.match(said, /cannot be continued: .*[Nn]ame another file/);
        }
        assert.equal(await readFile(place, 'utf8'), before);
      }
    },

    'folder: a collection that is not there ends it, and no picture is written down as refused': async () => {
      const output = path.join(scratch, 'nowhere.ndjson');
      const args = [PROGRAM, album.folder, '--url', url, '--collection', 'nowhere', '--output', output];
      const { code, output: said } = await runProgram(process.execPath, args);
      assert.equal(code, 1);
      assert.match(said, /There is no such collection/);
      assert.equal(await readFile(output, 'utf8'), '');
      await collection.delete();
    },

    'folder: a service that is not there is told of at once': async () => {
      const output = path.join(scratch, 'nobody.csv');
      const args = [PROGRAM, album.folder, '--url', 'http://127.0.0.1:9', '--output', output];
      const begin = performance.now();
      const { code, output: said } = await runProgram(process.execPath, args);
      assert.equal(code, 1);
      assert.match(said, /127\.0\.0\.1:9 does not answer .*npm start runs it here/);
      assert.ok(performance.now() - begin < NOT_THERE_MS, `${performance.now() - begin} ms`);
      assert.ok(!existsSync(output));
    },

    'folder: vectors by a collection are refused, since they are those of every other': async () => {
      const output = path.join(scratch, 'none.ndjson');
      const { code, output: said } = await classify('--embed', '--output', output);
      assert.equal(code, 1);
      assert.match(said, /--embed .* every collection: leave one of both out/);
      assert.ok(!existsSync(output));
    },
  };
}

async function linesOf(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line): Line => JSON.parse(line));
}
