/** Saving the answers as a file. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import type { Checks } from '../conformance/report.ts';
import { BALL, BALLOON_FILE, CLOCK, choose, TEXT } from './files.ts';
import { answered, type Site, visit } from './visit.ts';

const AWKWARD = { ...CLOCK, name: '=1+1, "clock".jpg' };

export const downloadChecks = (site: Site): Checks => ({
  'CSV has a row for each picture, with the columns of npm run classify': () =>
    visit(site, async (page) => {
      await choose(page, AWKWARD, BALL, TEXT);
      await answered(page);
      const [name, text] = await saved(page, 'CSV');
      assert.equal(name, 'labels.csv');
      const [head = '', clock = '', ball = '', text_ = '', end] = text.split('\r\n');
      assert.match(
        head,
        /^\uFEFFfile,tag,path,format,width,height,label_1,score_1,synset_1,index_1,.*,index_5,error,detail$/,
      );
      assert.ok(clock.startsWith(`"'=1+1, ""clock"".jpg",digital clock,object > measuring`), clock);
      assert.match(ball, /^ball\.jpg,golf ball,.*,jpeg,320,240,golf ball,0\.\d+,n\d{8},574,/);
      assert.match(text_, /^notes\.txt,,,,,(,){20},image_format_unsupported,/);
      assert.equal(end, '');
    }),
  'JSON has the answers whole': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK, TEXT);
      await answered(page);
      const [name, text] = await saved(page, 'JSON');
      assert.equal(name, 'labels.json');
      const [clock, none] = JSON.parse(text);
      assert.deepEqual(
        [clock.file, clock.answer.tag, clock.answer.predictions.length],
        ['clock.jpg', 'digital clock', 5],
      );
      assert.deepEqual([none.file, none.error.code], ['notes.txt', 'image_format_unsupported']);
    }),
  'what is filtered out is left out': () =>
    visit(site, async (page) => {
      await choose(page, CLOCK, BALL, BALLOON_FILE);
      await answered(page);
      await page.getByRole('button', { name: 'vehicle 1' }).click();
      const [, text] = await saved(page, 'JSON');
      assert.deepEqual(
        JSON.parse(text).map(({ file }: { file: string }) => file),
        ['balloon.jpg'],
      );
    }),
});

async function saved(page: Page, kind: 'CSV' | 'JSON'): Promise<readonly [name: string, text: string]> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: `Download as ${kind}` }).click(),
  ]);
  return [download.suggestedFilename(), await readFile(await download.path(), 'utf8')];
}
