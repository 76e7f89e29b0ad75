/** The picture if it were decoded wrongly: no such mutation may pass for the picture. */
import { SIDE } from '../../bench/accuracy/resize.ts';
import { apart } from '../reference/worker.ts';
import type { Truth } from './truth.ts';

const PLANE = SIDE * SIDE;
const LAST = SIDE - 1;

const TURNED: Readonly<Record<string, (x: number, y: number) => number>> = {
  mirrored: (x, y) => y * SIDE + LAST - x,
  'upside down': (x, y) => (LAST - y) * SIDE + LAST - x,
  'mirrored upside down': (x, y) => (LAST - y) * SIDE + x,
  transposed: (x, y) => x * SIDE + y,
  'turned left': (x, y) => x * SIDE + LAST - y,
  'turned right': (x, y) => (LAST - x) * SIDE + y,
  transversed: (x, y) => (LAST - x) * SIDE + LAST - y,
};
const EXCHANGED = [
  [2, 1, 0],
  [1, 0, 2],
  [0, 2, 1],
  [1, 2, 0],
  [2, 0, 1],
] as const;
const BLANK = { white: 1, grey: 0, black: -1 };

/**
 * The mutations that are within this difference of the picture: there should be none.
 *
 * @param most mean difference, in levels of 255.
 */
export function missed({ input, opaque }: Truth, most: number): readonly string[] {
  const mutations: [name: string, mutation: Float32Array][] = [
    ...Object.entries(TURNED).map(
      ([name, from]) => [name, turned(input, from)] satisfies [string, Float32Array],
    ),
    ...Object.entries(BLANK).map(
      ([name, value]) => [name, input.map(() => value)] satisfies [string, Float32Array],
    ),
    ['negative', input.map((value) => -value)],
  ];
  if (!isGrey(input)) {
    for (const order of EXCHANGED) mutations.push([`channels ${order.join('')}`, exchanged(input, order)]);
    mutations.push(['without colour', withoutColour(input)]);
  }
  if (opaque !== undefined) mutations.push(['alpha ignored', opaque]);
  return mutations.filter(([, mutation]) => apart(input, mutation) <= most).map(([name]) => name);
}

function turned(input: Float32Array, from: (x: number, y: number) => number): Float32Array {
  return input.map((_, i) => {
    const at = i % PLANE;
    return input[i - at + from(at % SIDE, Math.floor(at / SIDE))] ?? 0;
  });
}

function exchanged(input: Float32Array, order: readonly [number, number, number]): Float32Array {
  return input.map((_, i) => input[(order[Math.floor(i / PLANE)] ?? 0) * PLANE + (i % PLANE)] ?? 0);
}

function withoutColour(input: Float32Array): Float32Array {
  return input.map((_, i) => {
    const at = i % PLANE;
    return ((input[at] ?? 0) + (input[at + PLANE] ?? 0) + (input[at + 2 * PLANE] ?? 0)) / 3;
  });
}

function isGrey(input: Float32Array): boolean {
  return apart(input, exchanged(input, [1, 2, 0])) < 1;
}
