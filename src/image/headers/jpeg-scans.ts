/**
 * How many scans a JPEG has. A decoder goes over the whole picture once for each, and one more costs a file
 * a few bytes: 10,000 scans in 121 kB took 7 s.
 */

/** Encoders write about 10; a preview inside the file brings its own. */
export const MAX_SCANS = 100;

const MARKER = 0xff;
/** Start of scan, ISO/IEC 10918-1 table B.1. In entropy-coded data 0xff is always followed by 0 or RSTn. */
const SOS = 0xda;

/** Counts the start-of-scan markers, and stops at `enough`. */
export function countScans(bytes: Uint8Array, enough: number): number {
  let scans = 0;
  for (let at = bytes.indexOf(MARKER); at !== -1 && scans < enough; at = bytes.indexOf(MARKER, at + 1)) {
    if (bytes[at + 1] === SOS) scans++;
  }
  return scans;
}
