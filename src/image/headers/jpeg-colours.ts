/** The meaning of a JPEG's three components, as libjpeg decides it (jdapimin.c, default_decompress_parms). */
import { lettersOf, startsWith } from './bytes.ts';
import { APP0, APP14 } from './jpeg-segments.ts';

const JFIF_NAME = lettersOf('JFIF\0');
const ADOBE_NAME = lettersOf('Adobe');
/** Offset of the transform in Adobe's segment; 0 means no transform. */
const ADOBE_TRANSFORM_AT = 11;
/** Names of components that are stored as red, green and blue. */
const RGB_NAMES = [...lettersOf('RGB')];

/** What the segments before a scan say about colours. */
export interface ColourMarks {
  readonly isJfif: boolean;
  /** Adobe's transform; absent if there is no such segment. */
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
 * Whether three components are red, green and blue: JFIF is always YCbCr; otherwise Adobe's transform decides; then the
 * names of the components.
 */
export function isRgb({ isJfif, adobeTransform }: ColourMarks, names: readonly number[]): boolean {
  if (names.length !== 3 || isJfif) return false;
  if (adobeTransform !== undefined) return adobeTransform === 0;
  return names.every((name, i) => name === RGB_NAMES[i]);
}
