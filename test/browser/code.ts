/** The code that the page shows, copied by its button and run. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { hasPython } from '../../scripts/python.mjs';
import type { Checks } from '../conformance/report.ts';
import { CLOCK, choose } from './files.ts';
import { answered, card, heard, type Site, visit } from './visit.ts';

const run = promisify(execFile);

const CLIPBOARD = { permissions: ['clipboard-read', 'clipboard-write'] };

/** Characters with a meaning in shells, Python and JavaScript. */
const AWKWARD = { ...CLOCK, name: `it's "my" $HOME \`clock\` \\ 100 %.jpg` };

/** How each is run, in the folder of the picture. */
const PROGRAMS: Readonly<Record<string, (code: string, folder: string) => Promise<string>>> = {
  curl: async (code, cwd) => (await run('sh', ['-c', code.replace('curl ', 'curl -s ')], { cwd })).stdout,
  JavaScript: async (code, cwd) => {
    await writeFile(path.join(cwd, 'code.mjs'), code);
    return (await run(process.execPath, ['code.mjs'], { cwd })).stdout;
  },
  Python: async (code, cwd) => (await run('python3', ['-c', code], { cwd })).stdout,
};

/** Missing on some machines, where the check is skipped; in CI it is required. */
const PYTHON = process.env.CI !== undefined || (await hasPython());
if (!PYTHON) console.log('The code in Python is not run: there is no Python on this machine.');

export const codeChecks = (site: Site): Checks => ({
  ...Object.fromEntries(
    tabs().map(([tab, program]) => [
      `${tab} that is copied gets the same answer`,
      () =>
        visit(
          site,
          async (page) => {
            await choose(page, AWKWARD);
            await answered(page);
            const code = await copied(page, AWKWARD.name, tab);
            assert.match(await inFolder((folder) => program(code, folder)), /digital clock/);
          },
          CLIPBOARD,
        ),
    ]),
  ),
  'for a picture by URL they ask for that URL': () =>
    visit(
      site,
      async (page) => {
        const url = "https://elsewhere.example/o'clock.jpg?a=1&b=$HOME";
        await page.getByLabel('Picture at a URL').fill(url);
        await page.getByRole('button', { name: 'Fetch' }).click();
        await answered(page);
        const curl = await copied(page, "o'clock.jpg", 'curl');
        assert.match(await inFolder((folder) => program('curl')(curl, folder)), /"url_host_not_allowed"/);
        for (const [tab] of tabs().filter(([name]) => name !== 'curl')) {
          const code = await copied(page, "o'clock.jpg", tab);
          await assert.rejects(
            inFolder((folder) => program(tab)(code, folder)),
            /elsewhere\.example.*not among those/s,
          );
        }
      },
      CLIPBOARD,
    ),
  'the JSON is the answer': () =>
    visit(
      site,
      async (page) => {
        await choose(page, CLOCK);
        await answered(page);
        const shown = JSON.parse(await copied(page, CLOCK.name, 'JSON'));
        const response = await fetch(`${site.url}/v1/classify?top_k=5`, {
          method: 'POST',
          body: new Uint8Array(CLOCK.buffer),
        });
        assert.deepEqual(shown, await response.json());
      },
      CLIPBOARD,
    ),
  'without leave for the clipboard the code is selected': () =>
    visit(site, async (page) => {
      await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
      await choose(page, CLOCK);
      await answered(page);
      await card(page, CLOCK.name).getByText('Code and JSON').click();
      await card(page, CLOCK.name).getByRole('button', { name: 'Copy curl' }).click();
      await heard(page, /curl is selected/);
      assert.match(await page.evaluate(() => String(getSelection())), /^curl 'http/);
    }),
});

function tabs() {
  return Object.entries(PROGRAMS).filter(([tab]) => PYTHON || tab !== 'Python');
}

function program(tab: string): (code: string, folder: string) => Promise<string> {
  const found = PROGRAMS[tab];
  if (found === undefined) throw new Error(`no way to run ${tab}`);
  return found;
}

async function copied(page: Page, name: string, tab: string): Promise<string> {
  const shown = card(page, name);
  if (!(await shown.getByRole('tablist').isVisible())) await shown.getByText('Code and JSON').click();
  await shown.getByRole('tab', { name: tab }).click();
  await shown.getByRole('button', { name: `Copy ${tab}` }).click();
  await heard(page, new RegExp(`${tab} copied`));
  return page.evaluate(() => navigator.clipboard.readText());
}

async function inFolder(act: (folder: string) => Promise<string>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mobilenet-edge-code-'));
  try {
    await writeFile(path.join(folder, AWKWARD.name), AWKWARD.buffer);
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
