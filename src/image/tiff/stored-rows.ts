/** Rows of stored numbers: of all components together, or of one. */
import type { TiffHeader } from '../header.ts';
import { undoFloat, undoHorizontal } from './predictor.ts';
import { levelsOf, type Unpack, valuesOf } from './samples.ts';

export interface StoredRows {
  /** Bytes of a row of the segment. */
  readonly bytes: number;
  /** Whether a row's bytes need `unpack`. */
  readonly areSamples: boolean;
  readonly unpack: Unpack;
  /** Undoes the prediction of a row, in place. */
  undo(row: Uint8Array): void;
}

/**
 * @param bits of the numbers that are stored together for a pixel.
 * @param columns of the segment.
 * @param ofValues whether numbers are needed as stored, and not as levels.
 */
export function storedRows(
  { bitDepth, sampleFormat, predictor }: TiffHeader,
  littleEndian: boolean,
  bits: readonly number[],
  columns: number,
  ofValues: boolean,
): StoredRows {
  const bytes = Math.ceil((columns * bits.reduce((sum, one) => sum + one, 0)) / 8);
  const kind = { bitDepth, sampleFormat, bits, littleEndian: predictor === 'float' ? false : littleEndian };
  const scratch = new Uint8Array(predictor === 'float' ? bytes : 0);
  return {
    bytes,
    areSamples: bits.every((one) => one === 8),
    unpack: ofValues ? valuesOf(kind) : levelsOf(kind),
    undo(row) {
      if (predictor === 'horizontal') undoHorizontal(row, bitDepth / 8, bits.length, littleEndian);
      else if (predictor === 'float') undoFloat(row, bitDepth / 8, bits.length, scratch);
    },
  };
}
