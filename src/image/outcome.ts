/** The outcome of a decode. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      /** Bytes that the decoder may have, if it needed more. Otherwise the file is damaged. */
      readonly limitBytes?: number;
    };
