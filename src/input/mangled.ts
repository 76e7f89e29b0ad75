/** Files that have lost bytes on the way. */
import { looksLikeJson } from './json-start.ts';

/** A file without one of two bytes: of 4096 random bytes, one in 10¹³ has neither. */
const SURELY_BYTES = 4096;

const LF = 0x0a;
const CR = 0x0d;

/**
 * Whether a body is what `curl -d @photo.jpg` makes of a picture: it takes out all line breaks, and says that the rest
 * is a form. A decoder might still show something of it, and it would be another picture.
 */
export function isMangled(headers: Headers, bytes: Uint8Array): boolean {
  return (
    bytes.byteLength > SURELY_BYTES &&
    /^\s*application\/x-www-form-urlencoded\b/i.test(headers.get('content-type') ?? '') &&
    !looksLikeJson(bytes) &&
    !bytes.includes(LF) &&
    !bytes.includes(CR) &&
    // A text needs no line breaks.
    bytes.some((byte) => byte > 127)
  );
}
