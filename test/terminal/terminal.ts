/**
 * What a person sees in a terminal: `--help` of every script before anything is installed, and `npm start`.
 *
 *     node test/terminal/terminal.ts
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { claimPort, LOOPBACK } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal, start, stop } from '../../scripts/process.mjs';
import { requestLines } from '../../scripts/request-lines.mjs';
import { nodeBinary, npm, PROJECT } from '../../scripts/toolchain.mjs';
import { report } from '../conformance/report.ts';

/** What a clone does not contain. */
const NOT_CLONED = new Set(['node_modules', '.git', '.wrangler', 'vendor', 'dist', 'state']);

/** Enough for the first start on a busy machine. */
const START_MS = 180_000;

/** Their programs have options of their own. */
const WITH_OPTIONS = [
  'classify',
  'kinds',
  'differ',
  'fuzz',
  'soak',
  'account',
  'bench',
  'eval',
  'jobs',
  'teach',
  'setup',
];

const run = promisify(execFile);
const AT_NOON = () => new Date(2026, 0, 1, 12, 0, 0);

const LOGGED =
  '{"request_id":"1","version":"2","method":"POST","route":"/v1/classify","status":200,"bytes":2838,"pixels":120000,"pictures":1,"caller":"anonymous","format":"webp","cache":"hit"}';

endChildrenOnSignal();
await report({
  'a request is one line, with what the log says of it': async () => {
    const print = requestLines(AT_NOON);
    assert.equal(print(LOGGED), undefined);
    assert.equal(
      print('[wrangler:info] POST /v1/classify?top_k=2 200 OK (12ms)'),
      '12:00:00  POST /v1/classify?top_k=2                200     12 ms  webp, 3 KiB, cached',
    );
    // What was printed once is not repeated for the next request.
    assert.match(print('[wrangler:info] POST /v1/classify 200 OK (9ms)') ?? '', /200 +9 ms$/);
  },
  'a refusal has its code, a batch its number, a route of a pattern is found': async () => {
    const print = requestLines(AT_NOON);
    print(
      LOGGED.replace('200', '415').replace(
        '"cache":"hit"',
        '"cache":"miss","code":"image_format_unsupported"',
      ),
    );
    print(LOGGED.replace('"pictures":1', '"pictures":3').replace('/v1/classify', '/v1/batch'));
    print(LOGGED.replace('/v1/classify', '/v2/models/:name/infer'));
    assert.match(print('[wrangler:info] POST /v2/models/a/infer 200 OK (1ms)') ?? '', /1 ms {2}webp, 3 KiB/);
    assert.match(print('[wrangler:info] POST /v1/batch 200 OK (1ms)') ?? '', /1 ms {2}3 pictures, 3 KiB/);
    assert.match(
      print('[wrangler:info] POST /v1/classify 415 Unsupported Media Type (4ms)') ?? '',
      /4 ms {2}image_format_unsupported, webp, 3 KiB$/,
    );
  },
  'errors and warnings are printed as they are': async () => {
    const print = requestLines(AT_NOON);
    const error = '✘ [ERROR] Uncaught TypeError: no';
    assert.equal(print(error), error);
    assert.equal(print('⎔ Starting local server...'), undefined);
  },
  'every script of package.json answers --help, where nothing is installed, and installs nothing': () =>
    inClone(async (folder) => {
      const { scripts } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
      for (const [name, command] of Object.entries<string>(scripts)) {
        if (name === 'prepare') continue;
        const [, program = ''] = /^node (\S+)$/.exec(command) ?? assert.fail(`${name} is ${command}`);
        const { stdout } = await run(nodeBinary(), [program, '--help'], { cwd: folder }).catch((error) =>
          assert.fail(`${name}: ${error.stderr.slice(0, 300)}`),
        );
        assert.match(stdout, new RegExp(`^\`npm (run )?${name}\\b`), name);
        assert.doesNotMatch(stdout, /@usage/, name);
        if (WITH_OPTIONS.includes(name)) assert.match(stdout, /^ {2}--\w+ /m, name);
      }
      assert.ok(!(await readdir(folder)).includes('node_modules'));
    }),
  'npm start prints a command that works, and a line for the request': async () => {
    const port = await claimPort(LOOPBACK, 0);
    const child = start(npm(['start', '--', '--port', String(port)]), { output: 'pipe' });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
    try {
      const [, picture = '', url = ''] = await until(() => /curl --data-binary @(\S+) (\S+)/.exec(text));
      const body = new Uint8Array(await readFile(path.join(PROJECT, picture)));
      const response = await fetch(url, { method: 'POST', body });
      assert.equal(response.status, 200);
      await until(() => /^\d\d:\d\d:\d\d {2}POST \/v1\/classify +200 +\d+ ms {2}webp, \d+ KiB/m.exec(text));
      assert.doesNotMatch(text, /\[wrangler:info\]|request_id|Binding/);
    } catch (error) {
      console.log(text.slice(-2000));
      throw error;
    } finally {
      await stop(child);
    }
  },
});
process.exit();

async function inClone(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mobilenet-edge-clone-'));
  try {
    for (const name of await readdir(PROJECT))
      if (!NOT_CLONED.has(name))
        await cp(path.join(PROJECT, name), path.join(folder, name), { recursive: true, filter });
    await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function filter(source: string): boolean {
  return path.basename(source) !== 'node_modules';
}

async function until<T>(found: () => T | null): Promise<T> {
  const end = Date.now() + START_MS;
  for (;;) {
    const value = found();
    if (value !== null) return value;
    if (Date.now() > end) throw new Error('it did not come');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
