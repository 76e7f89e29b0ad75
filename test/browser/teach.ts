/**
 * Own classes on the page: taught from files and camera, queried, corrected; with the service, and in the tab alone.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Locator, Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { picture } from '../pictures/encode.ts';
import { BALLOON, DIGITAL_CLOCK, GOLF_BALL, type Scene } from '../pictures/scenes.ts';
import { accessible, SCREENS, WATCHED } from './axe.ts';
import { answersAsCollection, sent } from './example.ts';
import { CLOCK, carried, TEXT, type VisitorsFile } from './files.ts';
import { fits } from './looks.ts';
import { heard, type Site, visit } from './visit.ts';

const ALLOWED = { permissions: ['camera'] };

/** Examples that are trained on for a second or so. */
const MANY = 1000;

/** The same thing in frames of several sizes. */
function views(name: string, scene: Scene, count: number, from = 0): Promise<VisitorsFile[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const size = { width: 260 + 24 * (from + i), height: 240 + 16 * ((from + i) % 3) };
      const buffer = Buffer.from(await picture(scene, 'jpeg-420', size));
      return { name: `${name}-${from + i}.jpg`, mimeType: 'image/jpeg', buffer };
    }),
  );
}

const CLOCKS = await views('clock', DIGITAL_CLOCK, 5);
const BALLS = await views('ball', GOLF_BALL, 5);
const [NEW_CLOCK] = await views('new-clock', DIGITAL_CLOCK, 1, 7);
const [NEW_BALL] = await views('new-ball', GOLF_BALL, 1, 7);
const [STRANGER] = await views('balloon', BALLOON, 1);

let collections = 0;

/** A collection that no other check uses. */
const fresh = () => ({ path: `/#teach/check-${++collections}` });

