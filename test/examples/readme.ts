/** Runs the commands of README.md as a reader copies them, and compares the answers that it shows. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Checks } from '../conformance/report.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const BLOCK = /^```(sh|json)\n(.*?)^```$/gms;
const LOCAL = 'http://localhost:8787';

const BLOCKS = [...README.matchAll(BLOCK)].map(([, language, text = '']) => ({ language, text }));
const ANSWER = BLOCKS.find(({ language }) => language === 'json')?.text ?? '';
/** Other commands install, start or deploy. */
const [CLASSIFY = '', TEACH = ''] = BLOCKS.map(({ text }) => text).filter((text) => text.includes('curl '));

async function output(commands: string, url: string): Promise<string> {
  const script = commands.replaceAll(LOCAL, url).replaceAll('curl ', 'curl --silent --show-error ');
  const { stdout } = await promisify(execFile)('sh', ['-ec', script], { cwd: ROOT });
  return stdout;
}

/** @param url a Worker that lets every caller teach. */
export function readmeChecks(url: string): Checks {
  return {
    'README: the command of the quick start gives the answer below it': async () => {
      assert.deepEqual(JSON.parse(await output(CLASSIFY, url)), JSON.parse(ANSWER));
    },

    'README: own classes have the scores that it names': async () => {
      const printed = await output(TEACH, url);
      const { predictions } = JSON.parse(printed.slice(printed.lastIndexOf('{"predictions"')));
      assert.equal(predictions.length, 2, printed);
      for (const { label, score } of predictions) {
        const shown = `\`${label}\` ${Number(score).toFixed(2)}`;
        assert.ok(README.includes(shown), `README.md does not have ${shown}.`);
      }
    },
  };
}
