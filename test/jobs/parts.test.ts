/**
 * Parts of jobs that need no bucket: how chunks are cut, how many are sent, which keys are pictures, who may run jobs.
 */
import { describe, expect, it } from 'vitest';
import { CHUNK_MILLISECONDS, CHUNK_UNITS } from '../../src/jobs/budget.ts';
import { cut, guessedUnits, MAX_CHUNK_KEYS } from '../../src/jobs/cut.ts';
import { isInput } from '../../src/jobs/inputs.ts';
import type { JobRow } from '../../src/jobs/job-store.ts';
import { secondsLeft, windowChunks } from '../../src/jobs/pace.ts';
import { chunkKey, pictureKey } from '../../src/jobs/result-keys.ts';
import { jobPrefixes } from '../../src/jobs/rights.ts';
import { readSettings } from '../../src/settings.ts';
import config from '../../wrangler.toml?raw';

const MB = 1e6;

function listed(...sizes: readonly number[]) {
  return sizes.map((size, i) => ({ key: `${i}.jpg`, size }));
}

describe('chunks', () => {
  it('take half of the CPU that an invocation may, in every environment that bounds it', () => {
    const bounds = [...config.matchAll(/^(?:limits = \{ )?cpu_ms = (\d+)/gm)].map(([, ms]) => Number(ms));
    expect(bounds.length).toBe(2);
    for (const ms of bounds) expect(CHUNK_MILLISECONDS).toBeLessThanOrEqual(ms / 2);
  });

  it('have no more keys than they may', () => {
    const chunks = cut(listed(...Array<number>(250).fill(1000)), 1e9);
    expect(chunks.map(({ length }) => length)).toEqual([MAX_CHUNK_KEYS, MAX_CHUNK_KEYS, 50]);
    expect(chunks.flat().map(({ key }) => key)).toEqual(listed(...Array(250).fill(1)).map(({ key }) => key));
  });

  it('cost no more than they may, but for a single picture', () => {
    const chunks = cut(listed(2 * MB, 40 * MB, 2 * MB, 2 * MB, 40 * MB, 40 * MB, 40 * MB), CHUNK_UNITS);
    const costs = chunks.map((chunk) => chunk.reduce((sum, { size }) => sum + guessedUnits(size), 0));
    expect(Math.max(...costs)).toBeLessThanOrEqual(CHUNK_UNITS);
    expect(chunks.flat().length).toBe(7);
    expect(cut(listed(900 * MB), CHUNK_UNITS)).toHaveLength(1);
    expect(cut([], CHUNK_UNITS)).toEqual([]);
  });
});

describe('the pace', () => {
  const row: JobRow = {
    ...{ spec: '', status: 'in_progress', error: null, created: 0, began: 0, finalizing: null, ended: null },
    ...{
      after: null,
      is_listing: 0,
      chunks: 100,
      listed: 5000,
      open_chunks: 80,
      completed: 900,
      failed: 100,
    },
    ...{ paced_since: 0, paced_from: 0, troubles: 0 },
  };

  it('tells what is left, once all is listed and something is done', () => {
    expect(secondsLeft(row, 10_000)).toBe(40);
    expect(secondsLeft({ ...row, paced_from: 500 }, 10_000)).toBe(80);
    expect(secondsLeft({ ...row, is_listing: 1 }, 10_000)).toBeNull();
    expect(secondsLeft({ ...row, completed: 0, failed: 0 }, 10_000)).toBeNull();
  });

  it('sends what is taken up in a third of the time after which it is late', () => {
    // 20 chunks in 10 s.
    expect(windowChunks(row, 180_000, 10_000)).toBe(120);
    expect(windowChunks(row, 180_000, 1000)).toBe(500);
    expect(windowChunks({ ...row, completed: 0, failed: 0 }, 180_000, 10_000)).toBe(20);
  });
});

describe('keys', () => {
  it('below a prefix of results are never pictures, nor are folders', () => {
    const outputs = ['labels/', '2024/done/'];
    expect(['a.jpg', '2024/a.jpg', 'labels', 'x/labels/a.jpg'].every((key) => isInput(key, outputs))).toBe(
      true,
    );
    expect(['labels/a.jpg', '2024/done/x', '2024/'].some((key) => isInput(key, outputs))).toBe(false);
  });

  it('of results are in the order of pictures, and never too long', async () => {
    const spec = { id: 'job_1', output: { prefix: 'labels/' } };
    expect(chunkKey(spec, 7)).toBe('labels/job_1/00000007.ndjson');
    expect([9, 10, 100].map((n) => chunkKey(spec, n)).toSorted()).toEqual(
      [9, 10, 100].map((n) => chunkKey(spec, n)),
    );
    expect(await pictureKey('labels/', '2024/é.jpg')).toBe('labels/2024/é.jpg.json');
    const long = await pictureKey('labels/', 'é'.repeat(512));
    expect(long).toMatch(/^labels\/[0-9a-f]{64}\.json$/);
  });
});

describe('rights', () => {
  const settings = readSettings({ KEY_RIGHTS: 'a=jobs; b=jobs:2024/; b=teach; b = jobs:2025/; c=teach' });

  it('are those of the key', () => {
    expect(jobPrefixes(settings, 'a')).toEqual(['']);
    expect(jobPrefixes(settings, 'b')).toEqual(['2024/', '2025/']);
    expect(jobPrefixes(settings, 'c')).toEqual([]);
    expect(jobPrefixes(settings, 'anonymous')).toEqual([]);
    expect(jobPrefixes(readSettings({ ALLOW_ANONYMOUS_JOBS: 'true' }), 'anonymous')).toEqual(['']);
  });

  it.each(['a', 'a=jobs:', 'a=read', 'anonymous=jobs', 'a=teach:x', 'a=jobs,teach'])('are not %s', (text) => {
    expect(() => readSettings({ KEY_RIGHTS: text })).toThrow(/KEY_RIGHTS/);
  });

  it.each(['labels', '/', '', 'x'.repeat(600)])('results do not go to "%s"', (prefix) => {
    expect(() => readSettings({ JOBS_OUTPUT_PREFIX: prefix })).toThrow(/JOBS_OUTPUT_PREFIX/);
  });
});
