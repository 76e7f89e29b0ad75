/** Undoes the prediction of a row before compression (TIFF 6.0 §14, and its third technical note), in place. */

/** Adds to each number the one `step` numbers earlier. */
export function undoHorizontal(
  row: Uint8Array,
  bytesPerSample: number,
  step: number,
  littleEndian: boolean,
): void {
  const back = step * bytesPerSample;
  if (bytesPerSample === 1) {
    // Within bounds, as below.
    for (let i = back; i < row.length; i++) row[i] = (row[i] as number) + (row[i - back] as number);
    return;
  }
  if (bytesPerSample === 2) {
    const [low, high] = littleEndian ? [0, 1] : [1, 0];
    for (let i = back; i + 1 < row.length; i += 2) {
      const sum = (row[i + low] as number) + (row[i + low - back] as number);
      row[i + low] = sum;
      row[i + high] = (row[i + high] as number) + (row[i + high - back] as number) + (sum >>> 8);
    }
    return;
  }
  // From the least significant byte of a number to the most significant.
  const [least, towards] = littleEndian ? [0, 1] : [bytesPerSample - 1, -1];
  for (let i = back; i + bytesPerSample <= row.length; i += bytesPerSample) {
    let carry = 0;
    for (let byte = 0, at = i + least; byte < bytesPerSample; byte++, at += towards) {
      const sum = (row[at] as number) + (row[at - back] as number) + carry;
      row[at] = sum;
      carry = sum >>> 8;
    }
  }
}

/**
 * Of floating-point numbers all first bytes come first, then all second ones, each as its difference to the byte `step`
 * earlier. The result is big-endian, whatever the file's byte order.
 *
 * @param scratch as long as the row.
 */
export function undoFloat(row: Uint8Array, bytesPerSample: number, step: number, scratch: Uint8Array): void {
  undoHorizontal(row, 1, step, false);
  const samples = row.length / bytesPerSample;
  for (let i = 0; i < samples; i++) {
    for (let byte = 0; byte < bytesPerSample; byte++) {
      scratch[i * bytesPerSample + byte] = row[byte * samples + i] as number;
    }
  }
  row.set(scratch);
}
