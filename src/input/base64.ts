/** Pictures as text: base64, base64url, or a `data:` URL (RFC 2397). */
import { fail, ok, type Result } from '../failure.ts';

/** The media type is ignored because the bytes are sniffed. */
const DATA_URL = /^\s*data:[^,]{0,256},/i;

/** How much of a text is decoded at a time, so that there is never a second copy of all of it. */
const SLICE_CHARACTERS = 65_536;

/**
 * Decodes base64 of either alphabet or of both, with or without padding and line breaks, or a `data:` URL, whose data
 * may be percent-encoded.
 *
 * @param field the name under which the caller sent it, for the error.
 * @returns the bytes, or `base64_invalid`.
 */
export function decodeBase64(text: string, field: string): Result<Uint8Array> {
  const bytes = decoded(text);
  return bytes === undefined || bytes.byteLength === 0 ? fail({ code: 'base64_invalid', field }) : ok(bytes);
}

function decoded(text: string): Uint8Array | undefined {
  const prefix = DATA_URL.exec(text.slice(0, 300))?.[0];
  if (prefix === undefined) return fromBase64(text);
  const data = text.slice(prefix.length);
  return /;\s*base64\s*,$/i.test(prefix) ? fromBase64(data) : fromPercent(data);
}

/** @returns undefined if it is not base64. */
function fromBase64(text: string): Uint8Array | undefined {
  try {
    return /[-_%]/.test(text) ? translated(text) : Uint8Array.fromBase64(text);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof URIError) return undefined;
    throw error;
  }
}

/** In slices: undoes percent-encoding and converts the URL alphabet to the standard one. */
function translated(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil((text.length * 3) / 4));
  let written = 0;
  let rest = '';
  for (let at = 0; at < text.length; ) {
    const end = endOfSlice(text, at);
    const slice = decodeURIComponent(text.slice(at, end)).replace(/\s/g, '');
    const base64 = rest + slice.replaceAll('-', '+').replaceAll('_', '/');
    at = end;
    // The last slice may end with fewer than four letters, and with padding.
    const whole = at < text.length ? base64.length - (base64.length % 4) : base64.length;
    written += bytes.subarray(written).setFromBase64(base64.slice(0, whole)).written;
    rest = base64.slice(whole);
  }
  return bytes.subarray(0, written);
}

/** Keeps a `%` and its two digits in one slice. */
function endOfSlice(text: string, at: number): number {
  const end = at + SLICE_CHARACTERS;
  const percent = text.lastIndexOf('%', end - 1);
  return percent > at && percent > end - 3 ? percent : end;
}

/** RFC 2397 without `;base64`: each character is a byte, or `%` and two digits are one. */
function fromPercent(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const isEscape = text[at] === '%';
    const byte = isEscape ? Number.parseInt(text.slice(at + 1, at + 3), 16) : text.charCodeAt(at);
    if (!(byte < 256) || (isEscape && !/^[\da-f]{2}$/i.test(text.slice(at + 1, at + 3)))) return undefined;
    bytes[length++] = byte;
    if (isEscape) at += 2;
  }
  return bytes.subarray(0, length);
}
