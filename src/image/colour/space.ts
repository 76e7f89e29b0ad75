/** The RGB space of a picture, according to its file. */
import type { ByteRange, ImageHeader } from '../header.ts';
import { viewOf } from '../headers/bytes.ts';
import { inflate } from '../inflate/inflate.ts';
import { atOnce } from '../turns.ts';
import { DISPLAY_P3, MAX_PROFILE_BYTES, type RgbSpace, readProfile } from './profile.ts';

/** Offset at which a profile states its own size (ICC.1:2022 §7.2.2). */
const SIZE_BYTES = 4;

/** @returns undefined for sRGB, the default. */
export function spaceOf(bytes: Uint8Array, { space }: ImageHeader): RgbSpace | undefined {
  if (space === undefined) return undefined;
  if (space === 'display-p3') return DISPLAY_P3;
  const profile = space.deflated
    ? inflated(bytes, space.icc)
    : bytes.subarray(space.icc.start, space.icc.end);
  return profile && readProfile(profile);
}

/**
 * A profile as stored in a PNG.
 *
 * @returns undefined if it is longer than the profiles that are read, since a few kilobytes may inflate to gigabytes,
 *   or if it is truncated: the picture is still valid.
 */
function inflated(bytes: Uint8Array, stored: ByteRange): Uint8Array | undefined {
  const whole = new Uint8Array(MAX_PROFILE_BYTES);
  let [length, isTooLong] = [0, false];
  let next: ByteRange | undefined = stored;
  const once = () => {
    const only = next;
    next = undefined;
    return only;
  };
  const inflating = inflate(bytes, once, 0, (window, from, to) => {
    isTooLong = length + to - from > whole.length;
    if (isTooLong) return -1;
    whole.set(window.subarray(from, to), length);
    length += to - from;
    return to;
  });
  atOnce(inflating);
  const isWhole = !isTooLong && length >= SIZE_BYTES && length >= viewOf(whole).getUint32(0);
  return isWhole ? whole.subarray(0, length) : undefined;
}
