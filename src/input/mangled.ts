/** Detects files that have lost bytes in transit. */
import { looksLikeJson } from './json-start.ts';

/** A file without one of these two bytes: of 4096 random bytes, one in 10¹³ has neither. */
const SURELY_BYTES = 4096;

const LF = 0x0a;
const CR = 0x0d;

/**
 * Whether a body is a picture as `curl -d @photo.jpg` sends it: without its line breaks, and declared as a form. A
 * decoder might still decode it, but to another picture.
 */
export function isMangled(headers: Headers, bytes: Uint8Array): boolean {
  return (
    bytes.byteLength > SURELY_BYTES &&
    /^\s*application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '') &&
    !looksLikeJson(bytes) &&
    !bytes.includes(LF) &&
    !bytes.includes(CR) &&
    // A text may have no line breaks.
    bytes.some((byte) => byte > 127)
  );
}
