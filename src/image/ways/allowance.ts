/** CPU time that the pictures of one request may take together, by their headers, in the units of `time.ts`. */
import type { Failure } from '../../failure.ts';
import { PAUSE_UNITS, pause } from '../turns.ts';

export interface Allowance {
  /** Opens the account of the next picture. */
  picture(): Share;
  /** The same, after a pause where those before it have taken long: others are answered in it. */
  next(): Promise<Share>;
}

export interface Share {
  /** Takes what something costs before it is done. @returns why it is not to be done, and takes nothing then. */
  take(units: number): Failure | undefined;
}

/**
 * The first picture that costs anything is bounded by the limit of a single picture alone, which may be higher: so a
 * request of one is never told to come in another, and every batch gets something done.
 */
export function createAllowance(limitUnits: number): Allowance {
  let taken = 0;
  let takenBeforePause = 0;

  function picture(): Share {
    const isFirst = taken === 0;
    return {
      take(units) {
        const leftUnits = Math.max(0, limitUnits - taken);
        if (!isFirst && units > leftUnits) return { code: 'batch_too_costly', units, leftUnits, limitUnits };
        taken += units;
        return undefined;
      },
    };
  }

  return {
    picture,
    async next() {
      if (taken - takenBeforePause >= PAUSE_UNITS) {
        takenBeforePause = taken;
        await pause();
      }
      return picture();
    },
  };
}
