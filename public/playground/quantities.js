/** Formats numbers for people. */

const MIB = 1024 * 1024;

/** @param {number} score 0–1 */
export function percent(score) {
  if (score < 0.001) return '< 0.1 %';
  return `${(score * 100).toFixed(1)} %`;
}

/** @param {number} bytes */
export function size(bytes) {
  return bytes < MIB ? `${Math.max(1, Math.round(bytes / 1024))} KiB` : `${(bytes / MIB).toFixed(1)} MiB`;
}

/**
 * @param {number} count
 * @param {string} noun
 */
export function counted(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
