/** Bounds of a form with one picture. */

/** What a form may add to its picture, which is held to its own limit. */
export const FORM_BYTES = 64 * 1024;

/** A form is for one picture and a few options. */
export const MAX_FORM_PARTS = 32;
