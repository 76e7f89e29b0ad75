/** Floating-point numbers that `DataView` does not support everywhere. */

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
export function halfAt(view: DataView, at: number, littleEndian: boolean): number {
  const stored = view.getUint16(at, littleEndian);
  return numberOf(stored >>> 15, (stored >>> 10) & 31, stored & 0x3ff, 10, 15);
}

/** Of 24 bits, as in Adobe's third technical note on TIFF: a sign, 7 bits of exponent, 16 of fraction. */
export function threeByteFloatAt(view: DataView, at: number, littleEndian: boolean): number {
  const [low, high] = littleEndian ? [at, at + 2] : [at + 2, at];
  const top = view.getUint8(high);
  const fraction = (view.getUint8(at + 1) << 8) | view.getUint8(low);
  return numberOf(top >>> 7, top & 127, fraction, 16, 63);
}

function numberOf(
  sign: number,
  exponent: number,
  fraction: number,
  fractionBits: number,
  bias: number,
): number {
  const part = fraction / 2 ** fractionBits;
  const size =
    exponent === 0
      ? part * 2 ** (1 - bias)
      : exponent === 2 * bias + 1
        ? fraction === 0
          ? Number.POSITIVE_INFINITY
          : Number.NaN
        : (1 + part) * 2 ** (exponent - bias);
  return sign === 1 ? -size : size;
}
