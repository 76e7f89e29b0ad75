/** The part of a picture that the network sees: the service resizes the short side to 256 and crops the middle 224. */

const RESIZED = 256;
const LOOKED_AT = 224;

/** Side of the square relative to the picture's short side. */
export const SHARE = LOOKED_AT / RESIZED;

/**
 * @param {number} width of the upright picture
 * @param {number} height
 * @returns {{ left: number, top: number, width: number, height: number }} shares of the picture's width and height
 */
export function crop(width, height) {
  const side = SHARE * Math.min(width, height);
  return {
    left: (1 - side / width) / 2,
    top: (1 - side / height) / 2,
    width: side / width,
    height: side / height,
  };
}

/**
 * Places an element over that part of its positioned ancestor.
 *
 * @param {HTMLElement} element
 * @param {number} width of the upright picture
 * @param {number} height
 */
export function lay(element, width, height) {
  for (const [name, share] of Object.entries(crop(width, height)))
    element.style.setProperty(name, `${(100 * share).toFixed(3)}%`);
}