export const teachChecks = (site: Site, guarded: Site, key: string): Checks => ({
  'two classes by files: counts, how often it is right, an answer and the code to ask for it': () =>
    visit(
      site,
      async (page) => {
        await teach(page);
        await page.getByText('10 of 10 pictures are named rightly').waitFor();
        await page.getByText('5 of 10 · 100 % right').first().waitFor();
        assert.equal(await asked(page, NEW_CLOCK), 'clock');
        assert.equal(await asked(page, NEW_BALL), 'ball');
        await heard(page, /new-ball-7\.jpg: ball\./);
        const code = await page.locator('#use pre:visible').textContent();
        assert.match(code ?? '', new RegExp(`curl '${site.url}/v1/classify\\?collection=check-\\d+'`));
      },
      fresh(),
    ),
  'unknown is told, and “This is …” teaches it': () =>
    visit(
      site,
      async (page) => {
        await teach(page);
        assert.equal(await asked(page, STRANGER), 'Unknown');
        await page.getByRole('button', { name: 'Add a class' }).click();
        await named(column(page, 2), 'balloon');
        const corrections = page.getByRole('group', { name: 'This is …' });
        await corrections.getByRole('button', { name: 'balloon' }).click();
        await page.locator('.named strong', { hasText: 'balloon' }).waitFor();
        await heard(page, /Added to balloon\./);
        assert.equal(await column(page, 2).locator('.tile').count(), 1);
      },
      fresh(),
    ),
  'pictures that are taken for another class are shown, and moved by a button': () =>
    visit(
      site,
      async (page) => {
        await teach(page, [...CLOCKS, BALLS[0] as VisitorsFile], BALLS.slice(1));
        const wrong = page.getByRole('list', { name: 'Pictures that are taken for another class' });
        await page.getByText('clock, taken for ball').waitFor();
        await wrong.getByRole('button', { name: 'It is ball: ball-0.jpg' }).click();
        await wrong.waitFor({ state: 'detached' });
        await page.getByText('10 of 10 pictures are named rightly').waitFor();
        await column(page, 1).getByRole('button', { name: 'Remove ball-0.jpg from ball' }).waitFor();
        assert.equal(await column(page, 0).locator('.tile').count(), CLOCKS.length);
      },
      fresh(),
    ),
  'a drop goes where it falls, a paste to the class that has the focus, and the same picture twice is one':
    () =>
      visit(
        site,
        async (page) => {
          await dropOn(column(page, 1), page, BALLS.slice(0, 2));
          await count(page, 1, 2);
          await dropOn(column(page, 1), page, BALLS.slice(0, 1));
          await page.waitForFunction(() => !document.querySelector('[data-state="busy"]'));
          await count(page, 1, 2);
          await column(page, 0)
            .getByRole('button', { name: /^Choose/ })
            .focus();
          const data = await carried(page, [CLOCK]);
          await page.evaluate((clipboardData) => {
            const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
            document.activeElement?.dispatchEvent(event);
          }, data);
          await count(page, 0, 1);
          // It belongs to the other class from then on.
          await dropOn(column(page, 0), page, BALLS.slice(0, 1));
          await count(page, 0, 2);
          await count(page, 1, 1);
        },
        fresh(),
      ),
  'a class has another name, and its pictures with it; what is no picture is refused in words': () =>
    visit(
      site,
      async (page) => {
        await teach(page);
        await named(column(page, 0), 'timepiece');
        assert.equal(await asked(page, NEW_CLOCK), 'timepiece');
        await named(column(page, 1), 'timepiece');
        await column(page, 1).getByText('There is a class called timepiece.').waitFor();
        assert.equal(await column(page, 1).getByRole('textbox').inputValue(), 'ball');
        await files(column(page, 1), [TEXT]);
        await column(page, 1)
          .getByText(/notes\.txt: Unsupported image format/)
          .waitFor();
        await count(page, 1, 5);
      },
      fresh(),
    ),
  'it leaves as JSON, as ONNX and as items': () =>
    visit(
      site,
      async (page) => {
        await teach(page);
        const head = JSON.parse((await taken(page, 'JSON ↓', /^check-\d+\.json$/)).toString());
        assert.deepEqual(head.labels, ['ball', 'clock']);
        const onnx = await taken(page, 'ONNX ↓', /\.onnx$/);
        assert.ok(onnx.length > 2 * 1024 * 4 && onnx.includes('probabilities'));
        const items = (await taken(page, 'Items ↓', /\.ndjson$/)).toString().trim().split('\n');
        const labels = items.map((line) => JSON.parse(line).label);
        assert.deepEqual(labels.sort(), [...Array(5).fill('ball'), ...Array(5).fill('clock')]);
        await heard(page, /check-\d+\.ndjson saved\./);
      },
      fresh(),
    ),
  'what was taught is there in another visit, and gone when it is forgotten': async () => {
    const place = fresh();
    await visit(site, (page) => teach(page), place);
    await visit(
      site,
      async (page) => {
        await column(page, 0).getByText('5 of 10 · 100 % right · 5 from before, not shown').waitFor();
        assert.equal(await asked(page, NEW_BALL), 'ball');
        page.on('dialog', (dialog) => dialog.accept());
        await page.getByRole('button', { name: 'Forget these classes' }).click();
        await heard(page, /The classes are forgotten\./);
        await count(page, 0, 0);
        assert.ok(await page.locator('#use').isHidden());
      },
      place,
    );
    const response = await fetch(`${site.url}/v1/collections/${place.path.split('/').pop()}`);
    assert.equal(response.status, 404);
  },
  'by camera: as long as the button is held, and what it sees is named': () =>
    visit(
      site,
      async (page) => {
        await named(column(page, 0), 'pattern');
        await named(column(page, 1), 'clock');
        await files(column(page, 1), CLOCKS);
        await column(page, 0).getByRole('button', { name: 'Camera for pattern' }).click();
        // Enabled as soon as the camera runs.
        const hold = column(page, 0).getByRole('button', { name: 'Hold to record', disabled: false });
        await hold.hover();
        await page.mouse.down();
        await column(page, 0).locator('.tile img').nth(2).waitFor();
        await page.mouse.up();
        await heard(page, /\d+ pictures recorded\./);
        await page.waitForFunction(() => !document.querySelector('[data-state="busy"]'));
        const recorded = await column(page, 0).locator('.tile').count();
        await page.waitForTimeout(700);
        assert.equal(await column(page, 0).locator('.tile').count(), recorded);
        await page.getByRole('button', { name: 'Camera', exact: true }).click();
        await page.locator('.named strong', { hasText: 'pattern' }).waitFor();
        await heard(page, /Camera: pattern\./);
        // Another part of the page does not use it.
        await page.getByRole('link', { name: 'Classify' }).click();
        await page.waitForFunction(() =>
          [...document.querySelectorAll('video')].every(({ srcObject }) => srcObject === null),
        );
      },
      { ...fresh(), ...ALLOWED },
    ),
  'a camera that may not be used is told where it was asked for': () =>
    visit(
      site,
      async (page) => {
        await column(page, 0)
          .getByRole('button', { name: /^Camera for/ })
          .click();
        await column(page, 0)
          .getByText(/not allowed to use the camera\. Allow it/)
          .waitFor();
      },
      fresh(),
    ),
  'by keyboard alone': () =>
    visit(
      site,
      async (page) => {
        await page.getByRole('link', { name: 'Teach' }).focus();
        await page.keyboard.press('Enter');
        await tabTo(page, 'Name of class 1');
        await page.keyboard.press('ControlOrMeta+a');
        await page.keyboard.type('pattern');
        await page.keyboard.press('Enter');
        await tabTo(page, 'Camera for pattern');
        await page.keyboard.press('Enter');
        await column(page, 0).getByRole('button', { name: 'Hold to record' }).waitFor();
        await page.waitForFunction(() => document.activeElement?.textContent === 'Hold to record');
        await page.keyboard.down('Space');
        await column(page, 0).locator('.tile img').nth(1).waitFor();
        await page.keyboard.up('Space');
        await page.waitForFunction(() => !document.querySelector('[data-state="busy"]'));
        // The pictures are one tab stop; arrow keys move among them.
        await page.keyboard.press('Tab');
        const first = await focusedName(page);
        assert.match(first, /^Remove camera-\d+\.jpg from pattern$/);
        await page.keyboard.press('ArrowRight');
        assert.notEqual(await focusedName(page), first);
        const before = await column(page, 0).locator('.tile').count();
        await page.keyboard.press('Enter');
        await count(page, 0, before - 1);
        assert.match(await focusedName(page), /^Remove camera-\d+\.jpg from pattern$/);
        await page.keyboard.press('Tab');
        assert.equal(await focusedName(page), 'Name of class 2');
      },
      { ...fresh(), ...ALLOWED },
    ),
  'without the right to teach it learns in the tab, answers as the service does, and nothing is stored':
    async () => {
      let scores: string[] = [];
      await visit(
        site,
        async (page) => {
          await teach(page);
          await asked(page, STRANGER);
          scores = await page.locator('#trial-answer .score').allTextContents();
        },
        fresh(),
      );
      await visit(
        guarded,
        async (page) => {
          const sent: string[] = [];
          page.on('request', (request) => {
            const { pathname } = new URL(request.url());
            if (request.method() !== 'GET') sent.push(`${request.method()} ${pathname}`);
          });
          await page.getByLabel('API key').fill(key);
          await page.getByRole('button', { name: 'Use key' }).click();
          await page.getByText(/You may not teach this service, so it works in this tab/).waitFor();
          await teach(page);
          await page.getByText('10 of 10 pictures are named rightly').waitFor();
          assert.equal(await asked(page, NEW_CLOCK), 'clock');
          assert.equal(await asked(page, STRANGER), 'Unknown');
          assert.deepEqual(await page.locator('#trial-answer .score').allTextContents(), scores);
          await page.getByText('gone when the tab is closed').waitFor();
          assert.equal(await page.getByRole('button', { name: 'Items ↓' }).count(), 0);
          const head = {
            json: await taken(page, 'JSON ↓', /^my-classes\.json$/),
            onnx: await taken(page, 'ONNX ↓', /^my-classes\.onnx$/),
          };
          await heard(page, /my-classes\.onnx saved\./);
          await usable(site, head, scores);
          assert.deepEqual(
            [...new Set(sent)].filter((request) => !request.endsWith('/train')),
            ['POST /v1/embed'],
          );
          // The state of the tab survives while another part is open.
          await page.getByRole('link', { name: 'Similar' }).click();
          await page.getByRole('link', { name: 'Teach' }).click();
          await count(page, 0, 5);
        },
        { path: '/#teach' },
      );
    },
  'in the tab the page goes on while it trains': () =>
    visit(
      site,
      async (page) => {
        const { took, longest, labels } = await page.evaluate(async (count) => {
          const own = '/playground/teach/training.js';
          const { trainedBeside } = (await import(own)) as {
            trainedBeside(examples: readonly object[]): Promise<{ readonly labels: readonly string[] }>;
          };
          const examples = Array.from({ length: count }, (_, i) => ({
            id: `${i}`,
            label: i % 2 ? 'odd' : 'even',
            embedding: Float32Array.from(
              { length: 1024 },
              (_, at) => ((i * 31 + at * 17 * (1 + (i % 2))) % 101) + 1,
            ),
          }));
          const begin = performance.now();
          let [last, longest] = [begin, 0];
          const ticks = setInterval(() => {
            longest = Math.max(longest, performance.now() - last);
            last = performance.now();
          }, 5);
          const head = await trainedBeside(examples);
          const end = performance.now();
          clearInterval(ticks);
          return { took: end - begin, longest: Math.max(longest, end - last), labels: head.labels };
        }, MANY);
        assert.deepEqual(labels, ['even', 'odd']);
        assert.ok(longest < took / 2, `the page stood still for ${longest} of ${took} ms`);
      },
      fresh(),
    ),
  'where callers need a key it says so': () =>
    visit(
      guarded,
      (page) => page.getByText(/This deployment answers callers with a key: it goes/).waitFor(),
      {
        path: '/#teach',
      },
    ),
  ...Object.fromEntries(
    Object.entries(SCREENS).map(([screen, options]) => [
      `${screen}: empty and with everything, axe finds nothing, and nothing sticks out`,
      () =>
        visit(
          site,
          async (page) => {
            await accessible(page);
            await everything(page);
            await accessible(page);
            await fits(page, options.viewport.width);
          },
          { ...fresh(), ...options, ...WATCHED, ...ALLOWED },
        ),
    ]),
  ),
});

