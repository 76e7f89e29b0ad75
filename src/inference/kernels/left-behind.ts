/**
 * What the kernel of one node leaves behind for that of a later one, at the end of the scratch memory. Nodes run in the
 * same order every time, so whatever does not fit together traps at installation, or never.
 */
import { add, load, type Operand, set, store, subtract } from './wat.ts';

const LEFT = {
  /**
   * A HardSigmoid of a map that waits for the product that follows: its output, or 0 if none waits, and its arguments.
   */
  output: 0,
  input: 4,
  floats: 8,
  alpha: 12,
  beta: 16,
  /** Address of the weights that were multiplied last, which are floats. */
  weighed: 20,
};

/** The part of the scratch memory that is reserved for it. */
export const LEFT_BYTES = 64;

type Left = keyof typeof LEFT;

/** Finds it from `$scratch` and `$scratchBytes`, and sets `$left` to its address. */
export const findLeft = set('$left', add('$scratch', subtract('$scratchBytes', LEFT_BYTES)));
export const left = (name: Left): string => load('$left', LEFT[name]);
export const leave = (name: Left, value: Operand): string => store(add('$left', LEFT[name]), value);
/** Where in `$left` it is, in bytes. */
export const offsetOf = (name: Left): number => LEFT[name];
