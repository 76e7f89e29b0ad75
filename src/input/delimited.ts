/** Splits a stream of bytes at a delimiter. */
import { joined } from './chunks.ts';

const CR = 0x0d;

/** The parts of a split stream: bytes, and the position of each delimiter between them. */
export type Cut = Uint8Array | 'delimiter';

/**
 * Splits a stream. The bytes between two delimiters are yielded in as many pieces as they arrive in.
 *
 * @param delimiter begins with its only carriage return.
 * @param before taken as the first bytes of the stream.
 */
export async function* cutAt(
  stream: ReadableStream<Uint8Array>,
  delimiter: Uint8Array,
  before: Uint8Array,
): AsyncGenerator<Cut, void, void> {
  let rest = before;
  for await (const chunk of stream) {
    let bytes = rest.byteLength === 0 ? chunk : joined([rest, chunk]);
    for (;;) {
      const { at, whole } = find(bytes, delimiter);
      if (at > 0) yield bytes.subarray(0, at);
      bytes = bytes.subarray(at);
      if (!whole) break;
      yield 'delimiter';
      bytes = bytes.subarray(delimiter.byteLength);
    }
    // Nothing, or a possible beginning of a delimiter that the next chunk completes.
    rest = bytes;
  }
  if (rest.byteLength > 0) yield rest;
}

/** Where the delimiter begins, or a part of it at the end of the bytes; otherwise the end of the bytes. */
function find(bytes: Uint8Array, delimiter: Uint8Array): { readonly at: number; readonly whole: boolean } {
  for (let at = bytes.indexOf(CR); at !== -1; at = bytes.indexOf(CR, at + 1)) {
    let length = 1;
    while (length < delimiter.byteLength && bytes[at + length] === delimiter[length]) length++;
    if (length === delimiter.byteLength) return { at, whole: true };
    if (at + length === bytes.byteLength) return { at, whole: false };
  }
  return { at: bytes.byteLength, whole: false };
}
