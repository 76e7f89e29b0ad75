import { describe, expect, it } from 'vitest';
import { createKept, MOST_ENTRIES } from '../../src/self-hosting/kept.ts';

const SECONDS = 60;

/** The in-memory cache at a time that the test chooses, called as workerd calls it. */
function memory() {
  const clock = { now: 1_000_000 };
  const kept = createKept(() => clock.now);
  return {
    clock,
    put: (name: string, body: string, headers = `cache-control: public, max-age=${SECONDS}`) =>
      kept.fetch(
        new Request(`https://seen/${name}`, {
          method: 'PUT',
          body: `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${body}`,
        }),
      ),
    async get(name: string) {
      const answer = await kept.fetch(new Request(`https://seen/${name}`));
      return [answer.status, answer.headers.get('cf-cache-status'), await answer.text()];
    },
  };
}

const MISS = [504, 'MISS', ''];

describe('what the Cache API keeps in a process that stands alone', () => {
  it('is given back as it came, until its age is over', async () => {
    const { clock, put, get } = memory();
    expect(await get('a')).toEqual(MISS);
    await put('a', 'one\r\n\r\ntwo');
    expect(await get('a')).toEqual([200, 'HIT', 'one\r\n\r\ntwo']);
    clock.now += SECONDS * 1000 - 1;
    expect(await get('a')).toEqual([200, 'HIT', 'one\r\n\r\ntwo']);
    clock.now += 1;
    expect(await get('a')).toEqual(MISS);
  });

  it('is nothing that has no age, and nothing large', async () => {
    const { put, get } = memory();
    await put('a', 'one', 'cache-control: no-store');
    await put('b', 'x'.repeat(65_537));
    expect([await get('a'), await get('b')]).toEqual([MISS, MISS]);
  });

  it('is what was used last, when there is more than room', async () => {
    const { put, get } = memory();
    await put('used', 'one');
    await put('unused', 'two');
    for (let i = 2; i < MOST_ENTRIES; i++) await put(`${i}`, '');
    await get('used');
    await put('one too many', '');
    expect(await get('used')).toEqual([200, 'HIT', 'one']);
    expect(await get('unused')).toEqual(MISS);
  });
});
