/** One POST with upload progress, which fetch does not provide. */

/**
 * @typedef {object} Reply
 * @property {number} status
 * @property {(name: string) => string | null} header
 * @property {unknown} body parsed JSON; undefined where it is none
 * @property {number} ms from the first byte sent to the last byte received
 */

/**
 * @param {string} path
 * @param {object} request
 * @param {Record<string, string>} request.headers
 * @param {Blob | FormData | string} request.body
 * @param {AbortSignal} request.signal
 * @param {(share: number) => void} [request.progress] called with the share of the body that was sent, 0–1
 * @returns {Promise<Reply>} rejects with the signal's reason when it is aborted, and with a TypeError, as fetch does,
 * where there was no answer
 */
export function upload(path, { headers, body, signal, progress }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open('POST', path);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    const abort = () => request.abort();
    signal.addEventListener('abort', abort);
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    request.addEventListener('abort', () => reject(signal.reason));
    request.addEventListener('error', () => reject(new TypeError('no answer')));
    request.upload.addEventListener('progress', ({ loaded, total }) =>
      progress?.(total > 0 ? loaded / total : 1),
    );
    const begin = performance.now();
    request.addEventListener('load', () =>
      resolve({
        status: request.status,
        header: (name) => request.getResponseHeader(name),
        body: parsed(request.responseText),
        ms: performance.now() - begin,
      }),
    );
    request.send(body);
  });
}

/** @param {string} text */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
