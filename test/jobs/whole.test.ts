/** Whole jobs over HTTP, with the bucket, the queue and the objects of workerd. */

import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provided } from '../pictures/provided.ts';
import { post, service } from '../service.ts';
import { ask, bucket, ended, linesOf, start } from './callers.ts';

// Test files share the storage: this removes what others have left, and what these leave.
beforeEach(() => reset());
afterEach(() => reset());

const app = service({ ALLOW_ANONYMOUS_JOBS: 'true' });
const photo = provided('golf-ball.jpeg-420');

describe('a job', () => {
  it('answers each picture as /v1/classify does, and once', async () => {
    await bucket.put('in/a.jpg', photo);
    await bucket.put('in/b.txt', 'no picture');
    await bucket.put('in/c.png', provided('crossword.png-rgb8'));
    await bucket.put('in/d.jpg', '');
    await bucket.put('in/folder/', '');
    await bucket.put('other/e.jpg', photo);
    const job = await start(app, { source: { prefix: 'in/' }, options: { top_k: 2 } });
    const done = await ended(app, job.id);
    expect(done).toMatchObject({
      status: 'completed',
      request_counts: { total: 4, completed: 2, failed: 2 },
      seconds_left: null,
    });
    const lines = await linesOf(app, job.id);
    expect(lines.map(({ index, key }) => [index, key])).toEqual([
      [0, 'in/a.jpg'],
      [1, 'in/b.txt'],
      [2, 'in/c.png'],
      [3, 'in/d.jpg'],
    ]);
    for (const { key, result, error } of lines) {
      const file = await (await bucket.get(key))?.arrayBuffer();
      const answer = await (await ask(app, '/v1/classify?top_k=2', post(file ?? ''))).json<{
        code?: string;
      }>();
      if (result === undefined) expect(error?.code).toBe(answer.code);
      else expect(result).toEqual(answer);
    }
    expect(env.JOBS_BUCKET).toBeDefined();
  });
});