const column = (page: Page, at: number): Locator => page.locator('.column').nth(at);

async function named(place: Locator, name: string): Promise<void> {
  await place.getByRole('textbox').fill(name);
  await place.getByRole('textbox').press('Enter');
}

const files = (place: Locator, some: readonly VisitorsFile[]) =>
  place.locator('input[type="file"]').setInputFiles([...some]);

async function count(page: Page, at: number, pictures: number): Promise<void> {
  await column(page, at)
    .getByText(new RegExp(`^${pictures} (of 10|pictures)`))
    .waitFor();
}

/** Two classes, until their accuracy is known. */
async function teach(page: Page, clocks = CLOCKS, balls = BALLS): Promise<void> {
  await named(column(page, 0), 'clock');
  await named(column(page, 1), 'ball');
  await files(column(page, 0), clocks);
  await files(column(page, 1), balls);
  await count(page, 0, clocks.length);
  await count(page, 1, balls.length);
  await page.getByRole('region', { name: 'How often is it right?' }).waitFor();
}

/** The file that a button saves. */
async function taken(page: Page, button: string, name: RegExp): Promise<Buffer> {
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: button }).click();
  const download = await saved;
  assert.match(download.suggestedFilename(), name);
  return readFile(await download.path());
}

/** What a tab has saved, imported with the right to teach, answers as the tab did; and the example's page uses it. */
async function usable(
  site: Site,
  head: Readonly<Record<'json' | 'onnx', Buffer>>,
  scores: readonly string[],
): Promise<void> {
  const { name, examples, accuracy } = JSON.parse(head.json.toString());
  assert.deepEqual([name, examples, accuracy], ['my-classes', 10, 1]);
  const collection = `${site.url}/v1/collections/from-a-tab`;
  await sent(collection, 'PUT');
  try {
    const json = { 'content-type': 'application/json' };
    await sent(`${collection}/import`, 'POST', Buffer.from(head.json), json);
    assert.ok(NEW_CLOCK && STRANGER);
    const known = await answersAsCollection(site, 'from-a-tab', head, NEW_CLOCK);
    assert.deepEqual([known.predictions[0]?.label, known.unknown], ['clock', false]);
    const unknown = await answersAsCollection(site, 'from-a-tab', head, STRANGER);
    assert.equal(unknown.unknown, true);
    const told = unknown.predictions.map(({ score }) => score);
    for (const [at, text] of scores.entries())
      assert.ok(
        Math.abs(Number.parseFloat(text) / 100 - (told[at] ?? Number.NaN)) < 0.006,
        `${text} is not ${told[at]}`,
      );
  } finally {
    await sent(collection, 'DELETE');
  }
}

