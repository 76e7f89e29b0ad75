/** Answers as a table, with the columns of `npm run classify`. */
import { TOP_K } from './service.js';

/** @typedef {import('../../client/answers.ts').Classification} Classification */
/** @typedef {{ file: string, answer: Classification } | { file: string, error: { code: string, detail: string } }} Row */

/** Separator of the tags of a path; no tag contains it. */
const STEP = ' > ';

const PREDICTION = /** @type {const} */ (['label', 'score', 'synset', 'index']);

const PLACES = Array.from({ length: TOP_K }, (_, place) => place);

const COLUMNS = [
  ...['file', 'tag', 'path', 'format', 'width', 'height'],
  ...PLACES.flatMap((place) => PREDICTION.map((name) => `${name}_${place + 1}`)),
  ...['error', 'detail'],
];

/**
 * @param {readonly Row[]} rows
 * @returns {string} CSV with a head (RFC 4180)
 */
export function csv(rows) {
  return [COLUMNS, ...rows.map(cells)].map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

/** @param {Row} row */
function cells(row) {
  if ('error' in row) {
    const none = Array.from({ length: COLUMNS.length - 3 }, () => '');
    return [row.file, ...none, row.error.code, row.error.detail];
  }
  const { image, predictions, tag, tags } = row.answer;
  return [
    row.file,
    tag ?? '',
    tags.map(({ name }) => name).join(STEP),
    ...[image.format, image.width, image.height],
    ...PLACES.flatMap((place) => PREDICTION.map((name) => predictions[place]?.[name] ?? '')),
    ...['', ''],
  ];
}

/**
 * A spreadsheet takes text that begins like a formula for one.
 *
 * @param {string | number} value
 */
function quoted(value) {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
