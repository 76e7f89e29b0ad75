/** A picture from the user: a file, or a URL. */

/**
 * @typedef {object} Picture
 * @property {string} name
 * @property {{ readonly file: File } | { readonly url: string }} source
 */

/**
 * @param {File} file
 * @returns {Picture}
 */
export function fromFile(file) {
  return { name: file.name || 'pasted picture', source: { file } };
}

/**
 * @param {string} url
 * @returns {Picture}
 */
export function fromUrl(url) {
  return { name: lastPart(url) || url, source: { url } };
}

/** @param {string} url */
function lastPart(url) {
  try {
    return decodeURIComponent(new URL(url).pathname.split('/').pop() ?? '');
  } catch {
    return '';
  }
}
