/**
 * Tests the pages in a real browser against a running Worker: every input, every message, and that nothing else
 * happens. `npm run browser` finds the browser and starts this.
 *
 *     node test/browser/browser.ts --chromium /usr/bin/chromium [--only keyboard]
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { temporaryWorker } from '../../scripts/dev-server.mjs';
import { endChildrenOnSignal } from '../../scripts/process.mjs';
import { FORM_BYTES } from '../../src/input/form-bounds.ts';
import { type Checks, report } from '../conformance/report.ts';
import { answerChecks } from './answer.ts';
import { clientChecks } from './client.ts';
import { codeChecks } from './code.ts';
import { docsChecks } from './docs.ts';
import { downloadChecks } from './download.ts';
import { errorChecks } from './errors.ts';
import { exampleChecks } from './example.ts';
import { formatChecks } from './formats.ts';
import { heatChecks } from './heat.ts';
import { intakeChecks } from './intake.ts';
import { keyChecks } from './key.ts';
import { keyboardChecks } from './keyboard.ts';
import { liveChecks } from './live.ts';
import { looksChecks } from './looks.ts';
import { policyChecks } from './policy.ts';
import { shrinkChecks } from './shrink.ts';
import { similarChecks } from './similar.ts';
import { tagChecks } from './tags.ts';
import { teachChecks } from './teach.ts';
import type { Site } from './visit.ts';

/** Accepts small files only, and not two of the largest at once. */
const SMALL_BYTES = 300_000;

const KEY = 'mne_browser-test';

const { values } = parseArgs({ options: { chromium: { type: 'string' }, only: { type: 'string' } } });
if (values.chromium === undefined) throw new Error('usage: --chromium FILE [--only TOPIC]');

endChildrenOnSignal();
const browser = await chromium.launch({
  executablePath: values.chromium,
  // A camera that shows a pattern.
  args: ['--use-fake-device-for-media-stream'],
});
const open = await temporaryWorker(['--var', 'URL_HOSTS:photos.example', '--var', 'CORS_ORIGINS:*']);
const closed = await temporaryWorker(
  Object.entries({
    ALLOW_ANONYMOUS: 'false',
    API_KEYS: `browser:${createHash('sha256').update(KEY).digest('hex')}`,
    MAX_IMAGE_BYTES: SMALL_BYTES,
    MAX_JSON_BYTES: SMALL_BYTES / 2,
    MAX_TENSOR_BYTES: SMALL_BYTES / 2,
    MAX_INFLIGHT_BYTES: SMALL_BYTES + FORM_BYTES,
  }).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
);

try {
  const site: Site = { browser, url: open.url };
  const guarded: Site = { browser, url: closed.url };
  const topics: Record<string, () => Checks> = {
    intake: () => intakeChecks(site),
    answer: () => answerChecks(site),
    shrink: () => shrinkChecks(site),
    heat: () => heatChecks(site),
    live: () => liveChecks(site),
    download: () => downloadChecks(site),
    formats: () => formatChecks(site),
    errors: () => errorChecks(site),
    key: () => keyChecks(guarded, KEY, SMALL_BYTES),
    keyboard: () => keyboardChecks(site),
    code: () => codeChecks(site),
    teach: () => teachChecks(site, guarded, KEY),
    similar: () => similarChecks(site),
    tags: () => tagChecks(site),
    looks: () => looksChecks(site),
    policy: () => policyChecks(site),
    docs: () => docsChecks(site),
    client: () => clientChecks(site),
  };
  // The Python of `npm run examples`.
  if (values.only === 'example') await report(exampleChecks(site));
  for (const [topic, checks] of Object.entries(topics)) {
    if (values.only === undefined || values.only === topic) await report(checks());
  }
} finally {
  await browser.close();
  await open.close();
  await closed.close();
}
