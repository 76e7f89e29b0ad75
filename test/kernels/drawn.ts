/** Random numbers and shapes, the same in every run. */

export type Kind = 'random' | 'extreme' | 'denormal' | 'infinite';
export const KINDS: readonly Kind[] = ['random', 'extreme', 'denormal', 'infinite'];

/** The smallest float32 above zero. */
const SMALLEST = 2 ** -149;
/** For extreme data: products and sums of these are still finite. */
const MOST_DOUBLINGS = 50;

export interface Draw {
  /** 0 up to 1. */
  fraction(): number;
  /** An integer from `least` to `most`, inclusive. */
  whole(least: number, most: number): number;
  one<T>(of: readonly [T, ...T[]]): T;
  floats(kind: Kind, count: number): Float32Array;
}

export function draw(seed: number): Draw {
  let state = seed >>> 0;
  /** A linear congruential generator, whose upper bits are the better ones. */
  const fraction = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const whole = (least: number, most: number) => least + Math.floor(fraction() * (most - least + 1));
  const signed = () => 2 * fraction() - 1;
  const float: Record<Kind, () => number> = {
    random: signed,
    extreme: () => Math.sign(signed()) * 2 ** whole(-MOST_DOUBLINGS, MOST_DOUBLINGS),
    denormal: () => SMALLEST * whole(-2000, 2000),
    infinite: signed,
  };
  return {
    fraction,
    whole,
    one: ([first, ...others]) => [first, ...others][whole(0, others.length)] ?? first,
    floats(kind, count) {
      const floats = Float32Array.from({ length: count }, float[kind]);
      // Only one: the sum of two may be NaN in some orders and not in others.
      if (kind === 'infinite') {
        floats[whole(0, count - 1)] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN][
          whole(0, 2)
        ] as number;
      }
      return floats;
    },
  };
}
