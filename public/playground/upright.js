/**
 * Rotates a picture if the browser does not: Chromium applies EXIF in JPEG, PNG and AVIF, but not in WebP; other
 * browsers do. So it is detected.
 */

/** A WebP of 2 × 1 pixels with EXIF orientation 6: rotated a quarter turn, it is 1 × 2. */
const TURNED =
  'data:image/webp;base64,UklGRk4AAABXRUJQVlA4WAoAAAAIAAAAAQAAAAAAVlA4TA4AAAAvAQAAAAcQEf0PRET/A0VYSUYaAAAASUkqAAgAAAABABIBAwABAAAABgAAAAAAAAA=';

/** Longest side of a rotated preview, in pixels: no card is wider, on a high-resolution screen. */
const LONGEST = 1024;

/** @type {Promise<boolean> | undefined} */
let heeded;

/** @returns whether the browser rotates a WebP upright by itself */
export function webpIsUpright() {
  heeded ??= new Promise((resolve) => {
    const image = new Image();
    image.addEventListener('load', () => resolve(image.naturalWidth === 1));
    // It cannot show WebP, so there is nothing to rotate.
    image.addEventListener('error', () => resolve(true));
    image.src = TURNED;
  });
  return heeded;
}

/**
 * Where the upright picture's corner and axes lie in a stored one of `w` × `h`, by orientation as EXIF numbers it: the
 * matrix that a canvas takes.
 *
 * @type {Record<number, (w: number, h: number) => [number, number, number, number, number, number]>}
 */
const TURNS = {
  2: (w) => [-1, 0, 0, 1, w, 0],
  3: (w, h) => [-1, 0, 0, -1, w, h],
  4: (_, h) => [1, 0, 0, -1, 0, h],
  5: () => [0, 1, 1, 0, 0, 0],
  6: (_, h) => [0, 1, -1, 0, h, 0],
  7: (w, h) => [0, -1, -1, 0, h, w],
  8: (w) => [0, -1, 1, 0, 0, w],
};

/**
 * @param {HTMLImageElement} image as the browser shows it
 * @param {import('../../client/answers.ts').ImageFacts} facts as the service has found them
 * @returns {Promise<Blob | undefined>} the picture turned; nothing where it is upright
 */
export async function upright(image, { format, orientation }) {
  const turn = TURNS[orientation];
  if (format !== 'webp' || turn === undefined || (await webpIsUpright())) return undefined;
  // A picture that it cannot show has already reported that.
  if (
    !(await image.decode().then(
      () => true,
      () => false,
    ))
  )
    return undefined;
  const { naturalWidth: w, naturalHeight: h } = image;
  const scale = Math.min(1, LONGEST / Math.max(w, h));
  const canvas = document.createElement('canvas');
  const lies = orientation >= 5;
  canvas.width = Math.ceil((lies ? h : w) * scale);
  canvas.height = Math.ceil((lies ? w : h) * scale);
  const context = canvas.getContext('2d');
  if (!context) return undefined;
  context.scale(scale, scale);
  context.transform(...turn(w, h));
  context.drawImage(image, 0, 0);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined)));
}
