/** The formats that are read, as error texts name them. */
export const READABLE_FORMATS = 'JPEG, PNG, WebP, GIF, BMP, TIFF, ICO, AVIF and HEIC';
