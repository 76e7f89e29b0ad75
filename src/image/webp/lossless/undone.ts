/** Types of transforms, for reading and for undoing them. */
import type { Rows } from './stored-rows.ts';

/** Values for squares of `2 ** bits` pixels. */
export interface Squares<Values extends Uint8Array | Uint32Array> {
  readonly bits: number;
  readonly columns: number;
  readonly values: Values;
}

/** Undoes a transform: takes the source of the transformed rows, and their width. */
export interface Transform {
  readonly storedWidth: number;
  undo(rows: Rows): Rows;
}
