import { expect, it } from 'vitest';
import { once } from '../../src/inference/once.ts';

it('makes the value once for concurrent and later callers', async () => {
  let made = 0;
  const get = once(async () => ++made);
  expect(await Promise.all([get(), get(), get()])).toEqual([1, 1, 1]);
  expect(await get()).toBe(1);
});

it('gives a failure to those who waited and lets the next caller try again', async () => {
  let tries = 0;
  const get = once(async () => {
    if (++tries === 1) throw new Error('first');
    return tries;
  });
  const [first, second] = await Promise.allSettled([get(), get()]);
  expect(first.status).toBe('rejected');
  expect(second.status).toBe('rejected');
  expect(await get()).toBe(2);
});
