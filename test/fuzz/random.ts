/** Pseudo-random numbers, the same on every run. */

export interface Random {
  /** An integer from 0 to `count` − 1; 0 if there is nothing to choose from. */
  below(count: number): number;
  /** @throws if the list is empty. */
  pick<T>(list: readonly T[]): T;
}

/**
 * Each index of a seed has its own numbers (mulberry32 over a mix of the two), so one mutant can be made again without
 * those before it.
 */
export function randomOf(seed: number, index: number): Random {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0;

  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const below = (count: number) => Math.floor(next() * count);
  return {
    below,
    pick(list) {
      const [item] = list.slice(below(list.length));
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
  };
}
