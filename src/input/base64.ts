/** Pictures as text: base64, base64url, or a `data:` URL of either. */
import { fail, ok, type Result } from '../failure.ts';

/** RFC 2397, as far as a picture needs it; the media type is ignored because the bytes are sniffed. */
const DATA_URL = /^data:[^,]{0,256};base64,/i;

/**
 * Decodes base64 with or without padding and line breaks.
 *
 * @param field the name under which the caller sent it, for the error.
 * @returns the bytes, or `base64_invalid`.
 */
export function decodeBase64(text: string, field: string): Result<Uint8Array> {
  const prefix = DATA_URL.exec(text.slice(0, 300))?.[0] ?? '';
  const encoded = prefix === '' ? text : text.slice(prefix.length);
  try {
    const alphabet = /[-_]/.test(encoded) ? 'base64url' : 'base64';
    const bytes = Uint8Array.fromBase64(encoded, { alphabet });
    return bytes.byteLength === 0 ? fail({ code: 'base64_invalid', field }) : ok(bytes);
  } catch (error) {
    if (error instanceof SyntaxError) return fail({ code: 'base64_invalid', field });
    throw error;
  }
}
