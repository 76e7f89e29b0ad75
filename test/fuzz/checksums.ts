/** Corrects PNG checksums, because otherwise a mutant would be refused for these alone. */
import { crc32 } from 'node:zlib';

const PNG_SIGNATURE = 0x89504e47;
const [SIGNATURE_BYTES, HEAD_BYTES, CHECKSUM_BYTES] = [8, 8, 4];

/**
 * @returns the file itself if it is not a PNG; else one with correct checksums, as far as its chunks can be followed.
 */
export function repairChecksums(bytes: Uint8Array): Uint8Array {
  if (bytes.length < SIGNATURE_BYTES) return bytes;
  const repaired = bytes.slice();
  const view = new DataView(repaired.buffer);
  if (view.getUint32(0) !== PNG_SIGNATURE) return bytes;
  for (let at = SIGNATURE_BYTES; at + HEAD_BYTES + CHECKSUM_BYTES <= repaired.length; ) {
    const end = at + HEAD_BYTES + view.getUint32(at);
    if (end + CHECKSUM_BYTES > repaired.length) break;
    // Over the type and the data (PNG Third Edition §5.3).
    view.setUint32(end, crc32(repaired.subarray(at + 4, end)));
    at = end + CHECKSUM_BYTES;
  }
  return repaired;
}
