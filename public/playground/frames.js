/** Yields the camera's frames. */
import { smallFrame } from './camera.js';
import { pause } from './pace.js';

/**
 * One frame at a time: the next is taken when the previous one has been answered, within the caller's rate limit.
 *
 * @param {HTMLVideoElement} video that shows the camera
 * @param {() => import('./service.js').Limits | undefined} limits
 * @param {AbortSignal} signal ends it
 * @returns {AsyncGenerator<File, void, void>}
 */
export async function* frames(video, limits, signal) {
  while (!signal.aborted) {
    const begin = performance.now();
    const file = await smallFrame(video);
    if (signal.aborted) return;
    if (file) yield file;
    const left = pause(limits()) - (performance.now() - begin);
    await new Promise((resolve) => setTimeout(resolve, left));
  }
}
