/**
 * Classes in this tab only, for callers that may not teach the service: it makes the embeddings, and nothing is stored.
 */
import { fromFile } from '../picture.js';
import { embed, Refusal } from '../service.js';
import { trainedBeside } from './training.js';

/** @typedef {import('./by-service.js').Keeper} Keeper */
/** @typedef {import('../../../src/page/taught.ts').Example} Example */
/** @typedef {import('../../../src/page/taught.ts').Taught} Taught */

const TYPES = { json: 'application/json', onnx: 'application/octet-stream' };

/** Training takes longer by about the square of their number: seconds with so many (`bench/in-tab.ts`). */
const MOST_PICTURES = 2000;

/**
 * @param {string} name
 * @param {() => string} key
 * @returns {Keeper}
 */
export function inTab(name, key) {
  /** By id. @type {Map<string, Example>} */
  const examples = new Map();
  /** By the examples as they are; undefined once they have changed. @type {Promise<Taught | undefined> | undefined} */
  let taught;

  function trained() {
    taught ??= train().catch((error) => {
      taught = undefined;
      throw error;
    });
    return taught;
  }

  async function train() {
    if (examples.size === 0) return undefined;
    const [{ taughtWith }, head] = await Promise.all([
      import('../../vendor/page/taught.js'),
      trainedBeside([...examples.values()]),
    ]);
    return taughtWith(head);
  }

  /** @param {Example} example */
  function put(example) {
    examples.set(example.id, example);
    taught = undefined;
  }

  return {
    name,
    isStored: false,
    async add(file, label, signal) {
      const embedding = await embed(fromFile(file), { key: key(), signal });
      const id = await idOf(file);
      if (examples.size >= MOST_PICTURES && !examples.has(id))
        throw new Refusal(
          'Too many pictures for a tab',
          `There is room for ${MOST_PICTURES}. Remove some, or teach the service: a key with that right makes a collection, which has room for more.`,
        );
      put({ id, label, embedding });
      return id;
    },
    async relabel(id, label) {
      const example = examples.get(id);
      if (example) put({ ...example, label });
    },
    async remove(id) {
      examples.delete(id);
      taught = undefined;
    },
    async forget() {
      examples.clear();
      taught = undefined;
    },
    async ask(file, signal) {
      const embedding = await embed(fromFile(file), { key: key(), signal });
      const head = await trained();
      return head?.answer(embedding) ?? { predictions: [], unknown: true, similarity: 0 };
    },
    async report() {
      return (await trained()) ?? { labels: [], confused: [] };
    },
    formats: ['json', 'onnx'],
    async taken(format) {
      const head = await trained();
      if (!head || format === 'items') throw new Error(`no ${format} of what was never taught`);
      return new Blob([head.file(format, name)], { type: TYPES[format] });
    },
    items: async () => [...examples.values()],
  };
}

/**
 * The SHA-256 of the file, as in the service; a random id if the page came without HTTPS and cannot compute hashes.
 *
 * @param {File} file
 */
async function idOf(file) {
  if (crypto.subtle === undefined) return `${Math.random()}`.slice(2);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
