/** A picture as an independent decoder shows it. */
export interface Shown {
  readonly width: number;
  readonly height: number;
  /** height × width × 3 bytes, upright, row by row from the top, sRGB, on white. */
  readonly rgb: Uint8Array;
  /** The same as if the picture had no ICC profile; absent if that makes no difference. */
  readonly plain?: Uint8Array;
}

/** A decoder's result. `warnings` are its own words; a file that it reads without any is sound. */
export type Reading =
  | { readonly kind: 'shown'; readonly shown: Shown; readonly warnings: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

export interface Reference {
  readonly name: string;
  read(file: string): Promise<Reading>;
  close(): Promise<void>;
}
