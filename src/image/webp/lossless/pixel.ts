/** Sums of pixels, each of the four bytes separately. */
export function sumOf(one: number, other: number): number {
  const [high, low] = [0xff00ff00, 0x00ff00ff];
  return ((((one & high) >>> 0) + ((other & high) >>> 0)) & high) | (((one & low) + (other & low)) & low);
}
