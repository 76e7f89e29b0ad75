/** The factor by which a picture is reduced while it is decoded. */
import type { Size } from './header.ts';

/** Pixels that become one, across and down. */
export type Shrink = 1 | 2 | 4 | 8;

export function shrunkSize({ width, height }: Size, by: Shrink): Size {
  return { width: Math.ceil(width / by), height: Math.ceil(height / by) };
}
