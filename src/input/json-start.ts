/** Recognises a body that begins as JSON. */

/** U+FEFF in UTF-8, which some Windows editors and libraries write before JSON (RFC 8259 §8.1 lets it be ignored). */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const WHITE_SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const OPENING_BRACE = 0x7b;
const OPENING_BRACKET = 0x5b;

/** Far more white space than clients send. */
const BEGINNING_BYTES = 64;

/** Whether a body begins as a JSON object or list does. */
export function looksLikeJson(bytes: Uint8Array): boolean {
  const marked = BYTE_ORDER_MARK.every((byte, at) => bytes[at] === byte);
  const begin = bytes.subarray(marked ? BYTE_ORDER_MARK.length : 0).subarray(0, BEGINNING_BYTES);
  const first = begin.find((byte) => !WHITE_SPACE.has(byte));
  return first === OPENING_BRACE || first === OPENING_BRACKET;
}
