/** Shrinks large photos before they are sent: the network sees 224 × 224 pixels. */
import { webpIsUpright } from './upright.js';

/**
 * Short side of what is sent: twice the size to which the service resizes, so that the browser's filter changes little.
 */
const SHORT_SIDE = 512;

/** A file up to this size is sent unchanged. */
const SMALL_BYTES = 150_000;

const QUALITY = 0.9;

/** Formats that browsers draw upright. Others are sent unchanged, and so are files that a browser cannot read. */
const TYPES = /^image\/(jpeg|png|avif|heic|heif|webp)$/;

/** @typedef {{ file: File, width: number, height: number }} Smaller `width` and `height` are the original's */

/**
 * @param {File} file
 * @returns {Promise<Smaller | undefined>} nothing where it is better sent as it is
 */
export async function smaller(file) {
  if (file.size <= SMALL_BYTES || !TYPES.test(file.type)) return undefined;
  if (file.type === 'image/webp' && !(await webpIsUpright())) return undefined;
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return undefined;
  const { width, height } = bitmap;
  const scale = SHORT_SIDE / Math.min(width, height);
  const blob = scale < 1 ? await drawn(bitmap, scale) : undefined;
  bitmap.close();
  if (!blob || blob.size >= file.size) return undefined;
  return { file: new File([blob], file.name, { type: blob.type }), width, height };
}

/**
 * @param {ImageBitmap} bitmap
 * @param {number} scale
 * @returns {Promise<Blob | undefined>}
 */
async function drawn(bitmap, scale) {
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return undefined;
  // The service composites transparent pixels on white.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/jpeg', QUALITY));
}
