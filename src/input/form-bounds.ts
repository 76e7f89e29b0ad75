/** Limits of a form. */

/** Bytes that a form may add to its one picture, which has its own limit. */
export const FORM_BYTES = 64 * 1024;

/** A form is for one picture and a few options, or for many and a few options. */
export const MAX_FORM_PARTS = 32;

/** Longest text of an option: all 1860 names of classes have 20,815 characters. */
export const FIELD_BYTES = 64 * 1024;
