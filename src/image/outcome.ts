/** The outcome of a decode. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      /** Bytes of memory that the decoder may have, where it wanted more. Otherwise the file is damaged. */
      readonly limitBytes?: number;
    };
