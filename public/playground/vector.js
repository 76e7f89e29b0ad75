/** Feature vectors as the service sends them. */

const NUMBER_BYTES = 4;

/**
 * @param {string} base64 of little-endian float32
 * @returns {Float32Array}
 */
export function vectorOf(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / NUMBER_BYTES }, (_, at) =>
    view.getFloat32(at * NUMBER_BYTES, true),
  );
}
