/** Calls to the service that sent this page. */

/** @typedef {import('./picture.js').Picture} Picture */
/** @typedef {import('../../client/answers.ts').Classification} Classification */
/** @typedef {import('../../client/answers.ts').Embedding} Embedding */
/** @typedef {import('../../client/facts.ts').Limits} Limits */

/** How many classes a card lists. */
export const TOP_K = 5;

/** Why there is no answer, in words for people. */
export class Refusal extends Error {
  /**
   * @param {string} title
   * @param {string} detail what was wrong and what to do
   * @param {{ status?: number, code?: string, retryAfter?: number, body?: unknown }} [facts] `retryAfter` in seconds
   */
  constructor(title, detail, { status, code, retryAfter, body } = {}) {
    super(detail);
    this.title = title;
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
    this.body = body;
  }
}

/**
 * @param {Picture} picture
 * @param {string} key
 * @param {AbortSignal} signal
 * @returns {Promise<Classification>}
 */
export function classify(picture, key, signal) {
  return askAbout(picture, '/v1/classify', { top_k: TOP_K }, key, signal);
}

/**
 * A vector of length 1, as base64: a fifth of the same in digits.
 *
 * @param {Picture} picture
 * @param {string} key
 * @param {AbortSignal} signal
 * @returns {Promise<Embedding>}
 */
export function embed(picture, key, signal) {
  return askAbout(picture, '/v1/embed', { normalize: true, encoding_format: 'base64' }, key, signal);
}

/** @returns {Promise<Limits>} */
export function limits() {
  return ask('/v1/limits', {});
}

/**
 * @param {Picture} picture
 * @param {string} route
 * @param {Record<string, string | number | boolean>} options
 * @param {string} key
 * @param {AbortSignal} signal
 */
async function askAbout({ source }, route, options, key, signal) {
  /** @type {Record<string, string>} */
  const headers = key === '' ? {} : { authorization: `Bearer ${key}` };
  if ('url' in source) {
    headers['content-type'] = 'application/json';
    const body = JSON.stringify({ url: source.url, ...options });
    return ask(route, { method: 'POST', headers, body, signal });
  }
  await readable(source.file);
  const query = new URLSearchParams(Object.entries(options).map(([name, value]) => [name, `${value}`]));
  return ask(`${route}?${query}`, { method: 'POST', headers, body: source.file, signal });
}

/**
 * A folder, or a file that has gone since, fails in fetch just as a network does.
 *
 * @param {File} file
 */
async function readable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new Refusal(
      'Not a file that can be read',
      'The browser could not read it: it is a folder, or it was moved. Choose the pictures themselves.',
    );
  }
}

/**
 * @param {string} path
 * @param {RequestInit} init
 */
async function ask(path, init) {
  const response = await reach(path, init);
  const body = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  throw refusalOf(response, body);
}

/**
 * @param {string} path
 * @param {RequestInit} init
 */
async function reach(path, init) {
  try {
    return await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Refusal(
      'The service was not reached',
      navigator.onLine
        ? 'The connection failed or was cut. Check that the service still runs, then try again.'
        : 'This device is offline. Connect it, then try again.',
    );
  }
}

/**
 * @param {Response} response
 * @param {any} body problem details; something else where a server in between answered
 */
function refusalOf({ status, headers }, body) {
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  return new Refusal(
    typeof body?.title === 'string' ? body.title : `Status ${status} without an explanation`,
    typeof body?.detail === 'string'
      ? body.detail
      : 'Something between this page and the service may have answered. Try again; if it stays so, ask whoever runs the service.',
    { status, code: body?.code, ...(retryAfter >= 0 && { retryAfter }), body },
  );
}
