/**
 * A new key for callers, and what the Worker stores of it.
 *
 * The Worker needs only the hash. A plain SHA-256 is enough: 256 random bits cannot be guessed, as words can.
 */
import { createHash, randomBytes } from 'node:crypto';

/** So that a key is known for what it is, by people and by secret scanners. */
const PREFIX = 'mne_';
const KEY_BYTES = 32;

/** As `src/settings-lists.ts` has it; it stands in the log. */
export const KEY_NAME = /^(?!anonymous$)[\w.-]{1,64}$/;

/**
 * @param {string} name
 * @returns {{ name: string, key: string, entry: string }} the key, and its entry in API_KEYS
 */
export function makeKey(name) {
  const key = PREFIX + randomBytes(KEY_BYTES).toString('base64url');
  return { name, key, entry: `${name}:${createHash('sha256').update(key).digest('hex')}` };
}
