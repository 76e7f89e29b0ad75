/** The structure of a file: its parts, and the numbers in its headers. */

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A number in the file: a length, or the picture's width or height. */
export interface Field {
  readonly at: number;
  readonly bytes: 1 | 2 | 4;
  readonly little: boolean;
  readonly says: 'length' | 'dimension';
}

export interface Anatomy {
  readonly pieces: readonly Range[];
  readonly fields: readonly Field[];
}

export function field(at: number, bytes: Field['bytes'], says: Field['says'], little = false): Field {
  return { at, bytes, says, little };
}
