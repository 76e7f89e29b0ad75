/** Calls to the service that sent this page. */
import { upload } from './upload.js';
import { vectorOf } from './vector.js';

/** @typedef {import('./picture.js').Picture} Picture */
/** @typedef {import('../../client/answers.ts').Classification} Classification */
/** @typedef {import('../../client/facts.ts').Limits} Limits */

/**
 * @typedef {object} Call
 * @property {string} key empty where there is none
 * @property {AbortSignal} signal
 * @property {(share: number) => void} [progress] called with the share of the body that was sent, 0–1
 */

/** How many classes a card lists. */
export const TOP_K = 5;

/** Why there is no answer, as text for people. */
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
 * @param {Call} call
 * @returns {Promise<{ answer: Classification, ms: number, cached: boolean }>} `ms` is the round trip
 */
export async function classify(picture, call) {
  const { body, ms, header } = await askAbout(picture, '/v1/classify', { top_k: TOP_K }, call);
  return { answer: body, ms, cached: /;\s*hit/.test(header('cache-status') ?? '') };
}

/**
 * A vector of length 1. As base64 it has a fifth of the size of digits.
 *
 * @param {Picture} picture
 * @param {Call} call
 * @returns {Promise<Float32Array>}
 */
export async function embed(picture, call) {
  const options = { normalize: true, encoding_format: 'base64' };
  const { body } = await askAbout(picture, '/v1/embed', options, call);
  return vectorOf(body.embedding);
}

/**
 * The score of one class for each of several pictures.
 *
 * @param {Blob[]} pictures no more than a batch may have
 * @param {string} synset
 * @param {Call} call
 * @returns {Promise<number[]>} 0–1
 */
export async function scoresOf(pictures, synset, call) {
  const form = new FormData();
  for (const picture of pictures) form.append('image', picture);
  const query = new URLSearchParams({ top_k: '1', 'labels.include': synset });
  const { body } = await send(`/v1/batch?${query}`, form, {}, call);
  return body.results.map((/** @type {{ result?: Classification }} */ { result }) => {
    if (result) return result.predictions[0]?.score ?? 0;
    throw new Refusal('No heat map', 'The service could not read what the browser drew. Try again.');
  });
}

/** @returns {Promise<Limits>} */
export async function limits() {
  const response = await fetch('/v1/limits').catch(() => {
    throw unreached();
  });
  const body = await response.json().catch(() => undefined);
  if (response.ok && body !== undefined) return body;
  throw refusalOf(response.status, (name) => response.headers.get(name), body);
}

/**
 * @param {Picture} picture
 * @param {string} route
 * @param {Record<string, string | number | boolean>} options
 * @param {Call} call
 */
export async function askAbout({ source }, route, options, call) {
  if ('url' in source) {
    const body = JSON.stringify({ url: source.url, ...options });
    return send(route, body, { 'content-type': 'application/json' }, call);
  }
  await readable(source.file);
  const query = new URLSearchParams(Object.entries(options).map(([name, value]) => [name, `${value}`]));
  return send(`${route}?${query}`, source.file, {}, call);
}

/**
 * Reading a folder, or a file that was deleted meanwhile, fails in an upload just as a network does.
 *
 * @param {File} file
 */
export async function readable(file) {
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
 * @param {Blob | FormData | string} body
 * @param {Record<string, string>} headers
 * @param {Call} call
 * @returns {Promise<Omit<import('./upload.js').Reply, 'body'> & { body: any }>}
 */
export async function send(path, body, headers, { key, signal, progress }) {
  if (key !== '') headers = { ...headers, authorization: `Bearer ${key}` };
  const reply = await upload(path, { headers, body, signal, ...(progress && { progress }) }).catch(
    (error) => {
      throw signal.aborted ? error : unreached();
    },
  );
  if (reply.status === 200 && reply.body !== undefined) return reply;
  throw refusalOf(reply.status, reply.header, reply.body);
}

export function unreached() {
  return new Refusal(
    'The service was not reached',
    navigator.onLine
      ? 'The connection failed or was cut. Check that the service still runs, then try again.'
      : 'This device is offline. Connect it, then try again.',
  );
}

/**
 * @param {number} status
 * @param {(name: string) => string | null} header
 * @param {any} body problem details; something else where a server in between answered
 */
export function refusalOf(status, header, body) {
  const retryAfter = Number(header('retry-after') ?? Number.NaN);
  return new Refusal(
    typeof body?.title === 'string' ? body.title : `Status ${status} without an explanation`,
    typeof body?.detail === 'string'
      ? body.detail
      : 'Something between this page and the service may have answered. Try again; if the problem stays, ask the operator of the service.',
    { status, code: body?.code, ...(retryAfter >= 0 && { retryAfter }), body },
  );
}
