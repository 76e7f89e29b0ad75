/**
 * Makes a key for a caller, and the entry that the Worker stores of it.
 *
 * The Worker needs only the hash. A plain SHA-256 is enough: unlike a password, 256 random bits cannot be guessed.
 */
import { createHash, randomBytes } from 'node:crypto';

/** A prefix by which people and secret scanners recognise a key. */
const PREFIX = 'mne_';
const KEY_BYTES = 32;

/** The same as in `src/settings-lists.ts`; the name goes into the log. */
export const KEY_NAME = /^(?!anonymous$)[\w.-]{1,64}$/;

/**
 * @param {string} name
 * @returns {{ name: string, key: string, entry: string }} the key, and its entry in API_KEYS
 */
export function makeKey(name) {
  const key = PREFIX + randomBytes(KEY_BYTES).toString('base64url');
  return { name, key, entry: `${name}:${createHash('sha256').update(key).digest('hex')}` };
}
