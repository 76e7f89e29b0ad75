/** Classes that the service stores, as a collection. */
import { fromFile } from '../picture.js';
import { askAbout, Refusal, readable, refusalOf, send, unreached } from '../service.js';

/** Items per page. */
const PAGE_ITEMS = 1000;

/**
 * Where the classes are kept: the service, or this tab.
 *
 * @typedef {object} Keeper
 * @property {string} name of the collection, or of the files that are saved
 * @property {boolean} isStored whether the service keeps them
 * @property {(file: File, label: string, signal: AbortSignal) => Promise<string>} add a picture, or gives one that is
 * there another label; the answer is its id
 * @property {(id: string, label: string) => Promise<void>} relabel
 * @property {(id: string) => Promise<void>} remove
 * @property {() => Promise<void>} forget all of it
 * @property {(file: File, signal: AbortSignal) => Promise<Answer>} ask
 * @property {() => Promise<Report>} report trains first, where that is needed
 * @property {() => Promise<readonly { id: string, label: string | null }[]>} items that are there
 * @property {readonly Format[]} formats that `taken` knows
 * @property {(format: Format) => Promise<Blob>} taken what was taught, as a file
 */

/** @typedef {'json' | 'onnx' | 'items'} Format as the service calls it */
/** @typedef {Pick<import('../../../client/collection-answers.ts').CollectionClassification, 'predictions' | 'unknown' | 'similarity' | 'nearest'>} Answer */
/** @typedef {Pick<import('../../../client/collection-answers.ts').CollectionStatus, 'labels' | 'accuracy' | 'confused'>} Report */

/**
 * @param {string} name
 * @param {() => string} key
 * @returns {Keeper}
 */
export function byService(name, key) {
  const path = `/v1/collections/${encodeURIComponent(name)}`;
  let isMade = false;
  /**
   * The newest version that a change has returned: other isolates may still have an older one. @type {number |
   * undefined}
   */
  let version;

  /**
   * @param {string} method
   * @param {string} to
   * @param {object} [body] as JSON
   */
  async function responseTo(method, to, body) {
    const headers = {
      ...(key() !== '' && { authorization: `Bearer ${key()}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const response = await fetch(to, { method, headers, ...(body && { body: JSON.stringify(body) }) }).catch(
      () => {
        throw unreached();
      },
    );
    if (response.ok) return response;
    const problem = await response.json().catch(() => undefined);
    throw refusalOf(response.status, (header) => response.headers.get(header), problem);
  }

  /**
   * @param {string} method
   * @param {string} to
   * @param {object} [body] as JSON
   * @returns {Promise<any>}
   */
  async function call(method, to, body) {
    const response = await responseTo(method, to, body);
    const answer = await response.json().catch(() => undefined);
    version = answer?.collection?.version ?? version;
    return answer;
  }

  return {
    name,
    isStored: true,
    async add(file, label, signal) {
      await readable(file);
      if (!isMade) {
        await call('PUT', path);
        isMade = true;
      }
      const query = new URLSearchParams({ label });
      const { body } = await send(`${path}/items?${query}`, file, {}, { key: key(), signal });
      version = body.collection.version;
      return body.results[0].result.id;
    },
    async relabel(id, label) {
      await call('PATCH', `${path}/items/${encodeURIComponent(id)}`, { label });
    },
    async remove(id) {
      await call('DELETE', `${path}/items/${encodeURIComponent(id)}`);
    },
    async forget() {
      isMade = false;
      version = undefined;
      await call('DELETE', path).catch((error) => {
        if (!(error instanceof Refusal && error.code === 'collection_unknown')) throw error;
      });
    },
    async ask(file, signal) {
      const options = {
        collection: name,
        top_k: 10,
        ...(version !== undefined && { collection_version: version }),
      };
      return (await askAbout(fromFile(file), '/v1/classify', options, { key: key(), signal })).body;
    },
    report: () => call('POST', `${path}/train`),
    formats: ['json', 'onnx', 'items'],
    taken: async (format) => (await responseTo('GET', `${path}/export?format=${format}`)).blob(),
    async items() {
      /** @type {{ id: string, label: string | null }[]} */
      const all = [];
      for (let cursor = ''; ; ) {
        const page = await call('GET', `${path}/items?limit=${PAGE_ITEMS}${cursor && `&cursor=${cursor}`}`);
        all.push(...page.items);
        if (page.next_cursor === undefined) return all;
        cursor = page.next_cursor;
      }
    },
  };
}
