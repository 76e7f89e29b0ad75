/** The header of a form's part, of which only the name of the field is used. */

/** RFC 2045 §5.1 as forms use it: `; name=value`, where the value is a token or a quoted string with `\` as escape. */
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const latin1 = new TextDecoder('latin1');

/**
 * The field name of a part, from its `Content-Disposition` (RFC 7578 §4.2). File names are ignored, whatever their
 * encoding, and so is `filename*`, which §4.2 forbids and some clients send.
 *
 * @returns undefined if there is no name.
 */
export function fieldName(header: Uint8Array): string | undefined {
  const text = textOf(header).replace(/\r\n[\t ]+/g, ' ');
  const [, disposition] = /^content-disposition[\t ]*:(.*)$/im.exec(text) ?? [];
  for (const [, name = '', quoted, word] of disposition?.matchAll(PARAMETER) ?? []) {
    if (name.toLowerCase() === 'name') return quoted?.replace(/\\(.)/g, '$1') ?? word;
  }
  return undefined;
}

/**
 * The header as text. In Shift-JIS, Big5 and GBK the second byte of a character may equal a backslash, which would
 * escape the quote after it: if the header is not UTF-8, a backslash after a byte above 127 is not an escape.
 */
function textOf(header: Uint8Array): string {
  try {
    return utf8.decode(header);
  } catch {
    return latin1.decode(header).replace(/([^\0-\x7f])\\/g, '$1');
  }
}
