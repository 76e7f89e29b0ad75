/** Which RGB space a picture's numbers are in, as far as its file says. */
import type { ImageHeader } from '../header.ts';
import { DISPLAY_P3, MAX_PROFILE_BYTES, type RgbSpace, readProfile } from './profile.ts';

/** @returns undefined for sRGB, which is what all pictures are in that say nothing. */
export async function spaceOf(bytes: Uint8Array, { space }: ImageHeader): Promise<RgbSpace | undefined> {
  if (space === undefined) return undefined;
  if (space === 'display-p3') return DISPLAY_P3;
  const stored = bytes.subarray(space.icc.start, space.icc.end);
  const profile = space.deflated ? await inflated(stored) : stored;
  return profile && readProfile(profile);
}

/** Not all of it when it is longer than a profile that is read: a few kilobytes may unfold to gigabytes. */
async function inflated(stored: Uint8Array): Promise<Uint8Array | undefined> {
  const whole = new Uint8Array(MAX_PROFILE_BYTES);
  let length = 0;
  const stream = new Blob([Uint8Array.from(stored)]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.getReader();
  try {
    while (true) {
      const { done, value } = await reader.read();
      if (done) return whole.subarray(0, length);
      if (length + value.length > whole.length) {
        await reader.cancel();
        return undefined;
      }
      whole.set(value, length);
      length += value.length;
    }
  } catch {
    // A damaged profile is none; the picture is none the worse for it.
    return undefined;
  }
}
