/**
 * CPU time that the pictures of one request may take together, according to their headers, in the units of `time.ts`.
 */
import type { Failure } from '../../failure.ts';
import { PAUSE_UNITS, pause } from '../turns.ts';

export interface Allowance {
  /** Opens the account of the next picture. */
  picture(): Share;
  /** The same, after a pause if those before it have taken long, in which other requests are answered. */
  next(): Promise<Share>;
}

export interface Share {
  /**
   * Takes the cost of something before it is done. @returns the reason to refuse it, in which case nothing is taken.
   */
  take(units: number): Failure | undefined;
}

/**
 * The first picture with a cost is bounded only by the limit of a single picture, which may be higher: so a request
 * with one picture is never told to send it in another, and every batch makes progress.
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
