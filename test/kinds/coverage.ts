/** What the rows of the matrix have covered: kinds of pictures, and the ways that were tested on them. */
import type { Answer, Input, Told } from '../reference/worker.ts';
import type { Properties } from './properties.ts';

export interface Coverage {
  /** What was reported of a file, and how it was decoded. */
  note(format: string, answer: Answer<Input> & Told): void;
  /** The properties of every file, by format. */
  readonly seen: ReadonlyMap<string, readonly Properties[]>;
  /** Ways that were never used, and kinds that a way claims to read but was never tested on. */
  unheld(ways: readonly string[]): readonly string[];
}

export function createCoverage(): Coverage {
  const seen = new Map<string, Properties[]>();
  const claimed = new Set<string>();
  const held = new Set<string>();
  return {
    seen,
    note(format, answer) {
      if (answer.picture === undefined) return;
      const { properties, claims } = answer.picture;
      seen.set(format, [...(seen.get(format) ?? []), properties]);
      const kind = [format, ...Object.entries(properties).map(([name, value]) => `${name} ${value}`)].join(
        ', ',
      );
      for (const way of claims) claimed.add(`${way}: ${kind}`);
      if (!answer.ok) return;
      // A way to a file within the file reads the kind of that file.
      const ways = answer.way === 'inner' ? claims : [answer.way];
      for (const way of ways) held.add(`${way}: ${kind}`);
    },
    unheld(ways) {
      const taken = [...held].map((one) => one.slice(0, one.indexOf(':')));
      const never = ways.filter((way) => !taken.includes(way));
      return [...never.map((way) => `${way}: never taken`), ...[...claimed].filter((one) => !held.has(one))];
    },
  };
}
