/**
 * Programs that repeat the request. They never contain the key, but show where one goes if it is needed.
 */
import { TOP_K } from './service.js';

/** @typedef {import('./picture.js').Picture} Picture */

const KEY = 'YOUR_KEY';

/** @typedef {{ origin: string, needsKey: boolean, collection?: string }} Target `collection` is what classifies, where it is not the network */

/**
 * @param {Picture} picture
 * @param {Target} target
 */
export function curl({ name, source }, { origin, needsKey, collection }) {
  const address = `${origin}/v1/classify`;
  const lines =
    'url' in source
      ? [`curl ${quoted(address)}`, "-H 'content-type: application/json'", `-d ${quoted(asked(source.url))}`]
      : [`curl ${quoted(`${address}?${query(collection)}`)}`, `--data-binary @${quoted(name)}`];
  if (needsKey) lines.splice(1, 0, `-H 'authorization: Bearer ${KEY}'`);
  return lines.join(' \\\n  ');
}

/**
 * For Node 18 or newer, as a module.
 *
 * @param {Picture} picture
 * @param {Target} target
 */
export function javascript({ name, source }, { origin, needsKey, collection }) {
  const address = `${origin}/v1/classify`;
  const url = 'url' in source;
  const headers = [
    ...(needsKey ? [`authorization: 'Bearer ${KEY}'`] : []),
    ...(url ? ["'content-type': 'application/json'"] : []),
  ];
  return [
    ...(url ? [] : ["import { readFile } from 'node:fs/promises';", '']),
    `const response = await fetch(${JSON.stringify(url ? address : `${address}?${query(collection)}`)}, {`,
    "  method: 'POST',",
    ...(headers.length > 0 ? [`  headers: { ${headers.join(', ')} },`] : []),
    url
      ? `  body: JSON.stringify({ url: ${JSON.stringify(source.url)}, top_k: ${TOP_K} }),`
      : `  body: await readFile(${JSON.stringify(name)}),`,
    '});',
    'const answer = await response.json();',
    'if (!response.ok) throw new Error(answer.detail);',
    'for (const { label, score } of answer.predictions) console.log(score.toFixed(3), label);',
  ].join('\n');
}

/**
 * For Python 3 without packages.
 *
 * @param {Picture} picture
 * @param {Target} target
 */
export function python({ name, source }, { origin, needsKey, collection }) {
  const address = `${origin}/v1/classify`;
  const url = 'url' in source;
  const headers = [
    ...(needsKey ? [`"authorization": "Bearer ${KEY}"`] : []),
    `"content-type": "${url ? 'application/json' : 'application/octet-stream'}"`,
  ];
  return [
    'import json',
    'import urllib.error',
    'import urllib.request',
    '',
    ...(url
      ? [`body = json.dumps({"url": ${JSON.stringify(source.url)}, "top_k": ${TOP_K}}).encode()`]
      : [`body = open(${JSON.stringify(name)}, "rb").read()`]),
    'request = urllib.request.Request(',
    `    ${JSON.stringify(url ? address : `${address}?${query(collection)}`)},`,
    '    data=body,',
    `    headers={${headers.join(', ')}},`,
    ')',
    'try:',
    '    answer = json.load(urllib.request.urlopen(request))',
    'except urllib.error.HTTPError as error:',
    '    raise SystemExit(json.load(error)["detail"])',
    'for prediction in answer["predictions"]:',
    '    print(f\'{prediction["score"]:.3f} {prediction["label"]}\')',
  ].join('\n');
}

/** @param {string | undefined} collection */
const query = (collection) => (collection ? `collection=${collection}` : `top_k=${TOP_K}`);

/** @param {string} url */
const asked = (url) => JSON.stringify({ url, top_k: TOP_K });

/**
 * For a POSIX shell.
 *
 * @param {string} text
 */
const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
