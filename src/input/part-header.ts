/** The header of a form's part, of which only the name of the field is used. */

/** RFC 2045 §5.1 as forms use it: `; name=value`, the value a word or a quoted text with `\` before what is not meant. */
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/g;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const latin1 = new TextDecoder('latin1');

/**
 * The field that a part is of, as its `Content-Disposition` has it (RFC 7578 §4.2). File names are passed over, in
 * whatever encoding they are, as is `filename*`, which §4.2 forbids and some clients send.
 *
 * @returns undefined where there is no name.
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
 * The header as text. In Shift-JIS, Big5 and GBK the second byte of a character may be that of a backslash, which would
 * swallow the quote after it: where the header is no UTF-8, a backslash after a byte above 127 is none.
 */
function textOf(header: Uint8Array): string {
  try {
    return utf8.decode(header);
  } catch {
    return latin1.decode(header).replace(/([^\0-\x7f])\\/g, '$1');
  }
}
