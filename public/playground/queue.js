/**
 * Limits concurrent requests. When the service asks callers to wait (429 with Retry-After), all of them wait.
 */
import { Refusal } from './service.js';

/** One is uploaded while another is processed; more would only fill the memory of the isolate. */
const PLACES = 2;

/** Attempts per request, and the longest wait between two, in seconds. */
const ATTEMPTS = 6;
const LONGEST_WAIT = 90;

let free = PLACES;
/** @type {(() => void)[]} */
const line = [];
/** No request is made before this time of `performance.now()`. */
let openFrom = 0;

/**
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} request
 * @param {object} turn
 * @param {AbortSignal} turn.signal
 * @param {() => void} [turn.begun] called before each attempt
 * @param {(seconds: number) => void} [turn.held] called every second of a wait with what is left
 * @returns {Promise<T>}
 */
export async function inTurn(request, { signal, begun, held }) {
  if (free > 0) free--;
  else await new Promise((resolve) => line.push(() => resolve(undefined)));
  try {
    for (let attempt = 1; ; attempt++) {
      await opening(signal, held);
      begun?.();
      try {
        return await request(signal);
      } catch (error) {
        const seconds = patience(error);
        if (seconds === undefined || attempt === ATTEMPTS) throw error;
        // A little more than asked, so that callers that were refused together do not return together.
        openFrom = Math.max(openFrom, performance.now() + seconds * 1000 * (1 + Math.random() / 4));
      }
    }
  } finally {
    const next = line.shift();
    if (next) next();
    else free++;
  }
}

/**
 * @param {unknown} error
 * @returns {number | undefined} seconds, where waiting helps: a wrong key stays wrong
 */
function patience(error) {
  if (!(error instanceof Refusal) || error.status !== 429 || error.code === 'key_throttled') return undefined;
  const seconds = error.retryAfter ?? 1;
  return seconds <= LONGEST_WAIT ? seconds : undefined;
}

/**
 * @param {AbortSignal} signal
 * @param {((seconds: number) => void) | undefined} held
 */
async function opening(signal, held) {
  for (;;) {
    signal.throwIfAborted();
    const left = openFrom - performance.now();
    if (left <= 0) return;
    held?.(Math.ceil(left / 1000));
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, 1000)));
  }
}
