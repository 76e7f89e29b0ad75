import { describe, expect, it } from 'vitest';
import { createRateCounter } from '../../src/self-hosting/rate-counter.ts';

/** Three in ten seconds, at a time that the test chooses. */
function counter() {
  const clock = { now: 1_000_000 };
  const { limit } = createRateCounter(3, 10, () => clock.now);
  const ask = async (key: string) => (await limit({ key })).success;
  return { clock, ask };
}

describe('the counter of requests', () => {
  it('lets so many of a key pass in a period, and those of others besides', async () => {
    const { ask } = counter();
    const found = [await ask('a'), await ask('a'), await ask('a'), await ask('a'), await ask('b')];
    expect(found).toEqual([true, true, true, false, true]);
  });

  it('begins anew when the period has ended, and not before', async () => {
    const { clock, ask } = counter();
    for (let i = 0; i < 4; i++) await ask('a');
    clock.now += 9_999;
    expect(await ask('a')).toBe(false);
    clock.now += 1;
    expect(await ask('a')).toBe(true);
  });

  it('forgets who came first when more come than it has room for', async () => {
    const { ask } = counter();
    for (let i = 0; i < 4; i++) await ask('first');
    for (let i = 0; i < 99_999; i++) await ask(`${i}`);
    expect(await ask('first')).toBe(false);
    await ask('one too many');
    expect(await ask('first')).toBe(true);
  });
});
