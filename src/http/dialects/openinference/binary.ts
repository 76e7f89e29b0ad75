/**
 * The binary tensor data extension: tensors as bytes after the JSON.
 *
 * Numbers are little-endian, row-major and without padding, as in a Float32Array on every machine that runs Workers. An
 * element of a BYTES tensor is its length as uint32, followed by its bytes.
 */
import { fail, ok, type Result } from '../../../failure.ts';
import { joined } from '../../../input/chunks.ts';

/** Bytes of JSON at the beginning of the body; 0 means that the body is the tensor alone. */
export const HEADER_LENGTH = 'inference-header-content-length';

const LENGTH_BYTES = 4;

/** @returns the header's number of bytes, undefined without the header, or `inference_header_invalid`. */
export function headerLength(headers: Headers): Result<number | undefined> {
  const text = headers.get(HEADER_LENGTH);
  if (text === null) return ok(undefined);
  if (/^\d{1,9}$/.test(text)) return ok(Number(text));
  return fail({ code: 'inference_header_invalid', reason: 'must be a whole number of bytes' });
}

/** float32 numbers at any offset of a body: a view if they are aligned, otherwise a copy. */
export function float32s(bytes: Uint8Array): Float32Array {
  const aligned = bytes.byteOffset % Float32Array.BYTES_PER_ELEMENT === 0 ? bytes : bytes.slice();
  return new Float32Array(
    aligned.buffer,
    aligned.byteOffset,
    aligned.byteLength / Float32Array.BYTES_PER_ELEMENT,
  );
}

/**
 * The elements of a binary BYTES tensor, as views.
 *
 * @returns undefined unless the bytes are exactly `count` elements.
 */
export function bytesElements(bytes: Uint8Array, count: number): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const elements: Uint8Array[] = [];
  let at = 0;
  while (elements.length < count && at + LENGTH_BYTES <= bytes.byteLength) {
    const begin = at + LENGTH_BYTES;
    at = begin + view.getUint32(at, true);
    elements.push(bytes.subarray(begin, at));
  }
  return elements.length === count && at === bytes.byteLength ? elements : undefined;
}

/** A BYTES tensor of texts in its binary form. */
export function textsAsBytes(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  return joined(
    texts.flatMap((text) => {
      const bytes = encoder.encode(text);
      const length = new Uint8Array(LENGTH_BYTES);
      new DataView(length.buffer).setUint32(0, bytes.byteLength, true);
      return [length, bytes];
    }),
  );
}
