/** Prepares a picture: small for the upload, smaller for the page, and as the network sees it. */
import { crop } from './crop.js';
import { smaller } from './shrink.js';

/** Short side of a thumbnail in pixels: tiles are half as large, on a high-resolution screen. */
const THUMBNAIL_SIDE = 200;

/** Side of the network's input, in pixels. */
const LOOKED_AT = 224;

const QUALITY = 0.8;

/**
 * @typedef {object} Ready
 * @property {File} sent
 * @property {string} [thumbnail] an object URL, which is for the caller to revoke; nothing where the browser cannot show
 * the picture
 * @property {Uint8ClampedArray} [pixels] RGBA of the 224 × 224 that the network looks at, where they were asked for
 */

/**
 * @param {File} file
 * @param {object} how
 * @param {boolean} how.shrinks whether a large photo is made small before it is sent
 * @param {boolean} [how.looks] whether pixels are wanted
 * @returns {Promise<Ready>}
 */
export async function ready(file, { shrinks, looks = false }) {
  const small = await smaller(file);
  const bitmap = await createImageBitmap(small?.file ?? file).catch(() => undefined);
  const sent = shrinks && small ? small.file : file;
  if (!bitmap) return { sent };
  const thumbnail = await thumbnailOf(bitmap);
  const pixels = looks ? pixelsOf(bitmap) : undefined;
  bitmap.close();
  return { sent, ...(thumbnail && { thumbnail }), ...(pixels && { pixels }) };
}

/** @param {ImageBitmap} bitmap */
async function thumbnailOf(bitmap) {
  const scale = Math.min(1, THUMBNAIL_SIDE / Math.min(bitmap.width, bitmap.height));
  const [width, height] = [Math.ceil(bitmap.width * scale), Math.ceil(bitmap.height * scale)];
  const canvas = drawn(width, height, (context) => context.drawImage(bitmap, 0, 0, width, height));
  /** @type {Blob | null | undefined} */
  const blob = await new Promise((resolve) =>
    canvas ? canvas.toBlob(resolve, 'image/jpeg', QUALITY) : resolve(undefined),
  );
  return blob ? URL.createObjectURL(blob) : undefined;
}

/** @param {ImageBitmap} bitmap */
function pixelsOf(bitmap) {
  const { width: w, height: h } = bitmap;
  const { left, top, width, height } = crop(w, h);
  const canvas = drawn(LOOKED_AT, LOOKED_AT, (context) =>
    context.drawImage(bitmap, left * w, top * h, width * w, height * h, 0, 0, LOOKED_AT, LOOKED_AT),
  );
  return canvas?.getContext('2d')?.getImageData(0, 0, LOOKED_AT, LOOKED_AT).data;
}

/**
 * @param {number} width
 * @param {number} height
 * @param {(context: CanvasRenderingContext2D) => void} draw
 */
function drawn(width, height, draw) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return undefined;
  // The service composites transparent pixels on white.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  draw(context);
  return canvas;
}
