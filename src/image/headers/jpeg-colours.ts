/** What the three components of a JPEG are, as libjpeg decides it (jdapimin.c, default_decompress_parms). */
import { lettersOf, startsWith } from './bytes.ts';
import { APP0, APP14 } from './jpeg-segments.ts';

const JFIF_NAME = lettersOf('JFIF\0');
const ADOBE_NAME = lettersOf('Adobe');
/** Where Adobe's segment has the transform, which is 0 where there is none. */
const ADOBE_TRANSFORM_AT = 11;
/** What programs call the components that store them as they are. */
const RGB_NAMES = [...lettersOf('RGB')];

/** What the segments before a scan say of colours. */
export interface ColourMarks {
  readonly isJfif: boolean;
  /** Adobe's word for the transform; absent where there is no such segment. */
  readonly adobeTransform?: number | undefined;
}

export function isJfifAt(bytes: Uint8Array, marker: number, payload: number): boolean {
  return marker === APP0 && startsWith(bytes, JFIF_NAME, payload);
}

export function isAdobeAt(bytes: Uint8Array, marker: number, payload: number): boolean {
  return marker === APP14 && startsWith(bytes, ADOBE_NAME, payload);
}

export function adobeTransformAt(bytes: Uint8Array, payload: number): number | undefined {
  return bytes[payload + ADOBE_TRANSFORM_AT];
}

/**
 * Whether three components are red, green and blue: JFIF is always YCbCr; then Adobe's transform says; then the names
 * of the components do.
 */
export function isRgb({ isJfif, adobeTransform }: ColourMarks, names: readonly number[]): boolean {
  if (names.length !== 3 || isJfif) return false;
  if (adobeTransform !== undefined) return adobeTransform === 0;
  return names.every((name, i) => name === RGB_NAMES[i]);
}
