/** One picture at a time, including its pauses, even if a request ends without a signal. */
import { describe, expect, it } from 'vitest';
import { createTurns, PAUSE_UNITS, pause, TurnLost } from '../../src/image/turns.ts';

/** Longer than it takes to find out which requests are dead. */
const PATIENCE_MILLISECONDS = 10_000;

describe('turns', () => {
  it('are taken one after the other, in the order in which they were asked for', async () => {
    const turns = createTurns();
    const done: string[] = [];
    let atOnce = 0;
    const work = async (name: string) => {
      const turn = await turns.take();
      atOnce++;
      for (let part = 0; part < 3; part++) {
        await turn.worked(PAUSE_UNITS);
        expect(atOnce).toBe(1);
      }
      atOnce--;
      done.push(name);
      turn.end();
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(work));
    expect(done).toEqual(['a', 'b', 'c', 'd']);
  });

  it('make a pause for others when the work has become enough, and not before', async () => {
    const turn = await createTurns().take();
    let others = 0;
    setTimeout(() => others++, 0);
    await turn.worked(PAUSE_UNITS / 2);
    expect(others).toBe(0);
    await turn.worked(PAUSE_UNITS / 2);
    expect(others).toBe(1);
  });

  it('are over after an error too', async () => {
    const turns = createTurns();
    const fail = async () => {
      const turn = await turns.take();
      try {
        await turn.worked(PAUSE_UNITS);
        throw new Error('broken');
      } finally {
        turn.end();
      }
    };
    const failing = expect(fail()).rejects.toThrow('broken');
    const next = await turns.take();
    await failing;
    next.end();
  });

  it('pass over a request that ended without a sign, in a turn or waiting for one', {
    timeout: PATIENCE_MILLISECONDS,
  }, async () => {
    const turns = createTurns();
    const gone = await turns.take();
    const next = await turns.take();
    expect(next).not.toBe(gone);
    next.end();
    await expect(gone.worked(PAUSE_UNITS)).rejects.toThrow(TurnLost);
    // It takes no part in what follows.
    const last = await turns.take();
    await last.worked(PAUSE_UNITS);
    last.end();
  });

  it('leave a long one its turn for as long as it makes pauses', {
    timeout: PATIENCE_MILLISECONDS,
  }, async () => {
    const turns = createTurns();
    const long = await turns.take();
    let isLong = true;
    const waiting = turns.take().then((turn) => {
      expect(isLong).toBe(false);
      turn.end();
    });
    const end = Date.now() + 3500;
    while (Date.now() < end) {
      await long.worked(PAUSE_UNITS);
      await pause(1);
    }
    isLong = false;
    long.end();
    await waiting;
  });
});
