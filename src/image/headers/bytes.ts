/** Big- or little-endian access to bytes. It throws past the end: check the length before each read. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * A chunk's four-letter name as the big-endian number of its bytes. A file of empty chunks has millions of them, and
 * comparing numbers is a hundred times faster than creating strings.
 */
export function fourCC(name: string): number {
  return viewOf(lettersOf(name)).getUint32(0);
}

export function startsWith(bytes: Uint8Array, signature: readonly number[] | Uint8Array, at = 0): boolean {
  for (let i = 0; i < signature.length; i++) {
    if (bytes[at + i] !== signature[i]) return false;
  }
  return true;
}

export function lettersOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
