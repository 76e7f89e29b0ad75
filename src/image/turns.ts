/**
 * One picture is decoded at a time, and a long decode makes pauses for other requests.
 *
 * The decoders share wasm memories, and the memory account has room for one picture and its file, so a request that
 * decodes keeps the turn until the end, pauses included. In a pause other requests are answered, such as those that
 * need only a header, a cached picture or `/healthz`; those with a picture to decode wait.
 *
 * The platform may end a request without running its code again, while it waits or in one of its pauses, and then no
 * `finally` is reached. So the turn is not handed over: each waiting request polls, with its own timers, and passes
 * over a request that shows no sign of life while timers fire. If that request is alive after all, it learns that the
 * turn is lost at its next sign of life, before it touches a decoder.
 */

/** Work after which a pause is made, in the units of `ways/time.ts`: some 25 ms. */
export const PAUSE_UNITS = 2;

/** How often a waiting request polls. */
const LOOK_MILLISECONDS = 5;
/** Polls without a sign of life: a live request's timer, which is due at once, fires between any two. */
const LOOKS_UNTIL_DEAD = 400;

/** The turn was given to another request, because its owner seemed dead. */
export class TurnLost extends Error {
  override name = 'TurnLost';
}

export interface Turn {
  /**
   * Records work that was done, and makes a pause if there has been enough.
   *
   * @throws TurnLost
   */
  worked(units: number): Promise<void>;
  /** To be called in any case, once the decoders' memories are no longer used. */
  end(): void;
}

/** Records that part of a picture is done; see `Turn.worked`. @param part share of the whole, from 0 to 1. */
export type Pace = (part: number) => Promise<void>;

/** @param units of the whole picture. */
export function paceOf(turn: Turn, units: number): Pace {
  return (part) => turn.worked(units * part);
}

/** Used if no other request waits for a pause. */
export const UNHURRIED: Pace = async () => undefined;

/** Work that can be interrupted: after each part it yields that part's share of the whole. */
export type Work<T> = Generator<number, T, void>;

/** Runs work, with pauses between its parts if it is long. @returns its result. */
export async function inParts<T>(work: Work<T>, pace: Pace): Promise<T> {
  for (let next = work.next(); ; next = work.next()) {
    if (next.done) return next.value;
    await pace(next.value);
  }
}

/** Runs work without a pause. @returns its result. */
export function atOnce<T>(work: Generator<unknown, T, void>): T {
  for (let next = work.next(); ; next = work.next()) if (next.done) return next.value;
}

export interface Turns {
  /** Waits until no other request decodes. */
  take(): Promise<Turn>;
}

/** A request that decodes or waits. */
interface Party {
  signs: number;
}

export function createTurns(): Turns {
  /** In order of arrival. The first one decodes, or will as soon as it polls. */
  let parties: Party[] = [];

  const leave = (party: Party) => {
    parties = parties.filter((one) => one !== party);
  };

  function turnOf(party: Party): Turn {
    let units = 0;
    return {
      async worked(more) {
        units += more;
        if (units < PAUSE_UNITS) return;
        units = 0;
        await pause();
        party.signs++;
        if (parties[0] !== party) throw new TurnLost();
      },
      end: () => leave(party),
    };
  }

  return {
    async take() {
      const party: Party = { signs: 0 };
      parties.push(party);
      for (let seen = { party, signs: 0, looks: 0 }; parties[0] !== party; ) {
        await pause(LOOK_MILLISECONDS);
        party.signs++;
        // Another request took this one for dead.
        if (!parties.includes(party)) parties.push(party);
        const before = parties[parties.indexOf(party) - 1];
        if (before === undefined) break;
        if (seen.party !== before || seen.signs !== before.signs) {
          seen = { party: before, signs: before.signs, looks: 0 };
        } else if (++seen.looks >= LOOKS_UNTIL_DEAD) {
          leave(before);
        }
      }
      return turnOf(party);
    },
  };
}

/** Lets other requests of the isolate run. Resolves in a later turn of the event loop. */
export function pause(milliseconds = 0): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
