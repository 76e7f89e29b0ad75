/** How alike pictures are: the cosine of their feature vectors. */

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

/**
 * @param {Float32Array} a of length 1
 * @param {Float32Array} b of length 1
 * @returns {number} −1 to 1
 */
export function cosine(a, b) {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

/**
 * @param {readonly Float32Array[]} vectors two or more
 * @returns {[first: number, second: number]} the places of the two that are most alike
 */
export function closest(vectors) {
  /** @type {[number, number]} */
  let best = [0, 1];
  let highest = Number.NEGATIVE_INFINITY;
  for (const [i, a] of vectors.entries()) {
    for (const [j, b] of vectors.entries()) {
      const value = j > i ? cosine(a, b) : Number.NEGATIVE_INFINITY;
      if (value > highest) [best, highest] = [[i, j], value];
    }
  }
  return best;
}
