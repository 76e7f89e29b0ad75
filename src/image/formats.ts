/** The formats that are read, as a caller is told of them. */
export const READABLE_FORMATS = 'JPEG, PNG, WebP, GIF, BMP, TIFF, ICO, AVIF and HEIC';
