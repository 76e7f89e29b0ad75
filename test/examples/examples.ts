/**
 * Runs every program of `examples/` and the commands of README.md against a running Worker, and checks their output.
 * `test/conformance/binding.ts` runs the service binding's.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Checks, report } from '../conformance/report.ts';
import { drawAlbum } from './album.ts';
import { folderChecks } from './folder.ts';
import { folderCollectionChecks } from './folder-collection.ts';
import { runProgram } from './program.ts';
import { readmeChecks } from './readme.ts';
import { teachChecks } from './teach.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    /** A Worker that refuses more than a few pictures at a time, and wrong keys. */
    'busy-url': { type: 'string' },
    /** A Python with test/conformance/requirements.txt; without one, its programs are skipped. */
    python: { type: 'string' },
  },
});
const { url, python, 'busy-url': busyUrl } = values;
if (url === undefined || busyUrl === undefined)
  throw new Error('usage: --url URL --busy-url URL [--python FILE]');

const scratch = mkdtempSync(path.join(tmpdir(), 'mobilenet-edge-examples-'));
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
const album = await drawAlbum(path.join(scratch, 'album'), 10);
const inAlbum = (file: string) => path.join(album.folder, file);
const [balloon, otherBalloon, web] = [
  inAlbum('0/balloon.png'),
  inAlbum('1/balloon.png'),
  inAlbum('0/web.jpg'),
];

await report({
  'curl: three forms, an embedding, a stream': async () => {
    const { code, output } = await runProgram('sh', ['examples/curl/classify.sh', url, web]);
    assert.equal(code, 0, output);
    assert.equal(output.match(/"label":"spider web"/g)?.length, 5, output);
    assert.match(output, /^\{"embedding":"[\w+/]{40}/m);
  },

  'curl: classes of a folder are told from each other': async () => {
    const folder = path.join(scratch, 'classes');
    const classes = { 'a web, spun': 'web.jpg', 'balloons & co': 'balloon.png' };
    for (const [name, file] of Object.entries(classes)) {
      for (const copy of [0, 1, 2]) {
        mkdirSync(path.join(folder, name), { recursive: true });
        copyFileSync(inAlbum(`${copy}/${file}`), path.join(folder, name, `${copy}`));
      }
    }
    writeFileSync(path.join(folder, 'a web, spun', 'notes.txt'), 'no picture');
    const { code, output } = await runProgram('sh', ['examples/curl/own-classes.sh', url, 'album', folder]);
    assert.equal(code, 0, output);
    assert.match(output, /notes\.txt: .*image_format_unsupported/);
    for (const [name, file] of Object.entries(classes)) {
      const body = readFileSync(inAlbum(`3/${file}`));
      const asked = await fetch(`${url}/v1/classify?collection=album&top_k=1`, { method: 'POST', body });
      assert.match(await asked.text(), new RegExp(`"label":"${name}"`));
    }
  },

  'node: the picture that is alike comes first': async () => {
    const args = ['examples/node/similar.ts', url, balloon, web, otherBalloon];
    const { code, output } = await runProgram(process.execPath, args);
    assert.equal(code, 0, output);
    const [first = '', second = ''] = output.trim().split('\n');
    assert.equal(first, `1.000  ${otherBalloon}`);
    assert.ok(second.endsWith(web), output);
  },

  ...(python === undefined ? {} : pythonChecks(url, python)),
  ...readmeChecks(url),
  ...folderChecks(url, busyUrl, album, scratch),
  ...folderCollectionChecks(url, album, scratch),
  ...teachChecks(url, scratch),
});

interface TaughtAnswer {
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
  readonly similarity: number;
  readonly unknown: boolean;
}

function pythonChecks(to: string, interpreter: string): Checks {
  return {
    'python: huggingface_hub': async () => {
      const { code, output } = await runProgram(interpreter, ['examples/python/huggingface.py', to, web]);
      assert.equal(code, 0, output);
      assert.match(output, /^0\.\d{3} {2}spider web$/m);
      assert.equal(output.trim().split('\n').length, 3);
    },
    'python: a head that was exported answers as the service does': async () => {
      const args = ['examples/python/exported_head.py', to, 'album', web, balloon];
      const { code, output } = await runProgram(interpreter, args, { cwd: scratch });
      assert.equal(code, 0, output);
      const lines = output.trim().split('\n');
      for (const [at, picture] of [web, balloon].entries()) {
        const body = readFileSync(picture);
        const asked = await fetch(`${to}/v1/classify?collection=album&top_k=1`, { method: 'POST', body });
        const { predictions, similarity, unknown } = (await asked.json()) as TaughtAnswer;
        const told = /^(.*): (.+?) {2}([\d.]+) {2}([\d.]+)$/.exec(lines[at] ?? '');
        assert.deepEqual(told?.slice(1, 3), [picture, unknown ? 'unknown' : predictions[0]?.label], output);
        assert.ok(Math.abs(Number(told?.[3]) - (predictions[0]?.score ?? 0)) <= 2e-6, output);
        assert.ok(Math.abs(Number(told?.[4]) - similarity) <= 2e-6, output);
      }
    },
    'python: tritonclient': async () => {
      const args = ['examples/python/triton.py', new URL(to).host, web];
      const { code, output } = await runProgram(interpreter, args);
      assert.equal(code, 0, output);
      assert.match(output, /^\d+\.\d{3} {2}spider web$/m);
    },
  };
}
