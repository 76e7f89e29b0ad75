/** What transforms are made of, for those that read them and those that undo them. */
import type { Rows } from './stored-rows.ts';

/** Values for squares of `2 ** bits` pixels. */
export interface Squares<Values extends Uint8Array | Uint32Array> {
  readonly bits: number;
  readonly columns: number;
  readonly values: Values;
}

/** What undoes a transform, given what gives the rows that it was done to; and how wide those are. */
export interface Transform {
  readonly storedWidth: number;
  undo(rows: Rows): Rows;
}