/** @returns the name of the file. */
async function asked(page: Page, file: VisitorsFile | undefined): Promise<string> {
  assert.ok(file);
  await page.locator('#trial-file').setInputFiles(file);
  await heard(page, new RegExp(`${file.name}: `));
  return (await page.locator('.named strong').textContent()) ?? '';
}

async function dropOn(place: Locator, page: Page, some: readonly VisitorsFile[]): Promise<void> {
  const dataTransfer = await carried(page, some);
  await place.dispatchEvent('dragover', { dataTransfer });
  await place.dispatchEvent('drop', { dataTransfer });
}

/** Every panel, with a camera, a failure and a misclassified picture. */
async function everything(page: Page): Promise<void> {
  await teach(page, [...CLOCKS, BALLS[0] as VisitorsFile], BALLS.slice(1));
  await files(column(page, 0), [TEXT]);
  await column(page, 0).locator('.failure').waitFor();
  await column(page, 1)
    .getByRole('button', { name: /^Camera for/ })
    .click();
  await asked(page, NEW_CLOCK);
  await page.locator('.wrong-ones').waitFor();
}

async function tabTo(page: Page, name: string): Promise<void> {
  for (let stop = 0; stop < 30; stop++) {
    await page.keyboard.press('Tab');
    if ((await focusedName(page)) === name) return;
  }
  assert.fail(`Tab does not come to ${name}`);
}

function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim();
  });
}
